using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>Puts facts about alerts on record, as the engine does, by the one way into the log.</summary>
internal sealed class AlertLog(CommitLog commits, string workspace)
{
    public static readonly Dyad Pair = Dyad.Parse("AZE-RUS");

    private static readonly DateTimeOffset Instant = new(2025, 7, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Of a service that runs in this process.</summary>
    public static AlertLog Of(RunningService service, Workspace workspace) => new(service.Services.GetRequiredService<CommitLog>(), workspace.Name);

    /// <summary>Beside a service of another process.</summary>
    public static AlertLog On(NpgsqlDataSource database, string workspace)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(database);
            options.AddRecord();
        });
        return new AlertLog(new CommitLog(store, new LoggingConnections(database), TimeProvider.System), workspace);
    }

    /// <summary>Records facts of one stream in one commit.</summary>
    /// <returns>Feed number of the last.</returns>
    public async Task<long> Record(StreamKey stream, params IReadOnlyList<object> facts)
    {
        long last = 0;
        Exception? refusal = null;
        await commits.Commit(
            [new Recording(new Call(workspace, "engine", null, null), stream, facts)],
            (_, result) => (last, refusal) = (result.Outcome?.Recorded?.Position ?? 0, result.Refusal));
        refusal.ShouldBeNull();
        return last;
    }

    public Task<long> DraftRule(string id, string title = "Crisis") =>
        Record(StreamKey.AlertRule(id), new AlertRuleDrafted(new AlertRule { Id = id, Title = title, When = new ThresholdCondition() }));

    public Task<long> Fire(string alert, Severity severity = Severity.Warning, string? silence = null, string rule = "crisis", Dyad? dyad = null, IReadOnlyList<AlertCause>? causes = null, IReadOnlyDictionary<string, double>? values = null) =>
        Record(StreamKey.Alert(alert), Fired(alert, severity, silence, rule, dyad, causes, values));

    public static AlertFired Fired(
        string alert, Severity severity = Severity.Warning, string? silence = null, string rule = "crisis", Dyad? dyad = null, IReadOnlyList<AlertCause>? causes = null, IReadOnlyDictionary<string, double>? values = null) =>
        new(alert, rule, dyad ?? Pair, severity, Instant, ReceiptOf(causes ?? [], values ?? new Dictionary<string, double> { ["tension"] = 63.2 }), silence);

    public Task<long> Raise(string alert, Severity to = Severity.Critical, string? silence = null) =>
        Record(StreamKey.Alert(alert), new AlertSeverityRaised(alert, "crisis", Pair, Severity.Warning, to, Instant.AddHours(1), ReceiptOf([], new Dictionary<string, double> { ["tension"] = 71.5 }), silence));

    public Task<long> Resolve(string alert, string? silence = null) =>
        Record(StreamKey.Alert(alert), new AlertResolved(alert, "crisis", Pair, Severity.Warning, Ending.ConditionCeased, Instant.AddHours(2), new Dictionary<string, double> { ["tension"] = 44.1 }, silence));

    public Task<long> Recall(string alert, string incident) =>
        Record(StreamKey.Alert(alert), new AlertRecalled(
            alert, "crisis", Pair, Severity.Warning, Instant.AddHours(3), 1, ChangeClass.Correction, incident, StreamKey.Incident(incident).In(workspace),
            new Dictionary<string, double> { ["tension"] = 63.2 }, new Dictionary<string, double> { ["tension"] = 21.7 }, WasOpen: true));

    public Task<long> Amend(string alert, string incident, Severity severity = Severity.Warning) =>
        Record(StreamKey.Alert(alert), new AlertAmended(
            alert, "crisis", Pair, severity, Instant.AddHours(3), 1, ChangeClass.Correction, incident, StreamKey.Incident(incident).In(workspace),
            new Dictionary<string, double> { ["tension"] = 63.2 }, new Dictionary<string, double> { ["tension"] = 61.7 }));

    private static Receipt ReceiptOf(IReadOnlyList<AlertCause> causes, IReadOnlyDictionary<string, double> values) =>
        new(1, "2026.1", 1, Instant, null, null, null, values, causes);

    private sealed class Recording(Call call, StreamKey stream, IReadOnlyList<object> facts) : Decision(call)
    {
        public override IReadOnlyCollection<StreamKey> Streams { get; } = [stream];

        public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt) => [new Facts(stream, facts)];
    }
}
