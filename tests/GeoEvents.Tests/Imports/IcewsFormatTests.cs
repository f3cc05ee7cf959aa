using System.Text;
using GeoEvents.Coding;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Imports;

public class IcewsFormatTests
{
    private const string Header =
        "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\t"
        + "Story ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude";

    private static readonly string[] Row =
    [
        "41", "2018-06-01", "Ministry (Azerbaijan)", "Government", "Azerbaijan", "Consult", "040", "1", "Citizen (Russia)",
        "General Population / Civilian / Social,Social,Ideological,Elite,Cabinet", "Russian Federation", "47", "2", "A Bulletin", "Baku", "NA", "Baki", "Azerbaijan", "40.4", "49.9",
    ];

    /// <summary>Two days of June 2018.</summary>
    [Fact]
    public async Task Every_row_of_the_sample_is_an_incident_or_skipped_by_a_named_reason()
    {
        var rows = await Reading.Rows(new IcewsFormat(), Reading.Unshipped("icews/events.2018.sample.tab"));

        Reading.Counts(rows).ShouldBe(new SortedDictionary<string, int>
        {
            ["incidents"] = 1741,
            ["no-first-state"] = 147,
            ["no-second-state"] = 221,
            ["same-state"] = 1596,
        });
        rows.OfType<IncidentRow>().ShouldAllBe(r => r.Draft.Place == null || r.Draft.Place.Country != null);
    }

    [Fact]
    public async Task A_row_keeps_sectors_as_roles_and_says_where_it_was_read()
    {
        var draft = ((IncidentRow)(await Reading.Rows(new IcewsFormat(), Text(Row))).Single()).Draft;

        (draft.Id, draft.Occurred, draft.Cameo, draft.Intent).ShouldBe(("icews:2018-06-01:41", "2018-06-01", "040", Intent.Deliberate));
        draft.Title.ShouldStartWith("Ministry (Azerbaijan) → Citizen (Russia): ");
        draft.Summary.ShouldBe("A Bulletin, story 47, sentence 2");
        draft.Links.Single().ShouldBe(new Link(
            ActorCode.Parse("AZE"), ActorCode.Parse("RUS"), 1, "Government", "General Population / Civilian / Social,Social,Ideological,Elite,"));
        draft.Place.ShouldBe(new Place("Baku, Baki, Azerbaijan", ActorCode.Parse("AZE"), 40.4, 49.9, PlacePrecision.City));
        draft.Reports.Single().Source.ShouldBe("icews");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_header_is_no_row(bool header)
    {
        var format = new IcewsFormat();
        var rows = await Reading.Rows(format, (header ? Header + "\n" : "") + Text(Row));

        rows.Single().ShouldBeOfType<IncidentRow>().Line.ShouldBe(header ? 2 : 1);
        format.Header.ShouldBe(header ? Header : null);
        ImportFormats.Detect(Encoding.UTF8.GetBytes(header ? Header : Text(Row)))!.Name.ShouldBe("icews");
    }

    [Theory]
    [InlineData("Source Name\tSource Sectors", "Source Sectors\tSource Name", "Column 3 is 'Source Sectors', not 'Source Name'.")]
    [InlineData("Event ID\tEvent Date", "Event Date\tEvent ID", "Column 1 is 'Event Date', not 'Event ID'.")]
    [InlineData("\tLongitude", "", "Column 20 is missing, 'Longitude'.")]
    [InlineData("\tLongitude", "\tLongitude\tNote", "Column 21 is 'Note', which is none of them.")]
    public async Task Columns_in_another_order_are_refused_with_the_header_expected(string old, string changed, string reason)
    {
        var refusal = await Should.ThrowAsync<UnreadableFileException>(() => Reading.Rows(new IcewsFormat(), Header.Replace(old, changed) + "\n" + Text(Row)));

        refusal.Message.ShouldStartWith(reason);
        refusal.Message.ShouldContain(Header.Replace("\t", ", "));
    }

    [Fact]
    public async Task Names_of_columns_are_known_in_quotation_marks_and_whatever_their_case() =>
        (await Reading.Rows(new IcewsFormat(), $"\"{Header.Replace("\t", "\"\t\"").ToUpperInvariant()}\"\n{Text(Row)}")).Single().ShouldBeOfType<IncidentRow>();

    [Theory]
    [InlineData(0, "", "rejected: Event ID Not a number.")]
    [InlineData(1, "01.06.2018", "rejected: Event Date Not a day as YYYY-MM-DD.")]
    [InlineData(6, "99", "rejected: CAMEO Code Not a CAMEO code.")]
    [InlineData(18, "91", "rejected: Latitude Latitude and longitude are not two numbers in degrees.")]
    [InlineData(4, "NA", "no-first-state")]
    [InlineData(10, "", "no-second-state")]
    [InlineData(4, "Atlantis", "not-a-state")]
    [InlineData(4, "Russia", "same-state")]
    public async Task A_row_that_is_no_incident_says_why(int column, string value, string reason)
    {
        string[] row = [.. Row];
        row[column] = value;

        Reading.Counts(await Reading.Rows(new IcewsFormat(), Text(row))).Keys.ShouldBe([reason]);
    }

    private static string Text(string[] row) => string.Join('\t', row) + "\n";
}
