using System.Text.Json;
using System.Xml.Linq;
using GeoEvents.Coding;
using GeoEvents.Exports;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Tests.Exports;

public class ExportFormatTests
{
    [Fact]
    public void A_line_registers_what_it_is_the_first_to_need_and_whoever_that_belongs_to()
    {
        var lines = Sample.Written(
            "jsonl", Sample.Scope(),
            Sample.Incident("a"),
            Sample.Incident("b", reports: [new("wire", 2), new("paper")]),
            Sample.Incident("c", actor: "OWN", reports: [new("paper")]),
            Sample.Incident("d", actor: "PARENT", recipient: "OTS")).Split('\n');

        lines.Length.ShouldBe(5);
        lines.Select(Registered).ShouldBe(["", "OTS OWN PARENT paper wire", "", "", ""]);
        JsonDocument.Parse(lines[1]).RootElement.GetProperty("register").GetProperty("actors")[0].GetRawText()
            .ShouldBe("""{"code":"OTS","name":"Name of OTS","kind":"bloc","members":["AZE","OWN"]}""");

        static string Registered(string line) => line.Length > 0 && JsonDocument.Parse(line).RootElement.TryGetProperty("register", out var register)
            ? string.Join(' ', new[] { ("actors", "code"), ("sources", "id") }.SelectMany(r => register.GetProperty(r.Item1).EnumerateArray().Select(e => e.GetProperty(r.Item2).GetString())))
            : "";
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    [InlineData("geojson")]
    [InlineData("atom")]
    [InlineData("stix")]
    public async Task Everything_that_is_exported_under_an_overlay_carries_its_mark(string format)
    {
        var record = new[] { Sample.Incident("a", reports: [new ReportDraft("wire", 2)]), Sample.Incident("b"), Sample.Incident("c") };
        var added = new IncidentDraft { Id = "d", Occurred = "2025-06-30", Title = "Added", Type = "visit", Links = [new Link(ActorCode.Parse("AZE"), ActorCode.Parse("RUS"))] };
        var layer = new Layer(new OverlayChanges(Drop: ["b"], Move: [new Move("a", "2025-06-01")], Add: [added]), Sample.At, "no-raid");
        var supposed = new Overlay(31, record.ToDictionary(r => r.Content.Id, r => r.Incident), new Dictionary<StreamKey, object>(), Methods.Shipped).Apply([layer]);
        var overlay = new ExportOverlay("main", layer, supposed, new LedgerConditions());
        var shown = new List<ExportedIncident>();
        await foreach (var some in overlay.Over(InTwo(record)))
        {
            shown.AddRange(some);
        }

        shown.Select(s => $"{s.Content.Id} {s.Content.Occurred}").ShouldBe(["a 2025-06-01", "c 2025-07-01", "d 2025-06-30"]);
        var scope = Sample.Scope(overlay.Name);
        var text = Sample.Written(format, scope, [.. shown]);

        Parts(format, text).ShouldAllBe(part => part.Contains("no-raid"));
        Parts(format, text).Count.ShouldBeGreaterThanOrEqualTo(3);
        Parts(format, Sample.Written(format, Sample.Scope(), record)).ShouldAllBe(part => !part.Contains("no-raid") && !part.Contains("counterfactual"));
        scope.FileName("incidents", "csv").ShouldBe("main-incidents-at-31-counterfactual-no-raid.csv");

        static async IAsyncEnumerable<IReadOnlyList<ExportedIncident>> InTwo(ExportedIncident[] all)
        {
            await Task.Yield();
            yield return all[..1];
            yield return all[1..];
        }
    }

    [Fact]
    public void What_did_not_happen_is_another_object_than_what_did()
    {
        var (record, overlay) = (Ids(Sample.Scope()), Ids(Sample.Scope("no-raid")));

        record.Intersect(overlay).ShouldBe(record.Where(id => id == StixIds.Project || id == StixIds.Extension || id.StartsWith("marking-definition", StringComparison.Ordinal)));
        record.ShouldBe(Ids(Sample.Scope()));

        static List<string> Ids(ExportScope scope) => [.. JsonDocument.Parse(Sample.Written("stix", scope, Sample.Incident("a", reports: [new ReportDraft("wire", 2)])))
            .RootElement.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("id").GetString()!)];
    }

    /// <summary>RFC 9562, appendix A.4, has one worked by others; ours has to have the same bits for version and variant.</summary>
    [Fact]
    public void Ids_are_of_version_5() =>
        JsonDocument.Parse(Sample.Written("stix", Sample.Scope(), Sample.Incident("a"))).RootElement.GetProperty("objects").EnumerateArray()
            .Select(o => o.GetProperty("id").GetString()!.Split("--")).Where(id => id[0] != "marking-definition")
            .ShouldAllBe(id => id[1][14] == '5' && "89ab".Contains(id[1][19]));

    [Theory]
    [InlineData(1, 90)]
    [InlineData(2, 70)]
    [InlineData(3, 50)]
    [InlineData(4, 30)]
    [InlineData(5, 10)]
    [InlineData(6, null)]
    [InlineData(null, null)]
    public void Confidence_of_a_grade_is_that_of_the_table_in_STIX(int? credibility, int? confidence) => StixExport.ConfidenceOf(credibility).ShouldBe(confidence);

    [Fact]
    public void A_character_that_xml_cannot_write_does_not_break_a_feed()
    {
        var feed = XDocument.Parse(Sample.Written("atom", Sample.Scope(), Sample.Incident("a", "Odd \uFFFE \uD800 <b>&\U0001F6F0")));

        feed.Descendants("{http://www.w3.org/2005/Atom}entry").Single().Element("{http://www.w3.org/2005/Atom}title")!.Value.ShouldBe("Odd \uFFFD \uFFFD <b>&\U0001F6F0");
    }

    [Fact]
    public void A_scope_is_said_in_words_and_no_name_of_it_can_leave_its_folder()
    {
        var scope = Sample.Scope("../etc", Sample.At.AddDays(-1), ("dyad", "AZE-RUS"), ("text", "police raid"));

        scope.Words.ShouldBe(
            "Workspace main, as known at position 31 (2 July 2025, 12:00:00 UTC), up to 1 July 2025, 12:00:00 UTC, method 2026.1, "
            + "only dyad AZE-RUS, text police raid; counterfactual: ../etc");
        scope.FileName("incidents", "csv").ShouldBe("main-incidents-AZE-RUS-selected-at-31-until-20250701T120000Z-counterfactual-.._etc.csv");
    }

    /// <summary>What is marked by itself: lines, rows, features, entries, objects.</summary>
    private static List<string> Parts(string format, string text) => format switch
    {
        "jsonl" => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)],
        "csv" => [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)],
        "geojson" => [.. JsonDocument.Parse(text).RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetRawText())],
        "atom" => [.. XDocument.Parse(text).Descendants("{http://www.w3.org/2005/Atom}entry").Select(e => e.ToString())],
        _ => [.. JsonDocument.Parse(text).RootElement.GetProperty("objects").EnumerateArray()
            .Where(o => o.GetProperty("id").GetString() is var id && id != StixIds.Project && id != StixIds.Extension && !id!.StartsWith("marking-definition", StringComparison.Ordinal))
            .Select(o => o.GetRawText())],
    };
}
