using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Alerts.Live;

/// <summary>Puts on record what the engine decided, and moves its cursor, in one transaction.</summary>
public sealed class RecordAlerts(
    string workspace, IReadOnlyList<AlertEvent> events, EngineCursor? from, EngineCursor to, IReadOnlyDictionary<Dyad, DyadState> states)
    : Decision(Call.OfService(workspace))
{
    public override IReadOnlyCollection<StreamKey> Streams { get; } = [.. events.Select(e => StreamKey.Alert(e.Alert)).Distinct()];

    /// <summary>A cursor that was moved and then not recorded would lose alerts, so nothing else shares the commit.</summary>
    public override bool Alone => true;

    public override Task Check(NpgsqlConnection connection) => EngineStore.Move(connection, workspace, from, to, states, CancellationToken.None);

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt) =>
        [.. events.Select(e => new Facts(StreamKey.Alert(e.Alert), [e]))];
}
