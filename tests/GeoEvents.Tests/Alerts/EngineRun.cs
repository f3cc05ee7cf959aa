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
        PlaybackTurn.AsRecorded(record, [.. history.Ledger.Where(r => r.Retracted && r.Dyad == dyad).Select(r => (r.Incident, r.Position, r.Until)).Distinct()], 0, history.Head);

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

    /// <summary>One rule of each condition, with bounds that random histories cross often.</summary>
    public static IReadOnlyList<AlertRule> OfEachKind { get; } =
    [
        Rule("threshold", new ThresholdCondition(Above: 12, ResolvesBelow: 8)) with { Raises = [new SeverityRaise(Severity.Critical, new ThresholdCondition(Above: 20, ResolvesBelow: 15))] },
        Rule("warmth", new ThresholdCondition(LevelOf.Warmth, 8, 5)),
        Rule("held", new ThresholdCondition(Above: 8, ResolvesBelow: 5)) with { HoldHours = 200, CooldownHours = 500 },
        Rule("rate", new RateOfChangeCondition(1.5, 200)),
        Rule("pressure", new PressureCondition(1.5)),
        Rule("new-high", new NewHighCondition(Days: 365, Floor: 5)),
        Rule("first", new FirstCondition(FirstOf.Rung, Years: 1, MinRung: 1)),
        Rule("jump", new PostureJumpCondition(1, 20)),
        Rule("reaches", new PostureReachesCondition(2)) with { KeepFiringHours = 48 },
        Rule("deeds", new WordsToDeedsCondition(60, 200, 0.1, 1)),
        Rule("tit-for-tat", new TitForTatCondition(60, 2, 1)),
        Rule("response", new DisproportionateResponseCondition(1.2, 60)),
        Rule("change-point", new ChangePointCondition(Threshold: 3)),
        Rule("opened", new MeasureOpenedCondition(0)),
        Rule("overdue", new MeasureOverdueCondition(0, 60)),
        Rule("closed", new MeasureClosedCondition(0)),
        Rule("posture-falls", new PostureFallsCondition(1, 20)),
        Rule("tension-falls", new TensionFallsCondition(5, 30)),
        Rule("silence", new SilenceCondition(300)),
        Rule("revision", new RevisionCondition(2, 20)),
        Rule("both", new AndCondition([new ThresholdCondition(Above: 8, ResolvesBelow: 5), new NotCondition(new PostureReachesCondition(5))])),
        Rule("either", new OrCondition([new MeasureOpenedCondition(0), new RateOfChangeCondition(3)])),
        Rule("then", new ThenCondition(new MeasureOpenedCondition(0), new ThresholdCondition(Above: 10, ResolvesBelow: 8), 2_000)),
    ];

    private static AlertRule Rule(string id, Condition when) => new() { Id = id, Title = id, Scope = new RuleScope { All = true }, When = when, MaxAgeHours = 720 };
}
