using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships;
using GeoEvents.Tests.Properties;

namespace GeoEvents.Tests.Alerts;

/// <summary>The engine over a random history, as the service would run it: in one go, or taken up anew from what was kept.</summary>
internal sealed class EngineRun(History history, IReadOnlyList<AlertRule> rules)
{
    private readonly RecordedTimes times = new(0, [.. history.Log.Select((f, i) => (i + 1L, f.At))]);

    public IReadOnlyList<WatchedRule> Rules { get; } = [.. rules.Select(r => new WatchedRule(1, r, History.Start))];

    /// <summary>All alerts of a dyad until half a year after the last fact.</summary>
    /// <param name="restartsAt">Whether the engine is thrown away after a position and made anew from what it keeps.</param>
    public List<AlertEvent> Of(Dyad dyad, Func<long, bool> restartsAt)
    {
        var record = history.RecordOf(dyad, Methods.Shipped);
        var engine = new DyadEngine(new DyadWatch(dyad, Methods.Shipped), (rule, _) => rules.First(r => r.Id == rule), times.Before);
        var events = new List<AlertEvent>();
        foreach (var rule in Rules)
        {
            events.AddRange(engine.Enable(rule, History.Start, 0));
        }

        foreach (var turn in Turns(history, dyad, record))
        {
            events.AddRange(new DyadTurn(turn.Step, history.ChangeAt(turn.Step), turn).Give(engine, times.Of(turn.Step)));
            if (restartsAt(turn.Step))
            {
                engine = Anew(engine, record, turn.Step);
            }
        }

        events.AddRange(engine.AdvanceTo(history.Now.AddDays(180)));
        return events;
    }

    public static IEnumerable<PlaybackTurn> Turns(History history, Dyad dyad, DyadRecord record) =>
        PlaybackTurn.AsRecorded(record, history.Retracted(dyad), 0, history.Head);

    private DyadEngine Anew(DyadEngine before, DyadRecord record, long known)
    {
        var watch = DyadWatch.Of(before.Watch.Dyad, record, known, before.Watch.Now, Methods.Shipped);
        watch.Attended = before.Watch.Attended;
        var engine = new DyadEngine(watch, (rule, _) => rules.First(r => r.Id == rule), times.Before);
        foreach (var (rule, state) in before.States)
        {
            var kept = JsonSerializer.Deserialize<MachineState>(JsonSerializer.Serialize(state, GeoJson.Options), GeoJson.Options)!;
            engine.Resume(Rules.First(r => r.Rule.Id == rule), watches: true, state.IsInitial ? MachineState.Inactive : kept);
        }

        return engine;
    }
}
