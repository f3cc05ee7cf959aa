using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;
using GeoEvents.Imports.Mappings;

namespace GeoEvents.Tests.Imports;

/// <summary>An import that goes on passes over the rows that it has answered for.</summary>
public class ImportReadingTests
{
    private const string Incident = """{"id":"a","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""";

    private const string Mapping = """
        { "origin": "x", "source": { "id": "x" }, "id": "{id}", "occurred": { "from": "{day}" }, "title": "{a} → {b}", "type": "visit",
          "links": [ { "actor": { "who": "{a}" }, "recipient": { "who": "{b}" } } ] }
        """;

    public static TheoryData<string> Formats => [.. ImportFormats.Names];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Whatever_the_format_rows_that_are_passed_over_are_those_at_the_beginning(string format)
    {
        var all = (await Rows(0)).ToList();

        all.Count.ShouldBeGreaterThan(3);
        for (var n = 1; n <= all.Count; n++)
        {
            (await Rows(n)).ShouldBe(all.Skip(n), $"without {n}");
        }

        async Task<IEnumerable<string>> Rows(int passOver)
        {
            var reader = ImportFormats.Find(format, Body.Parse<CsvMapping>(Encoding.UTF8.GetBytes(Mapping)))!;
            var rows = await Reading.Rows(reader, File(format), passOver);
            reader.Header.ShouldBe(format == "csv" ? "id,day,a,b" : null);
            return rows.Select(r => $"{r.Line} {r.GetType().Name} {(r as IncidentRow)?.Draft.Id}");
        }
    }

    /// <summary>What the file stated as it was on record already, only its rows can tell; what it brought or changed, the record.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task Rows_passed_over_are_remembered_where_some_were_known(int known, bool remembered)
    {
        var import = new Import { Id = Guid.Empty, Format = "jsonl", User = "ada", CreatedAt = default, Total = 2, Taken = 2 - known, Known = known };
        var (stated, read) = (new StatedRows(), new List<string>());
        await foreach (var rows in ImportReading.Read(
            new JsonLinesFormat(), new MemoryStream(File("jsonl")), import, stated, new ImportStride(TimeProvider.System), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            read.AddRange(rows.Incidents.Select(r => r.Content.Id));
            rows.Other.Count.ShouldBe(1);
        }

        read.ShouldBe(["d"]);
        (stated.Contains("a"), stated.Contains("b"), stated.Contains("d")).ShouldBe((remembered, remembered, false));
    }

    private static byte[] File(string format) => format switch
    {
        "jsonl" => Encoding.UTF8.GetBytes($"{Named("a")}\n{{\"rejected\":\"a remark\"}}\n{Named("b")}\n[]\n{Named("d")}\n"),
        "case" => Encoding.UTF8.GetBytes($"{{\"incidents\":[\n{Named("a")},\n{{\"rejected\":\"a remark\"}},{Named("b")},\n7,{Named("d")}]}}"),
        "csv" => Encoding.UTF8.GetBytes("id,day,a,b\n1,2025-03-01,AZE,RUS\n\n2,soon,AZE,RUS\n3,2025-03-01,AZE,\n4,2025-03-01,\"AZE\",RUS\n"),
        "gdelt2" => Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(Reading.Gdelt2()).Split('\n').Take(40))),
        "gdelt1" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 4).Select(i => $"{i}{new string('\t', 57)}\n"))),
        "icews" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 4).Select(i => $"{i}\t2018-06-0{i}{new string('\t', 4)}\t040{new string('\t', 13)}\n"))),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static string Named(string id) => Incident.Replace("\"a\"", $"\"{id}\"");
}
