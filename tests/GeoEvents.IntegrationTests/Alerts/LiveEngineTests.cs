using System.Text.Json;
using GeoEvents.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>What the live engine makes of facts that concern more than one incident, or come when nobody watches.</summary>
public class LiveEngineTests(GeoEventsHost host)
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 7, 1, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_measure_that_comes_to_be_a_relationships_is_closed_by_what_closed_it_before()
    {
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        await Enable(workspace, "th", new { kind = "threshold", above = 5, resolvesBelow = 2 });
        await Log(workspace, new { id = "first", type = "statement", links = Between("AZE", "TUR") });
        clock.Advance(TimeSpan.FromMinutes(1));
        await Log(workspace, new { id = "war", type = "war", occurred = "2024-12-13T08:00:00Z", deaths = 100, links = Between("RUS", "AZE"), measure = new { opens = true } });
        await Log(workspace, new { id = "peace", type = "ceasefire", occurred = "2024-12-14T08:00:00Z", links = Between("RUS", "AZE"), measure = new { closes = "war" } });
        clock.Advance(TimeSpan.FromMinutes(1));
        (await workspace.Post("incidents/war/corrections", new { reason = "x", changes = new { links = Between("TUR", "AZE") } }, ifMatch: "*")).ShouldBe(200);
        await Log(workspace, new { id = "second", type = "statement", links = Between("AZE", "TUR") });

        await workspace.AnHourOnAllIsDecided(clock);
        (await workspace.Fired()).ShouldBeEmpty("the war was over half a year before");
    }

    [Fact]
    public async Task A_split_is_looked_at_whole_and_neither_fires_nor_recalls()
    {
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        await Enable(workspace, "low", new { kind = "threshold", above = 20, resolvesBelow = 10 });
        await Enable(workspace, "high", new { kind = "threshold", above = 30, resolvesBelow = 10 });
        await Log(workspace, Clash("b"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var part = new { occurred = "2025-07-01T08:00:00Z", title = "t", type = "armed-clash", deaths = 20, links = Between("RUS", "AZE") };
        (await workspace.Post("incidents/b/split", new { reason = "Two", parts = new object[] { Named(part, "p1"), Named(part with { type = "statement", deaths = 0 }, "p2") } }, ifMatch: "*")).ShouldBe(200);

        await workspace.AnHourOnAllIsDecided(clock);
        (await workspace.Fired()).Select(f => (f.Rule, f.End)).ShouldBe([("low", "open")]);
        (await service.Services.GetRequiredService<AlertVerifier>().Verify(workspace.Name, "low.AZE-RUS.1", TestContext.Current.CancellationToken)).Reproduced.ShouldBeTrue();
    }

    [Fact]
    public async Task An_incident_and_the_grade_that_comes_with_it_are_one_fact()
    {
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        await Enable(workspace, "th", new { kind = "threshold", above = 20, resolvesBelow = 10 });
        await Enable(workspace, "revised", new { kind = "revision" });
        await Log(workspace, new { id = "rumour", type = "war", links = Between("RUS", "AZE"), grade = new { credibility = 0.02, reason = "A rumour that nobody believes" } });
        clock.Advance(TimeSpan.FromMinutes(1));
        await Log(workspace, new { id = "clash", type = "armed-clash", deaths = 20, links = Between("RUS", "AZE"), grade = new { credibility = 1.0, reason = "Seen" } });

        await workspace.AnHourOnAllIsDecided(clock);
        var fired = (await workspace.Fired()).Single();
        (fired.Rule, fired.End, fired.FiredAt).ShouldBe(("th", "open", new DateTimeOffset(2025, 7, 1, 8, 1, 0, TimeSpan.Zero)));
        (await service.Services.GetRequiredService<AlertVerifier>().Verify(workspace.Name, fired.Alert, TestContext.Current.CancellationToken)).Reproduced.ShouldBeTrue();
    }

    [Fact]
    public async Task An_alert_is_recalled_though_no_rule_watches_any_more()
    {
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        await Enable(workspace, "only", new { kind = "threshold", above = 20, resolvesBelow = 10 });
        await Log(workspace, Clash("b"));
        (await workspace.Post("rules/only/disablement", Example.Reason())).ShouldBe(200);
        clock.Advance(TimeSpan.FromMinutes(1));
        (await workspace.Post("incidents/b/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

        await workspace.AnHourOnAllIsDecided(clock);
        (await workspace.Fired()).Select(f => (f.Rule, f.End)).ShouldBe([("only", "recalled")]);
    }

    private static async Task Enable(Workspace workspace, string id, object when) =>
        await workspace.Enable(JsonSerializer.SerializeToElement(new { id, title = id, scope = new { dyads = new[] { "AZE-RUS", "AZE-TUR" } }, when }));

    private static object Clash(string id) => new { id, type = "armed-clash", deaths = 20, links = Between("RUS", "AZE") };

    private static object[] Between(string actor, string recipient) => [new { actor, recipient }];

    private static Dictionary<string, object> Named(object part, string id) =>
        new(JsonSerializer.SerializeToElement(part).EnumerateObject().Select(f => KeyValuePair.Create(f.Name, (object)f.Value))) { ["id"] = id };

    private async Task Log(Workspace workspace, object incident)
    {
        var fields = Named(incident, JsonSerializer.SerializeToElement(incident).GetProperty("id").GetString()!);
        fields.TryAdd("occurred", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        fields.TryAdd("title", "t");
        (await workspace.Post("incidents", fields)).ShouldBe(201);
    }
}
