using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Feed;

public class FeedPageTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task Every_fact_is_an_item_with_its_number_the_relationships_it_touches_and_what_it_is_of()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("raid", reports: [new { source = "wire", credibility = 1 }]));
        (await workspace.Post("incidents/raid/corrections", new { reason = "seen otherwise", changes = new { links = new[] { new { actor = "ARM", recipient = "RUS" } } } }, ifMatch: "*", user: "ana")).ShouldBe(200);
        (await workspace.Post("sources/wire/grade", new { reason = "x", reliability = "C" }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("stakes", new { id = "corridor", name = "Corridor", heldBy = new[] { "ARM" } })).ShouldBe(201);
        (await workspace.Post("stakes/corridor/retirement", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 3, reason = "x" }, ifMatch: "*")).ShouldBe(201);
        (await workspace.Post("pathways", new { id = "out", dyad = "AZE-RUS", name = "Way out", steps = new[] { "Talk" } })).ShouldBe(201);
        (await workspace.Post("actors", new { code = "OWN1", name = "Own" })).ShouldBe(201);
        (await workspace.Post("actors/OWN1/amendments", new { reason = "x", name = "Own one" }, ifMatch: "*")).ShouldBe(200);
        await host.Service.Record(workspace.Name, StreamKey.AlertRule("crisis"), new AlertRuleDrafted(new AlertRule { Id = "crisis", Title = "Crisis", Scope = new RuleScope { Dyads = [Dyad.Parse("AZE-RUS")] } }));
        await host.Service.Record(workspace.Name, StreamKey.AlertRule("crisis"), new AlertRuleEnabled("crisis", 1));
        await host.Service.Fire(workspace.Name, "crisis", "AZE-RUS", 1);
        await host.Service.Record(workspace.Name, StreamKey.Alert("crisis.AZE-RUS.1"), new AlertAcknowledged("crisis.AZE-RUS.1", "crisis", Dyad.Parse("AZE-RUS"), "ana"));

        var page = (await workspace.Get("feed?limit=500")).ShouldBe(200);

        page.Items.Select(Line).ShouldBe(
        [
            "1 source_registered source/wire [] ",
            "2 incident_logged incident/raid [AZE-RUS] ",
            "3 incident_corrected incident/raid [AZE-RUS ARM-RUS] ",
            "4 source_regraded source/wire [] ",
            "5 stake_registered stake/corridor [] ",
            "6 stake_retired stake/corridor [] ",
            "7 posture_assessed assessments/AZE-RUS [AZE-RUS] ",
            "8 pathway_laid_out pathway/out [AZE-RUS] ",
            "9 actor_registered actor/OWN1 [] ",
            "10 actor_amended actor/OWN1 [] ",
            "11 alert_rule_drafted alert-rule/crisis [AZE-RUS] crisis",
            "12 alert_rule_enabled alert-rule/crisis [] crisis",
            "13 alert_fired alert/crisis.AZE-RUS.1 [AZE-RUS] crisis",
            "14 alert_acknowledged alert/crisis.AZE-RUS.1 [AZE-RUS] crisis",
        ]);
        page["last"].GetInt64().ShouldBe(14);
        page.Json.TryGetProperty("next", out _).ShouldBeFalse();
        page.Link.ShouldBeNull();
        page.Items[2].GetProperty("user").GetString().ShouldBe("ana");
        page.Items[2].GetProperty("data").GetProperty("reason").GetString().ShouldBe("seen otherwise");
        page.Items[1].GetProperty("data").GetProperty("content").GetProperty("title").GetString().ShouldBe("Envoy summoned");
    }

    [Fact]
    public async Task Facts_that_were_imported_into_a_shared_stream_are_told_by_the_names_of_their_incidents()
    {
        await workspace.Import(string.Join('\n', Enumerable.Range(1, 40).Select(i => JsonSerializer.Serialize(Example.Incident($"row{i}")))));
        (await workspace.Post("incidents/row7/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

        var items = (await workspace.Get("feed?limit=500")).ShouldBe(200).Items;

        items.Count.ShouldBe(41);
        items.Select(i => i.GetProperty("subject").GetString()).Take(40).ShouldBe(Enumerable.Range(1, 40).Select(i => $"incident/row{i}"));
        Line(items[40]).ShouldBe("41 incident_retracted incident/row7 [AZE-RUS] ");
    }

    [Fact]
    public async Task Following_next_gives_every_item_that_passes_once()
    {
        for (var i = 0; i < 7; i++)
        {
            await workspace.Log(Example.Incident($"a{i}"));
            await workspace.Log(Example.Incident($"b{i}", actor: "ARM", recipient: "TUR"));
            await workspace.Log(Example.Incident($"c{i}", actor: "ARM", recipient: "IRN"));
            (await workspace.Post($"incidents/a{i}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        }

        (await Subjects("feed?limit=4")).Count.ShouldBe(28);
        (await Subjects("feed?limit=4&dyad=AZE-RUS&type=incident_logged")).ShouldBe(Enumerable.Range(0, 7).Select(i => $"incident/a{i}"));
        (await Subjects("feed?limit=3&dyad=ARM-TUR&dyad=IRN-ARM")).ShouldBe(Enumerable.Range(0, 7).SelectMany(i => new[] { $"incident/b{i}", $"incident/c{i}" }));
        (await Subjects("feed?limit=3&type=incident_retracted&type=alert_fired")).ShouldBe(Enumerable.Range(0, 7).Select(i => $"incident/a{i}"));
        (await Subjects("feed?rule=none")).ShouldBeEmpty();
        (await workspace.Get("feed?rule=none")).ShouldBe(200)["last"].GetInt64().ShouldBe(28);
        (await workspace.Get("feed?after=26&dyad=ARM-IRN")).ShouldBe(200).Items.Select(Line).ShouldBe(["27 incident_logged incident/c6 [ARM-IRN] "]);
        (await workspace.Get("feed?after=28")).ShouldBe(200).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("after=29", "after unknown-position")]
    [InlineData("after=-1", "after malformed")]
    [InlineData("after=x", "after malformed")]
    [InlineData("limit=0", "limit out-of-range")]
    [InlineData("limit=501", "limit out-of-range")]
    [InlineData("dyad=AZE-RUS&dyad=AZE", "dyad malformed")]
    [InlineData("type=incident_logged&type=nothing", "type unknown-kind")]
    [InlineData("rule=No%20such", "rule malformed")]
    [InlineData("after=0&after=1", "after repeated")]
    [InlineData("limits=1", "limits unknown-parameter")]
    public async Task What_no_item_could_have_is_refused_and_named(string query, string fault)
    {
        (await workspace.Get($"feed?{query}")).ShouldBeProblem(400, "invalid-request", fault);
        if (!query.StartsWith("after=", StringComparison.Ordinal) && !query.StartsWith("limit=", StringComparison.Ordinal))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At($"feed?{query}")) { Headers = { { "Accept", "text/event-stream" } } };
            using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
            (await Workspace.Read(response)).ShouldBeProblem(400, "invalid-request", fault);
        }
    }

    private async Task<List<string?>> Subjects(string path)
    {
        var (subjects, next) = (new List<string?>(), path);
        for (var pages = 0; ; pages++)
        {
            pages.ShouldBeLessThan(20);
            var page = (await workspace.Get(next)).ShouldBe(200);
            subjects.AddRange(page.Items.Select(i => i.GetProperty("subject").GetString()));
            if (page.Link is not { } link)
            {
                page.Json.TryGetProperty("next", out _).ShouldBeFalse();
                return subjects;
            }

            next = link.Split('<', '>')[1];
        }
    }

    private static string Line(JsonElement item) =>
        $"{item.GetProperty("number")} {item.GetProperty("type")} {item.GetProperty("subject")} [{string.Join(' ', item.GetProperty("dyads").EnumerateArray())}] {(item.TryGetProperty("rule", out var rule) ? rule : null)}";
}
