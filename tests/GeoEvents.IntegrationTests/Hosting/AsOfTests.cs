using System.Text.Json;
using GeoEvents.IntegrationTests.Whole;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Hosting;

/// <summary>What every read has in common: it shows one point of three axes, says so, and shows the same for ever.</summary>
public class AsOfTests(GeoEventsHost host)
{
    private static readonly string[] Reads =
    [
        "incidents?", "incidents/i?", "incidents/i/history?", "issues?", "actors?", "actors/OTS?", "sources?", "sources/wire?", "types?", "methods?",
        "relationships?", "relationships/AZE-RUS?", "relationships/AZE-RUS/timeline?", "relationships/AZE-RUS/series?from=2025-06-01&", "relationships/AZE-RUS/contributions?",
        "relationships/AZE-RUS/measures?",
    ];

    [Fact]
    public async Task A_past_point_answers_the_same_byte_for_byte_after_ten_thousand_later_facts()
    {
        var workspace = host.NewWorkspace();
        await workspace.Fill();
        var known = await workspace.Position();
        string[] points = [$"validAsOf=2025-07-02T00:00:00Z&knownAsOf={known - 1}", $"validAsOf=2100-01-01&knownAsOf={known}"];
        var reads = new List<string>();
        foreach (var point in points)
        {
            reads.AddRange(WholeReads.Documents.Select(read => read.With(point)));
            foreach (var first in WholeReads.Pages.Select(read => read.With(point)))
            {
                reads.AddRange([first, await workspace.PageAfter(first)]);
            }
        }

        var before = await All(workspace, reads);

        var later = string.Join('\n', Enumerable.Range(0, 10_000).Select(i => JsonSerializer.Serialize(Example.Incident(
            $"later:{i}", occurred: $"2025-0{1 + (i % 6)}-1{i % 10}", title: $"Later Russian {i}", type: "economic-sanctions", measure: i % 3 == 0 ? new { closes = "sputnik-raid" } : null, issues: ["yekaterinburg"]))));
        (await workspace.Import(later))["taken"].GetInt64().ShouldBe(10_000);
        await workspace.ChangeEverything();

        var after = await All(workspace, reads);
        reads.Where(read => after[read] != before[read]).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_read_says_in_words_what_it_shows_and_takes_a_mode()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 6, 29, 18, 0, 0, TimeSpan.Zero));
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        await Story(workspace);
        clock.Advance(TimeSpan.FromDays(10));
        await workspace.Log(Example.Incident("belated", occurred: "2025-06-20", issues: ["belated"]));

        foreach (var read in Reads)
        {
            var reply = (await workspace.Get($"{read}mode=as-it-looked-then&validAsOf=2025-06-29T19:00:00Z")).ShouldBe(200);
            reply["shown"].GetString().ShouldBe("As of 29 June 2025, 19:00 UTC, as known on 29 June 2025, 19:00 UTC (position 4), by method 2026.1.", read);
            reply.Text.ShouldNotContain("belated", Case.Insensitive, read);
            (await workspace.Get($"{read}mode=live")).ShouldBe(200)["shown"].GetString()!.ShouldContain("(position 5)");
        }

        var hindsight = (await workspace.Get("relationships/AZE-RUS?mode=hindsight&validAsOf=2025-06-29T19:00:00Z")).ShouldBe(200);
        hindsight["incidents"].GetInt32().ShouldBe(2);
        (await workspace.Get("relationships/AZE-RUS?mode=as-it-looked-then&knownAsOf=4"))["validAsOf"].GetString()!.ShouldStartWith("2025-06-29T18:00:00");
        (await workspace.Get("incidents/i?validAsOf=2025-06-01")).ShouldBeProblem(404, "incident-not-found");
    }

    [Theory]
    [InlineData("mode=yesterday", "mode malformed")]
    [InlineData("mode=live&knownAsOf=1", "mode contradiction")]
    [InlineData("mode=as-it-looked-then", "mode contradiction")]
    [InlineData("mode=as-it-looked-then&validAsOf=2025-01-01&knownAsOf=1", "mode contradiction")]
    [InlineData("mode=as-it-looked-then&validAsOf=2999-01-01", "validAsOf out-of-range")]
    [InlineData("mode=hindsight", "mode contradiction")]
    [InlineData("knownAsOf==", "knownAsOf malformed")]
    public async Task A_mode_says_which_axes_it_leaves_open(string query, string fault) =>
        (await host.NewWorkspace().Get($"relationships/AZE-RUS?{query}")).ShouldBeProblem(400, "invalid-request", fault);

    private static async Task Story(Workspace workspace)
    {
        await workspace.Register("wire");
        await workspace.Post("actors", new { code = "OTS", name = "First name" });
        await workspace.Log(Example.Incident("i", occurred: "2025-06-20", type: "economic-sanctions", measure: new { opens = true }, issues: ["gas"], reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Log(Example.Incident("j", occurred: "2025-06-21", recipient: "OTS"));
    }

    private static async Task<IReadOnlyDictionary<string, string>> All(Workspace workspace, IEnumerable<string> reads)
    {
        var texts = new Dictionary<string, string>();
        foreach (var read in reads)
        {
            texts[read] = (await workspace.Get(read)).ShouldBe(200).Text;
        }

        return texts;
    }
}
