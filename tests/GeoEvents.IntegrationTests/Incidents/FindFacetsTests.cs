using GeoEvents.IntegrationTests.Relationships;

namespace GeoEvents.IntegrationTests.Incidents;

public class FindFacetsTests(GeoEventsHost host)
{
    private static readonly (string Facet, string Parameter)[] Facets =
        [("dyads", "dyad"), ("types", "type"), ("actors", "actor"), ("issues", "issue"), ("sources", "source"), ("countries", "country")];

    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("")]
    [InlineData("dyad=AZE-RUS")]
    [InlineData("retracted=include&actor=USA")]
    [InlineData("validAsOf=2025-07-01&knownAsOf=30")]
    [InlineData("text=baku&from=2025-06-30")]
    [InlineData("text=nothing")]
    public async Task A_count_is_how_many_a_search_finds_that_is_narrowed_down_to_it(string query)
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        await workspace.Log(Example.Incident("placed", place: new { name = "Baku", country = "AZE" }));
        await workspace.Log(new { id = "coded", occurred = "2025-03-07", title = "By code", cameo = "111", links = new[] { new { actor = "ARM", recipient = "USA" } } });
        await workspace.Log(new { id = "among-four", occurred = "2025-03-08", title = "Of several", type = "visit", links = Links("AZE RUS", "RUS AZE", "IRN TUR", "TUR IRN", "AZE TUR") });
        (await workspace.Post("incidents/us-encouragement/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

        var facets = (await workspace.Get($"facets?limit=500&{query}")).ShouldBe(200);

        facets["incidents"].GetInt32().ShouldBe(await Found(query));
        foreach (var (facet, parameter) in Facets.Where(f => !query.Contains($"{f.Parameter}=")))
        {
            foreach (var value in facets[facet].EnumerateArray())
            {
                var narrowed = $"{query}&{parameter}={value.GetProperty("value").GetString()}";
                value.GetProperty("incidents").GetInt32().ShouldBe(await Found(narrowed), narrowed);
            }
        }

        if (query.Length == 0)
        {
            facets["dyads"].EnumerateArray().Single(d => d.GetProperty("value").GetString() == "IRN-TUR").GetProperty("incidents").GetInt32().ShouldBe(1, "only links beyond the first are in it");
        }
    }

    [Fact]
    public async Task Values_and_names_are_those_known_then_the_most_frequent_first()
    {
        await workspace.Log(Example.Incident("a", actor: "GROUP", issues: ["gas"], register: new { actors = new[] { new { code = "GROUP", name = "Old name", kind = "bloc" } } }));
        await workspace.Log(Example.Incident("b", type: "visit", issues: ["water"]));
        var position = await workspace.Position();
        var before = await workspace.Get($"facets?knownAsOf={position}&validAsOf=2025-07-01");
        await workspace.Log(Example.Incident("c", type: "visit", issues: ["later"]));
        (await workspace.Post("actors/GROUP/amendments", new { name = "New name", reason = "renamed" }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a/corrections", new { reason = "checked", changes = new { issues = new[] { "water" } } }, ifMatch: "*")).ShouldBe(200);

        (await workspace.Get($"facets?knownAsOf={position}&validAsOf=2025-07-01")).Text.ShouldBe(before.Text);
        Listed(before, "issues").ShouldBe("gas 1, water 1");
        Listed(before, "dyads").ShouldBe("AZE-RUS (Azerbaijan and Russia) 1, GROUP-RUS (Old name and Russia) 1");
        var now = await workspace.Get("facets?limit=2");
        Listed(now, "issues").ShouldBe("water 2, later 1");
        Listed(now, "actors").ShouldBe("RUS (Russia) 3, AZE (Azerbaijan) 2");
        Listed(now, "types").ShouldBe("visit (Visit made or hosted) 2, diplomatic-protest (Envoy summoned or note of protest) 1");
        Listed(now, "countries").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0", "limit out-of-range")]
    [InlineData("limit=501", "limit out-of-range")]
    [InlineData("retracted=maybe", "retracted malformed")]
    [InlineData("dyad=AZE", "dyad malformed")]
    [InlineData("after=x", "after unknown-parameter")]
    public async Task A_wrong_question_is_refused(string query, string fault) =>
        (await workspace.Get($"facets?{query}")).ShouldBeProblem(400, "invalid-request", fault);

    private static object[] Links(params string[] links) => [.. links.Select(l => l.Split(' ')).Select(l => new { actor = l[0], recipient = l[1] })];

    private async Task<int> Found(string query) => (await workspace.Get($"incidents?limit=500&{query}")).ShouldBe(200).Items.Count;

    private static string Listed(Reply reply, string facet) => string.Join(", ", reply[facet].EnumerateArray().Select(f =>
        $"{f.GetProperty("value").GetString()}{(f.TryGetProperty("name", out var name) ? $" ({name.GetString()})" : "")} {f.GetProperty("incidents").GetInt32()}"));
}
