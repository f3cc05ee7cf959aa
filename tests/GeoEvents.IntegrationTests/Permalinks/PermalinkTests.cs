using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.IntegrationTests.Whole;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace GeoEvents.IntegrationTests.Permalinks;

public class PermalinkTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>Every read is pinned when it shows one point, and followed when the same read shows something else.</summary>
    [Fact]
    public async Task A_pinned_read_still_verifies_after_the_record_was_changed_in_every_way()
    {
        var clock = new FakeTimeProvider(WholeRecord.Now);
        await using var service = await host.StartService(clock);
        var whole = service.NewWorkspace();
        await whole.Fill();
        clock.Advance(TimeSpan.FromMinutes(1));
        var pinned = await PinAsAnswered(whole, [.. WholeReads.Documents, "relationships/AZE-RUS?mode=hindsight&validAsOf=2025-07-01", "relationships/AZE-RUS?mode=as-it-looked-then&knownAsOf=30"]);

        clock.Advance(TimeSpan.FromDays(1));
        await whole.ChangeEverything();

        await ShouldStillVerify(whole, pinned);
        var unchanged = new List<string>();
        foreach (var (read, link) in pinned.Take(WholeReads.Documents.Length))
        {
            var later = (await whole.Get(read.With("validAsOf=2025-07-04T12:01:00Z"))).ShouldBe(200).Text;
            unchanged.AddRange(later.WithoutPoint() == Canonical(link["content"]).WithoutPoint() ? [read] : []);
        }

        unchanged.ShouldBeEmpty("they show nothing that was changed");
    }

    [Fact]
    public async Task A_page_after_the_first_is_pinned_with_the_point_of_the_first()
    {
        var clock = new FakeTimeProvider(WholeRecord.Now);
        await using var service = await host.StartService(clock);
        var whole = service.NewWorkspace();
        await whole.Fill();
        clock.Advance(TimeSpan.FromMinutes(1));
        var past = $"validAsOf=2025-07-01T12:00:00Z&knownAsOf={await whole.Position() - 6}";
        var pages = new List<string>();
        foreach (var first in WholeReads.Pages)
        {
            pages.AddRange([await whole.PageAfter(first), await whole.PageAfter(first.With(past))]);
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        var pinned = await PinAsAnswered(whole, pages);

        await whole.ChangeEverything();

        await ShouldStillVerify(whole, pinned);
        var changed = new List<string>();
        foreach (var (page, link) in pinned)
        {
            changed.AddRange(Canonical((await whole.Get(page)).ShouldBe(200).Json) == Canonical(link["content"]) ? [] : [page]);
        }

        changed.ShouldBeEmpty("they do not follow their first page");
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

    /// <summary>Pins reads and sees that the questions stay the same: what is pinned is what the read answers by itself.</summary>
    private static async Task<IReadOnlyList<(string Read, Reply Link)>> PinAsAnswered(Workspace of, IEnumerable<string> reads)
    {
        var (pinned, empty, wrong) = (new List<(string, Reply)>(), new List<string>(), new List<string>());
        foreach (var read in reads)
        {
            var answer = (await of.Get(read)).ShouldBe(200);
            var link = (await of.Post("permalinks", new { read })).ShouldBe(201);
            pinned.Add((read, link));
            empty.AddRange(answer.Json.TryGetProperty("items", out var items) && items.GetArrayLength() == 0 ? [read] : []);
            wrong.AddRange(link["verified"].GetBoolean() && Canonical(link["content"]) == Canonical(answer.Json) ? [] : [$"{read} as {link["read"]}"]);
        }

        empty.ShouldBeEmpty("they show nothing");
        wrong.ShouldBeEmpty("they are pinned with another answer than they have");
        return pinned;
    }

    private static async Task ShouldStillVerify(Workspace of, IEnumerable<(string Read, Reply Link)> pinned)
    {
        var wrong = new List<string>();
        foreach (var (read, link) in pinned)
        {
            var id = link["id"].GetString();
            var verified = (await of.Get($"permalinks/{id}/verification")).ShouldBe(200)["verified"].GetBoolean();
            var content = (await of.Get($"permalinks/{id}")).ShouldBe(200)["content"];
            wrong.AddRange(verified && Canonical(content) == Canonical(link["content"]) ? [] : [$"{read} as {link["read"]}"]);
        }

        wrong.ShouldBeEmpty("they answer something else than was pinned");
    }

    private static string Canonical(JsonElement json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json.GetRawText())));
}
