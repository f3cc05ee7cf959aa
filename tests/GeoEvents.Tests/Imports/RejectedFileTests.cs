using System.Text;
using System.Text.RegularExpressions;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Imports.Mappings;

namespace GeoEvents.Tests.Imports;

/// <summary>Rejected, written as a file, mended in it, loaded again: taken.</summary>
public class RejectedFileTests
{
    private const string Good = """{"id":"a","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""";

    private const string Mapping = """
        { "origin": "x", "source": { "id": "x" }, "id": "{id}", "occurred": { "from": "{day}" }, "title": "{a} → {b}", "type": "visit",
          "links": [ { "actor": { "who": "{a}" }, "recipient": { "who": "{b}" } } ] }
        """;

    [Fact]
    public async Task Rows_of_GDELT()
    {
        var row = Encoding.UTF8.GetString(Reading.Gdelt2()).Split('\n')[0].Split('\t');
        (row[7], row[17], row[1]) = ("AZE", "RUS", "yesterday");

        await Mended(() => GdeltFormat.Version2, string.Join('\t', row) + "\n1\t2\n", file => file
            .Replace("\tyesterday\t", "\t20180101\t").Replace("1\t2\t", string.Join('\t', row).Replace("yesterday", "20180101") + '\t'));
    }

    [Theory]
    [InlineData("Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\r\n")]
    [InlineData("")]
    public Task Rows_of_ICEWS(string header) => Mended(
        () => new IcewsFormat(),
        header + "41\t2018-06-01\tMinistry\tGov\tAzerbaijan\tConsult\tXX\t1\tCitizen\tPop\tRussia\t47\t2\tBulletin\tBaku\tNA\tBaki\tAzerbaijan\t40.4\t49.9\r\n",
        file => file.Replace("\tXX\t", "\t040\t"));

    [Fact]
    public Task JSON_Lines() => Mended(
        () => new JsonLinesFormat(),
        $"{Good.Replace("visit\"", "visit\",\"colour\":1")}\n{Good[..^1]}\n[]\n{{}}\n\"}}\"\n",
        file => string.Join('\n', file.Split('\n').Select(line => line.Replace(",\"colour\":1", "") switch
        {
            "[]" or "{}" or "\"}\"" => Good,
            var open when open.EndsWith("}]", StringComparison.Ordinal) => open + "}",
            var other => other,
        })));

    [Fact]
    public Task A_case() => Mended(
        () => new CaseFormat(),
        $"{{ \"sources\": [ {{ \"id\": \"w\" }} ], \"incidents\": [ {Good}, {Good.Replace("One\"", "One\", \"colour\": \"}\"")}, 3, {{}} ] }}",
        file => file.Replace(", \"colour\": \"}\"", "").Replace("\n3", $"\n{Good}").Replace("\n{}", $"\n{Good}"));

    [Theory]
    [InlineData("id,day,a,b\r\n1,\"a \"\"day\"\"\nor two\",AZE,RUS\r\n2,AZE,RUS\r\n")]
    [InlineData("id;day;a;b\n1;\"a \"\"day\"\"\nor two\";AZE;RUS\n2;AZE;RUS")]
    public Task Rows_of_CSV(string file) => Mended(
        () => new CsvFormat(Body.Parse<CsvMapping>(Encoding.UTF8.GetBytes(Mapping))),
        file,
        rejected => rejected.Replace("\"a \"\"day\"\"\nor two\"", "2025-03-01").Replace("2,AZE", "2,2025-03-01,AZE").Replace("2;AZE", "2;2025-03-01;AZE"));

    [Theory]
    [InlineData("""{"rejected":"x"}""", null)]
    [InlineData("""{ "rejected": {"a":[1]} , "id":"a" }""", """{ "id":"a" }""")]
    [InlineData("""{"id":"a","rejected":"x","title":"b"}""", """{"id":"a","title":"b"}""")]
    [InlineData("""{"id":"rejected"}""", """{"id":"rejected"}""")]
    [InlineData("""{"place":{"rejected":1}}""", """{"place":{"rejected":1}}""")]
    [InlineData("""{"id":"a","rejected":""", """{"id":"a","rejected":""")]
    public void A_reason_is_taken_out_and_nothing_else(string json, string? without) =>
        (RejectedRows.Unmarked(Encoding.UTF8.GetBytes(json)) is { } left ? Encoding.UTF8.GetString(left.Span) : null).ShouldBe(without);

    /// <summary>Also without a change: the same rows are rejected for the same reasons, and written the same. Where an incident of a case stands is another then.</summary>
    private static async Task Mended(Func<IImportFormat> format, string file, Func<string, string> mend)
    {
        var (first, header) = await Rejected(format(), file);
        first.ShouldNotBeEmpty();
        var written = await Written(format(), header, first);
        var (again, headerAgain) = await Rejected(format(), written);
        again.Select(Reason).ShouldBe(first.Select(Reason));
        (await Written(format(), headerAgain, again)).ShouldBe(written);

        var rows = await Reading.Rows(format(), mend(written));
        rows.Count.ShouldBe(first.Count);
        rows.ShouldAllBe(r => r is IncidentRow);
    }

    private static (string Field, string Reason, string Raw) Reason(RejectedRow row) =>
        (Regex.Replace(row.Column, @"\A/incidents/\d+", ""), row.Reason, Encoding.UTF8.GetString(row.Raw.Span));

    private static async Task<(List<RejectedRow> Rows, string? Header)> Rejected(IImportFormat format, string file) =>
        ((await Reading.Rows(format, file)).OfType<RejectedRow>().ToList(), format.Header);

    private static async Task<string> Written(IImportFormat format, string? header, List<RejectedRow> rows)
    {
        using var file = new MemoryStream();
        await format.WriteRejected(file, header, rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}
