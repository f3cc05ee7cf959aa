namespace GeoEvents.IntegrationTests.Relationships;

/// <summary>Lines, pages and totals of a diff add up to the difference of two reads, whatever lies between its points.</summary>
public class BeliefDiffTotalsTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("AZE-RUS", "fromValidAsOf=2025-06-20&validAsOf=2025-07-10")]
    [InlineData("AZE-RUS", "fromValidAsOf=2026-01-15&validAsOf=2025-06-25")]
    [InlineData("AZE-RUS", "fromKnownAsOf=0&validAsOf=2025-07-10")]
    [InlineData("ARM-AZE", "fromKnownAsOf=0&fromValidAsOf=2024-01-01&validAsOf=2025-08-08")]
    [InlineData("AZE-RUS", "knownAsOf=0&fromKnownAsOf={head}&fromValidAsOf=2025-07-10&validAsOf=2025-08-08")]
    public async Task Lines_pages_and_totals_add_up_to_the_difference_of_two_reads(string dyad, string query)
    {
        await workspace.Import(await ConformanceTests.SampleCase());

        var whole = await AddsUp(dyad, query.Replace("{head}", $"{await workspace.Position()}"));

        whole.Items.Count.ShouldBeGreaterThan(3);
    }

    /// <summary>Each end is scored by the method that was current at its K, unless one is named.</summary>
    [Fact]
    public async Task A_method_that_was_adopted_meanwhile_has_a_line_of_its_own()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var then = await workspace.Position();
        await workspace.Log(Example.Incident("late", "2025-06-18"));
        (await workspace.Post("methods", new { id = "sharper", reason = "x", parameters = new { saturation = 8 }, types = new[] { new { type = "property-seized", weight = -9, rung = 7 } } })).ShouldBe(201);
        (await workspace.Post("methods/sharper/adoption", Example.Reason())).ShouldBe(200);

        var over = await AddsUp("AZE-RUS", $"validAsOf=2025-07-02&fromKnownAsOf={then}");
        (over["from.method"].GetString(), over["to.method"].GetString()).ShouldBe(("2026.1", "sharper"));
        LinesOf(over).ShouldBe(["known learned-late", "method method"], ignoreOrder: true);
        over.Items.Single(i => i.GetProperty("cause").GetString() == "method").GetProperty("tension").GetDouble().ShouldBePositive();
        over["after"].GetProperty("tension").GetDouble().ShouldBeGreaterThan(over["before"].GetProperty("tension").GetDouble());

        var back = await AddsUp("AZE-RUS", $"validAsOf=2025-07-02&knownAsOf={then}&fromKnownAsOf={await workspace.Position()}");
        (back["from.method"].GetString(), back["to.method"].GetString()).ShouldBe(("sharper", "2026.1"));
        back["difference.tension"].GetDouble().ShouldBe(-over["difference.tension"].GetDouble(), 1e-9);
        LinesOf(back).ShouldContain("method method");

        var all = await AddsUp("AZE-RUS", $"validAsOf=2025-07-10&fromValidAsOf=2025-06-20&fromKnownAsOf={then}");
        LinesOf(all).Order().Distinct().ShouldBe(["known learned-late", "method method", "valid decay", "valid happened", "valid measure-opened"]);

        var byOne = await AddsUp("AZE-RUS", $"validAsOf=2025-07-02&fromKnownAsOf={then}&fromMethod=sharper");
        LinesOf(byOne).ShouldBe(["known learned-late"]);
    }

    private static IEnumerable<string> LinesOf(Reply diff) => diff.Items.Select(i => $"{i.GetProperty("leg").GetString()} {i.GetProperty("cause").GetString()}");

    /// <summary>The whole diff, which adds up on one page and on many to the difference of two reads at its points.</summary>
    private async Task<Reply> AddsUp(string dyad, string query)
    {
        var whole = (await workspace.Get($"relationships/{dyad}/diff?{query}&limit=500")).ShouldBe(200);

        var (before, after) = (await Read("from"), await Read("to"));
        foreach (var number in (string[])["hostilityFast", "cooperationFast", "tension"])
        {
            var difference = after[number].GetDouble() - before[number].GetDouble();
            whole[$"difference.{number}"].GetDouble().ShouldBe(difference, 1e-9);
            whole.Items.Sum(i => i.GetProperty(number).GetDouble()).ShouldBe(difference, 1e-9);
            whole["causes"].EnumerateArray().Sum(c => c.GetProperty(number).GetDouble()).ShouldBe(difference, 1e-9);
        }

        var paged = new List<string>();
        for (var next = workspace.At($"relationships/{dyad}/diff?{query}&limit=2"); next is not null;)
        {
            var page = (await workspace.Get(next)).ShouldBe(200);
            (page.Items.Sum(i => i.GetProperty("tension").GetDouble()) + page["rest.tension"].GetDouble()).ShouldBe(whole["difference.tension"].GetDouble(), 1e-9);
            paged.AddRange(page.Items.Select(i => i.GetRawText()));
            next = page.Link?.Split('<', '>')[1];
        }

        paged.ShouldBe(whole.Items.Select(i => i.GetRawText()));
        return whole;

        async Task<Reply> Read(string end) => (await workspace.Get(
            $"relationships/{dyad}?validAsOf={whole[$"{end}.validAsOf"].GetString()}&knownAsOf={whole[$"{end}.knownAsOf.position"].GetInt64()}&method={whole[$"{end}.method"].GetString()}")).ShouldBe(200);
    }
}
