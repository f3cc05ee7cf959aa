using System.Security.Cryptography;
using System.Text;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.IntegrationTests.Permalinks;

public class PermalinkTests(GeoEventsHost host)
{
    private static readonly string[] Reads =
    [
        "relationships/AZE-RUS", "relationships/AZE-RUS/contributions?limit=1", "relationships/AZE-RUS/timeline", "relationships/AZE-RUS/series?step=P1M&from=2025-01-01",
        "relationships/AZE-RUS/measures", "relationships?sort=last", "incidents?text=envoy", "incidents/i", "incidents/i/history", "sources", "actors/OTS", "methods", "issues",
        "facets?dyad=AZE-RUS", "relationships/AZE-RUS/diff?fromKnownAsOf=1", "relationships/AZE-RUS/robustness", "relationships/AZE-RUS/context", "relationships/AZE-RUS/assessments",
        "relationships/AZE-RUS/coverage", "coverage", "stakes", "methods/2026.1/comparison",
    ];

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_pinned_read_still_verifies_after_the_record_was_changed_in_every_way()
    {
        await Story();
        var pinned = new List<(string Read, string Id, string Content)>();
        foreach (var read in Reads)
        {
            var reply = (await Pin(read)).ShouldBe(201);
            reply["verified"].GetBoolean().ShouldBeTrue();
            pinned.Add((read, reply["id"].GetString()!, reply["content"].GetRawText()));
        }

        await ChangeEverything();

        foreach (var (read, id, content) in pinned)
        {
            (await workspace.Get($"permalinks/{id}/verification")).ShouldBe(200)["verified"].GetBoolean().ShouldBeTrue(read);
            (await workspace.Get($"permalinks/{id}")).ShouldBe(200)["content"].GetRawText().ShouldBe(content, read);
        }
    }

    [Fact]
    public async Task The_hash_is_over_the_canonical_JSON_of_the_answer()
    {
        await Story();
        var pinned = (await Pin("relationships/AZE-RUS?validAsOf=2025-03-05&mode=hindsight")).ShouldBe(201);

        pinned["read"].GetString().ShouldBe("relationships/AZE-RUS?knownAsOf=4&method=2026.1&validAsOf=2025-03-05T00%3A00%3A00Z");
        var answer = (await workspace.Get(pinned["read"].GetString()!)).ShouldBe(200).Text;
        pinned["hash"].GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(Encoding.UTF8.GetBytes(answer)))));
    }

    [Fact]
    public async Task The_same_answer_pinned_again_has_the_same_name()
    {
        await Story();
        var first = (await workspace.Post("permalinks", new { read = "incidents/i?validAsOf=2026-01-01" }, user: "amina")).ShouldBe(201);
        var again = (await workspace.Post("permalinks", new { read = "/incidents/i?validAsOf=2026-01-01&knownAsOf=4" }, user: "boris")).ShouldBe(200);

        (again["id"].GetString(), again["user"].GetString(), again.Location).ShouldBe((first["id"].GetString(), "amina", first.Location));
    }

    [Fact]
    public async Task A_record_that_was_tampered_with_does_not_verify()
    {
        await using var service = await host.StartService();
        var own = service.InWorkspace("own");
        await own.Log(Example.Incident("i"));
        var id = (await own.Post("permalinks", new { read = "incidents/i" })).ShouldBe(201)["id"].GetString();
        await using (var database = NpgsqlDataSource.Create(service.Database))
        {
            await using var harm = database.CreateCommand("update geo.mt_events set data = jsonb_set(data, '{content,title}', '\"Forged\"')");
            await harm.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var verified = (await own.Get($"permalinks/{id}/verification")).ShouldBe(200);
        verified["verified"].GetBoolean().ShouldBeFalse();
        verified["found"].GetString().ShouldNotBe(verified["hash"].GetString());
    }

    [Theory]
    [InlineData("", "/read required")]
    [InlineData("log/archive", "/read not-pinnable")]
    [InlineData("imports", "/read not-pinnable")]
    [InlineData("exports/incidents", "/read not-pinnable")]
    [InlineData("relationships/AZE-RUS/replay", "/read not-pinnable")]
    [InlineData("no/such/thing", "/read not-pinnable")]
    [InlineData("../other/incidents", "/read not-pinnable")]
    [InlineData("incidents?limit=1&limit=2", "/read repeated")]
    [InlineData("relationships/AZE", "dyad malformed")]
    [InlineData("relationships/AZE-RUS?colour=red", "colour unknown-parameter")]
    [InlineData("relationships/AZE-RUS?knownAsOf=99", "knownAsOf unknown-position")]
    public async Task What_is_no_read_of_the_record_is_not_pinned(string read, string fault) =>
        (await Pin(read)).ShouldBeProblem(400, "invalid-request", fault);

    [Fact]
    public async Task A_permalink_of_another_workspace_or_of_nothing_is_not_found()
    {
        await Story();
        var id = (await Pin("incidents/i")).ShouldBe(201)["id"].GetString();

        (await host.NewWorkspace().Get($"permalinks/{id}")).ShouldBeProblem(404, "permalink-not-found");
        (await Pin("incidents/nobody")).ShouldBeProblem(404, "incident-not-found");
    }

    private Task<Reply> Pin(string read) => workspace.Post("permalinks", new { read });

    private async Task Story()
    {
        await workspace.Register("wire");
        await workspace.Post("actors", new { code = "OTS", name = "First name" });
        await workspace.Log(Example.Incident("i", type: "economic-sanctions", measure: new { opens = true }, issues: ["gas"], reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Log(Example.Incident("j", occurred: "2025-04-02"));
    }

    private async Task ChangeEverything()
    {
        await workspace.Log(Example.Incident("late", occurred: "2025-02-01", issues: ["gas"], measure: new { closes = "i" }));
        await workspace.Post("incidents/i/corrections", new { reason = "x", changes = new { title = "Renamed", deaths = 9, occurred = "2025-02-02" } }, ifMatch: "*");
        await workspace.Post("incidents/i/reports", new { source = "wire", credibility = 5, stance = "denies" });
        await workspace.Post("incidents/i/grade", new { credibility = 0.1, reason = "x" }, ifMatch: "*");
        await workspace.Post("sources/wire/grade", new { reliability = "E", group = "other", reason = "x" }, ifMatch: "*");
        await workspace.Post("sources/wire/regrading", Example.Reason());
        await workspace.Post("actors/OTS/amendments", new { name = "Later name", reason = "x" }, ifMatch: "*");
        await workspace.Post("methods", new { id = "m", reason = "x", parameters = new { saturation = 3 } });
        await workspace.Post("methods/m/adoption", Example.Reason());
        await workspace.Post("incidents/j/merge", new { into = "late", reason = "x" }, ifMatch: "*");
        await workspace.Post("incidents/i/split", new { reason = "x", parts = new[] { Example.Incident("i1"), Example.Incident("i2") } }, ifMatch: "*");
        await workspace.Post("incidents/i1/retraction", Example.Reason(), ifMatch: "*");
    }
}
