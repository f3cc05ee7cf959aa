using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>Rules as a client writes them, and alerts as an engine would record them: by hand, so that they are there when a test needs them.</summary>
internal static class Given
{
    private static readonly Dyad Dyad = Dyad.Parse("AZE-RUS");

    private static readonly DateTimeOffset At = new(2025, 7, 1, 8, 0, 0, TimeSpan.Zero);

    /// <summary>A rule on one relationship.</summary>
    public static object Rule(string id, string dyad, string title = "Crisis", object? when = null, object? budget = null) => new Dictionary<string, object?>
    {
        ["id"] = id,
        ["title"] = title,
        ["scope"] = new { dyads = new[] { dyad } },
        ["when"] = when ?? new { kind = "threshold", above = 60, resolvesBelow = 45 },
        ["budget"] = budget,
    }.Where(field => field.Value is not null).ToDictionary();

    /// <summary>Opens an episode of a rule on AZE-RUS.</summary>
    /// <param name="causes">Ids of incidents, the weightiest first.</param>
    public static Task Fire(this Workspace workspace, string rule, int number = 1, params string[] causes) =>
        workspace.Record(Id(rule, number), new AlertFired(Id(rule, number), rule, Dyad, Severity.Warning, At.AddMinutes(number), Receipt(workspace, 63.2, causes)));

    /// <summary>Whatever an engine may record of an open episode, up to the recall of its reason.</summary>
    public static Task Follow(this Workspace workspace, string rule, int number)
    {
        var (id, values) = (Id(rule, number), new Dictionary<string, double> { ["threshold.tension"] = 63.2 });
        Guid Stream(string incident) => StreamKey.Incident(incident).In(workspace.Name);
        return workspace.Record(
            id,
            new AlertSeverityRaised(id, rule, Dyad, Severity.Warning, Severity.Critical, At.AddHours(1), Receipt(workspace, 81)),
            new AlertAmended(id, rule, Dyad, Severity.Critical, At.AddHours(2), 20, ChangeClass.Correction, "yekaterinburg-raid", Stream("yekaterinburg-raid"), values, values),
            new AlertResolved(id, rule, Dyad, Severity.Critical, Ending.ConditionCeased, At.AddHours(3), values),
            new AlertRecalled(id, rule, Dyad, Severity.Critical, At.AddHours(4), 21, ChangeClass.Retraction, "sputnik-raid", Stream("sputnik-raid"), values, values, WasOpen: false));
    }

    public static Task Resolve(this Workspace workspace, string rule, int number) => workspace.Record(
        Id(rule, number), new AlertResolved(Id(rule, number), rule, Dyad, Severity.Warning, Ending.ConditionCeased, At.AddHours(3), new Dictionary<string, double>()));

    public static async Task Record(this Workspace workspace, string alert, params AlertEvent[] facts) => await workspace.Services.GetRequiredService<Recorder>().Record(
        new ByHand(new Call(workspace.Name, "service", null, null), StreamKey.Alert(alert), facts), TestContext.Current.CancellationToken);

    private static string Id(string rule, int number) => $"{rule}.{Dyad}.{number}";

    private static Receipt Receipt(Workspace workspace, double level, params string[] causes) => new(
        1,
        "2026.1",
        10,
        At,
        Trigger: null,
        Held: null,
        Earlier: null,
        new Dictionary<string, double> { ["threshold.tension"] = level },
        [.. causes.Select((id, i) => new AlertCause(id, StreamKey.Incident(id).In(workspace.Name), 10, 6.0 / (i + 1)))]);

    private sealed class ByHand(Call call, StreamKey stream, IReadOnlyList<object> facts) : Decision(call)
    {
        public override IReadOnlyCollection<StreamKey> Streams => [stream];

        public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt) => [new Facts(stream, facts)];
    }
}
