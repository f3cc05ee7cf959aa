using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>
/// The sample case, recorded incident by incident over six years, with the ready-made rules watching: against what <c>tests/alerts-independent</c> computes from the
/// definitions alone, and against a backtest.
/// </summary>
public class SampleAlertsTests(GeoEventsHost host)
{
    [Theory]
    [InlineData("an hour later", 0)]
    [InlineData("a day later", 100)]
    public async Task Each_ready_made_rule_fires_and_ends_when_the_definitions_say_so(string run, int millisecondsBetween)
    {
        var expected = Expected(run);
        var (from, until) = (expected.GetProperty("enabledAt").GetDateTimeOffset(), expected.GetProperty("until").GetDateTimeOffset());
        var clock = new FakeTimeProvider(from.AddHours(-1));
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        var rules = (await workspace.Get("rules/ready-made")).ShouldBe(200).Items.Select(i => i.GetProperty("rule")).ToList();
        foreach (var rule in rules)
        {
            (await workspace.PostRaw("rules", rule.GetRawText())).ShouldBe(201);
        }

        // Each commit bears a time of its own, so only the first is enabled at that very instant: the one that counts from it.
        clock.SetUtcNow(from);
        foreach (var rule in rules.Select(r => Text(r, "id")).OrderByDescending(id => id == "nobody-looks"))
        {
            (await workspace.Post($"rules/{rule}/enablement", new { })).ShouldBe(200);
        }

        await Record(workspace, clock, expected, millisecondsBetween);
        clock.SetUtcNow(until.AddHours(-1));
        await workspace.AnHourOnAllIsDecided(clock);
        var fired = await workspace.Fired();

        ShouldBe(fired, expected.GetProperty("alerts"));
        await BacktestsShouldBe(workspace, rules, fired, until);
        await ReceiptsShouldBeReproduced(service, workspace, fired);

        (await workspace.Post("actors/OTS/amendments", new { name = "Another name", reason = "Renamed." }, ifMatch: "*")).ShouldBe(200);
        foreach (var incident in expected.GetProperty("recorded").EnumerateArray().Select(r => r.GetProperty("incident").GetString()))
        {
            (await workspace.Post($"incidents/{incident}/corrections", new { reason = "Reworded.", changes = new { title = "Another title" } }, ifMatch: "*")).ShouldBe(200);
        }

        (await workspace.Post("methods", new { id = "2027.1", reason = "Trial", parameters = new { halfLifeFastDays = 21 }, types = new[] { new { type = "war", weight = -5 } } })).ShouldBe(201);
        (await workspace.Post("methods/2027.1/adoption", Example.Reason())).ShouldBe(200);
        await ReceiptsShouldBeReproduced(service, workspace, fired);
    }

    /// <summary>As a desk does it: sources first, then each incident with its reports at its time.</summary>
    private static async Task Record(Workspace workspace, FakeTimeProvider clock, JsonElement expected, int millisecondsBetween)
    {
        await using var file = EmbeddedData.Open("south-caucasus.json");
        var sample = (await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken)).RootElement;
        foreach (var source in sample.GetProperty("sources").EnumerateArray())
        {
            (await workspace.PostRaw("sources", source.GetRawText())).ShouldBe(201);
        }

        var bloc = sample.GetProperty("actors").EnumerateArray().Single(a => a.TryGetProperty("members", out _));
        (await workspace.Post("actors", new { code = Text(bloc, "code"), name = Text(bloc, "name"), kind = Text(bloc, "kind") })).ShouldBe(201);
        var incidents = sample.GetProperty("incidents").EnumerateArray().ToDictionary(i => i.GetProperty("id").GetString()!);
        foreach (var recorded in expected.GetProperty("recorded").EnumerateArray())
        {
            clock.SetUtcNow(recorded.GetProperty("at").GetDateTimeOffset());
            var logged = (await workspace.PostRaw("incidents", incidents[recorded.GetProperty("incident").GetString()!].GetRawText())).ShouldBe(201);
            logged["tau"].GetDateTimeOffset().ShouldBe(recorded.GetProperty("tau").GetDateTimeOffset(), logged.Text);
            logged["changeClass"].GetString().ShouldBe(recorded.GetProperty("change").GetString());
            await Task.Delay(millisecondsBetween, TestContext.Current.CancellationToken);
        }
    }

    private static void ShouldBe(IReadOnlyList<Firing> fired, JsonElement alerts)
    {
        var instants = alerts.EnumerateArray().Select(a => a.GetProperty("firedAt").GetDateTimeOffset()).ToHashSet();
        var wanted = alerts.EnumerateArray().Select(a =>
            $"{Text(a, "rule")}.{Text(a, "dyad")}.{a.GetProperty("number")} {Text(a, "firedAt")} {Text(a, "severity")}, "
            + $"raised {string.Join(", ", a.GetProperty("raised").EnumerateArray().Select(r => $"{Text(r, "to")} {Text(r, "at")}"))}, ended {Text(a, "endedAt")}");
        var came = fired.Select(f => $"{f.Alert} {FiredAt(f):yyyy-MM-dd'T'HH:mm:ss'Z'} {f.FiredWith}, raised {string.Join(", ", f.Raised)}, ended {f.EndedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        string.Join('\n', came.Order(StringComparer.Ordinal)).ShouldBe(string.Join('\n', wanted.Order(StringComparer.Ordinal)));

        foreach (var alert in alerts.EnumerateArray())
        {
            var firing = fired.Single(f => f.Alert == $"{Text(alert, "rule")}.{Text(alert, "dyad")}.{alert.GetProperty("number")}");
            var tolerance = FiredAt(firing) == firing.FiredAt ? 1e-6 : 1e-3;
            foreach (var name in new[] { "tension", "warmth", "hostilityFast", "rung" })
            {
                firing.Values[name].ShouldBe(alert.GetProperty(name).GetDouble(), tolerance, $"{name} of {alert}");
            }
        }

        // That rule counts from when a fact was recorded. Where an alert was recorded at that very instant, the fact bears the microsecond after it,
        // and instants are rounded up to the second.
        DateTimeOffset FiredAt(Firing firing) => firing.Rule == "nobody-looks" && instants.Contains(firing.FiredAt.AddSeconds(-1)) ? firing.FiredAt.AddSeconds(-1) : firing.FiredAt;
    }

    private static async Task BacktestsShouldBe(Workspace workspace, IEnumerable<JsonElement> rules, IReadOnlyList<Firing> fired, DateTimeOffset until)
    {
        foreach (var rule in rules.Select(r => r.GetProperty("id").GetString()!))
        {
            var backtested = await workspace.Backtested(rule, await workspace.EnabledAt(rule), until);
            backtested.ShouldBeFirings([.. fired.Where(f => f.Rule == rule)], rule);
        }
    }

    private static async Task ReceiptsShouldBeReproduced(RunningService service, Workspace workspace, IReadOnlyList<Firing> fired)
    {
        var verifier = service.Services.GetRequiredService<AlertVerifier>();
        foreach (var alert in fired)
        {
            var verified = await verifier.Verify(workspace.Name, alert.Alert, TestContext.Current.CancellationToken);
            verified.Reproduced.ShouldBeTrue(JsonSerializer.Serialize(verified, GeoJson.Options));
        }
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static JsonElement Expected(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "south-caucasus.expected.json"))).RootElement
        .EnumerateArray().Single(r => r.GetProperty("name").GetString() == run);
}
