using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Feed;

/// <summary>Puts facts on record as the service does, without the endpoint that would decide on them.</summary>
internal static class RecordedFacts
{
    private static readonly DateTimeOffset At = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static Receipt Receipt(params AlertCause[] causes) =>
        new(1, "2026.1", 1, At, null, null, null, new Dictionary<string, double> { ["tension"] = 61.5 }, causes);

    public static Task<Outcome> Fire(this RunningService service, string workspace, string rule, string dyad, int number, Severity severity = Severity.Warning, string? silence = null) =>
        service.Record(workspace, StreamKey.Alert($"{rule}.{dyad}.{number}"), new AlertFired($"{rule}.{dyad}.{number}", rule, Dyad.Parse(dyad), severity, At, Receipt(), silence));

    public static Task<Outcome> Record(this RunningService service, string workspace, StreamKey stream, params object[] facts) =>
        service.Services.GetRequiredService<Recorder>().Record(new Facts(new Call(workspace, "engine", null, null), stream, facts), TestContext.Current.CancellationToken);

    private sealed class Facts(Call call, StreamKey stream, object[] facts) : Decision(call)
    {
        public override IReadOnlyCollection<StreamKey> Streams => [stream];

        public override IReadOnlyList<GeoEvents.Recording.Facts> Decide(RecordView record, DateTimeOffset recordedAt) => [new GeoEvents.Recording.Facts(stream, facts)];
    }
}
