using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>One firing of a rule as a client learns of it, live or from a backtest.</summary>
/// <param name="FiredWith">The severity with which it opened.</param>
/// <param name="Raised">Later rises of its severity, as in <c>critical 2025-07-01T16:00:00Z</c>.</param>
internal sealed record Firing(
    string Alert,
    string Rule,
    string Dyad,
    DateTimeOffset FiredAt,
    DateTimeOffset? EndedAt,
    string End,
    string Severity,
    IReadOnlyDictionary<string, double> Values,
    string FiredWith,
    IReadOnlyList<string> Raised)
{
    /// <summary>All of it but numbers that rounding may move.</summary>
    public string Told => $"{Rule} {Dyad} {FiredAt:O} to {EndedAt:O}, {End}, {Severity}";
}

/// <summary>Lets rules watch, and reads what they fired.</summary>
internal static class Firings
{
    private static readonly string[] Ranks = ["info", "warning", "critical"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    /// <summary>Writes a rule and lets it watch from now on.</summary>
    public static async Task Enable(this Workspace workspace, JsonElement rule)
    {
        (await workspace.PostRaw("rules", rule.GetRawText())).ShouldBe(201);
        (await workspace.Post($"rules/{rule.GetProperty("id").GetString()}/enablement", new { })).ShouldBe(200);
    }

    /// <summary>Lets an hour pass and waits until the engine has looked at all that was due in it.</summary>
    /// <remarks>A rule on a relationship of which nothing is ever recorded fires at the end of that hour; what is due is taken in the order of time.</remarks>
    /// <returns>The instant up to which all is decided.</returns>
    public static async Task<DateTimeOffset> AnHourOnAllIsDecided(this Workspace workspace, FakeTimeProvider clock)
    {
        var rule = new { id = "sentinel", title = "An hour has passed", scope = new { dyads = new[] { "KAZ-UZB" } }, when = new { kind = "silence", hours = 1 } };
        (await workspace.Post("rules", rule)).ShouldBe(201);
        (await workspace.Post("rules/sentinel/enablement", new { })).ShouldBe(200);
        clock.Advance(TimeSpan.FromHours(1));
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var feed = (await workspace.Get("feed?type=alert_fired&rule=sentinel&limit=1")).ShouldBe(200);
            if (feed.Items is [var fired])
            {
                return fired.GetProperty("data").GetProperty("at").GetDateTimeOffset();
            }

            (waiting.Elapsed < Patience).ShouldBeTrue($"The engine did not come to the end of the hour. {(await workspace.AlertFacts()).LastOrDefault()}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All that fired live, in order, without the sentinel.</summary>
    public static async Task<IReadOnlyList<Firing>> Fired(this Workspace workspace)
    {
        var facts = await workspace.AlertFacts();
        return [.. facts.GroupBy(f => f.Data.GetProperty("alert").GetString()!).Select(Of).Where(f => f.Rule != "sentinel").OrderBy(f => f.FiredAt).ThenBy(f => f.Alert, StringComparer.Ordinal)];
    }

    /// <summary>What a backtest by the times of recording says of a rule on record.</summary>
    public static async Task<IReadOnlyList<Firing>> Backtested(this Workspace workspace, string rule, DateTimeOffset from, DateTimeOffset to)
    {
        var started = (await workspace.Post("backtests", new { ruleId = rule, from, to, clock = "known" })).ShouldBe(202);
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var read = (await workspace.Get(started.Location!)).ShouldBe(200);
            if (read["state"].GetString() is not ("queued" or "running"))
            {
                read["state"].GetString().ShouldBe("done", read.Text);
                return [.. read["result.firings"].EnumerateArray().Select(f => Of(rule, f))];
            }

            (waiting.Elapsed < Patience).ShouldBeTrue("The backtest did not end.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>When a rule was enabled, as its history says.</summary>
    public static async Task<DateTimeOffset> EnabledAt(this Workspace workspace, string rule) => (await workspace.Get($"rules/{rule}/history")).ShouldBe(200)["entries"]
        .EnumerateArray().Single(e => e.GetProperty("kind").GetString() == "alert_rule_enabled").GetProperty("recordedAt").GetDateTimeOffset();

    /// <summary>The same firings, to 1e-9 of every value.</summary>
    public static void ShouldBeFirings(this IReadOnlyList<Firing> actual, IReadOnlyList<Firing> expected, string because)
    {
        string.Join('\n', actual.Select(f => f.Told).Order(StringComparer.Ordinal)).ShouldBe(string.Join('\n', expected.Select(f => f.Told).Order(StringComparer.Ordinal)), because);
        foreach (var (one, other) in actual.OrderBy(f => f.Told, StringComparer.Ordinal).Zip(expected.OrderBy(f => f.Told, StringComparer.Ordinal)))
        {
            one.Values.Keys.Order().ShouldBe(other.Values.Keys.Order(), $"{because} {one.Told}");
            foreach (var (name, value) in one.Values)
            {
                value.ShouldBe(other.Values[name], 1e-9 * Math.Max(1, Math.Abs(value)), $"{because} {name} of {one.Told}");
            }
        }
    }

    private static async Task<List<(string Type, JsonElement Data)>> AlertFacts(this Workspace workspace)
    {
        const string Types = "type=alert_fired&type=alert_severity_raised&type=alert_resolved&type=alert_recalled";
        var (facts, after, more) = (new List<(string, JsonElement)>(), 0L, true);
        while (more)
        {
            var page = (await workspace.Get($"feed?{Types}&after={after.ToString(CultureInfo.InvariantCulture)}&limit=500")).ShouldBe(200);
            facts.AddRange(page.Items.Select(i => (i.GetProperty("type").GetString()!, i.GetProperty("data"))));
            (after, more) = (page["last"].GetInt64(), page.Json.TryGetProperty("next", out _));
        }

        return facts;
    }

    private static Firing Of(IGrouping<string, (string Type, JsonElement Data)> alert)
    {
        var fired = alert.Single(f => f.Type == "alert_fired").Data;
        var raised = alert.Where(f => f.Type == "alert_severity_raised").Select(f => f.Data).ToList();
        var resolved = alert.Where(f => f.Type == "alert_resolved").Select(f => f.Data).SingleOrDefault();
        var recalled = alert.Where(f => f.Type == "alert_recalled").Select(f => f.Data).SingleOrDefault();
        var ended = new[] { resolved, recalled }.Where(e => e.ValueKind == JsonValueKind.Object).ToList();
        var firedWith = fired.GetProperty("severity").GetString()!;
        return new Firing(
            alert.Key,
            fired.GetProperty("rule").GetString()!,
            fired.GetProperty("dyad").GetString()!,
            fired.GetProperty("at").GetDateTimeOffset(),
            ended is [var end, ..] ? end.GetProperty("at").GetDateTimeOffset() : null,
            recalled.ValueKind == JsonValueKind.Object ? "recalled" : ended.Count > 0 ? "resolved" : "open",
            raised.Select(r => r.GetProperty("to").GetString()!).Append(firedWith).MaxBy(s => Array.IndexOf(Ranks, s))!,
            Values(fired.GetProperty("receipt")),
            firedWith,
            [.. raised.Select(r => $"{r.GetProperty("to").GetString()} {r.GetProperty("at").GetDateTimeOffset():yyyy-MM-dd'T'HH:mm:ss'Z'}")]);
    }

    private static Firing Of(string rule, JsonElement firing) => new(
        firing.GetProperty("alert").GetString()!,
        rule,
        firing.GetProperty("dyad").GetString()!,
        firing.GetProperty("firedAt").GetDateTimeOffset(),
        firing.TryGetProperty("endedAt", out var ended) ? ended.GetDateTimeOffset() : null,
        firing.GetProperty("end").GetString()!,
        firing.GetProperty("severity").GetString()!,
        Values(firing.GetProperty("receipt")),
        "",
        []);

    private static Dictionary<string, double> Values(JsonElement receipt) =>
        receipt.GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetDouble());
}
