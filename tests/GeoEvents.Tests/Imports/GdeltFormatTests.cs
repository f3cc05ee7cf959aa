using System.Text;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Imports;

public class GdeltFormatTests
{
    [Fact]
    public async Task Every_row_of_the_sample_is_an_incident_or_skipped_by_a_named_reason() =>
        Reading.Counts(await Reading.Rows(GdeltFormat.Version2, Reading.Gdelt2())).ShouldBe(new SortedDictionary<string, int>
        {
            ["incidents"] = 450,
            ["no-first-state"] = 1053,
            ["no-second-state"] = 767,
            ["not-a-state"] = 17,
            ["same-state"] = 127,
        });

    /// <summary>500 rows located in Georgia.</summary>
    [Fact]
    public async Task Every_row_of_a_file_of_version_1_is_an_incident_or_skipped_by_a_named_reason() =>
        Reading.Counts(await Reading.Rows(GdeltFormat.Version1, Reading.Unshipped("gdelt/20110601.export.CSV"))).ShouldBe(new SortedDictionary<string, int>
        {
            ["incidents"] = 35,
            ["no-first-state"] = 279,
            ["no-second-state"] = 157,
            ["not-a-state"] = 2,
            ["same-state"] = 27,
        });

    /// <summary>Version 1.0 has no second-level divisions, and the day instead of the time at which a row was added.</summary>
    [Fact]
    public async Task The_same_rows_in_the_layout_of_version_1_are_the_same_incidents()
    {
        var second = Reading.Gdelt2();
        var first = string.Join('\n', Lines(second).Select(l => string.Join('\t', AsVersion1(l.Split('\t')))));

        Drafts(await Reading.Rows(GdeltFormat.Version1, first), added: null).ShouldBe(Drafts(await Reading.Rows(GdeltFormat.Version2, second), added: null));
    }

    [Fact]
    public async Task Rows_of_version_1_from_before_it_named_addresses_have_none()
    {
        var line = AsVersion1(Lines(Reading.Gdelt2()).First(l => l.Split('\t') is var f && f[7] == "USA" && f[17] == "GBR").Split('\t'));

        var with = (IncidentRow)(await Reading.Rows(GdeltFormat.Version1, string.Join('\t', line))).Single();
        var without = (IncidentRow)(await Reading.Rows(GdeltFormat.Version1, string.Join('\t', line[..57]))).Single();

        with.Draft.Reports.Single().Url.ShouldBe(line[57]);
        without.Draft.Reports.Single().Url.ShouldBeNull();
    }

    [Fact]
    public async Task A_row_keeps_roles_place_and_time_of_its_record()
    {
        var row = Lines(Reading.Gdelt2())[0].Split('\t');
        (row[0], row[1], row[26]) = ("7", "20171202", "112");
        (row[5], row[6], row[7]) = ("AZEGOV", "BAKU", "AZE");
        (row[15], row[16], row[17]) = ("RUSMIL", "", "RUS");
        (row[51], row[52], row[53], row[56], row[57]) = ("4", "Tbilisi, Georgia (general), Georgia", "GG", "41.725", "44.7908");
        row[32] = "12";
        (row[59], row[60]) = ("20180101001500", "https://example.org/a?b=c");

        var draft = ((IncidentRow)(await Reading.Rows(GdeltFormat.Version2, string.Join('\t', row))).Single()).Draft;

        (draft.Id, draft.Occurred, draft.Cameo, draft.Intent).ShouldBe(("gdelt:7", "2017-12-02", "112", Intent.Deliberate));
        draft.Title.ShouldStartWith("BAKU → RUS: ");
        draft.Links.Single().ShouldBe(new Link(ActorCode.Parse("AZE"), ActorCode.Parse("RUS"), 1, "GOV", "MIL"));
        draft.Place.ShouldBe(new Place("Tbilisi, Georgia (general), Georgia", ActorCode.Parse("GEO"), 41.725, 44.7908, PlacePrecision.City));
        draft.SourceRecordedAt.ShouldBe(new DateTimeOffset(2018, 1, 1, 0, 15, 0, TimeSpan.Zero));
        draft.Reports.Single().ShouldBe(new ReportDraft("gdelt", Url: "https://example.org/a?b=c", IndependentSources: 12));
    }

    [Fact]
    public void Which_version_a_file_is_of_shows_in_its_columns()
    {
        var second = Lines(Reading.Gdelt2())[0];

        ImportFormats.Detect(Encoding.UTF8.GetBytes(second))!.Name.ShouldBe("gdelt2");
        ImportFormats.Detect(Encoding.UTF8.GetBytes(string.Join('\t', AsVersion1(second.Split('\t')))))!.Name.ShouldBe("gdelt1");
    }

    /// <summary>Africa, Europe, North America, West Africa and the West are no states; rows about them are skipped as such.</summary>
    [Fact]
    public void Every_CAMEO_country_of_the_sample_is_a_state_or_a_region()
    {
        var codes = Lines(Reading.Gdelt2()).SelectMany(l => l.Split('\t') is var f ? new[] { f[7], f[17] } : []).Where(c => c.Length > 0).ToHashSet();

        codes.Where(c => States.OfCameo(c) is null).Order(StringComparer.Ordinal).ShouldBe(["AFR", "EUR", "NMR", "WAF", "WST"]);
    }

    private static string[] Lines(byte[] file) => Encoding.UTF8.GetString(file).TrimEnd('\n').Split('\n');

    private static string[] AsVersion1(string[] f)
    {
        f[59] = f[59][..8];
        return [.. f.Where((_, i) => i is not (39 or 47 or 55))];
    }

    private static List<string> Drafts(IEnumerable<ImportRow> rows, DateTimeOffset? added) =>
        [.. rows.OfType<IncidentRow>().Select(r => JsonSerializer.Serialize(r.Draft with { SourceRecordedAt = added }, GeoJson.Options))];
}
