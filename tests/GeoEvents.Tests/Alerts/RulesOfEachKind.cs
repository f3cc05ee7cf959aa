using GeoEvents.Alerts.Rules;

namespace GeoEvents.Tests.Alerts;

/// <summary>Rules to try the engine with; the tests of the whole service try them too.</summary>
internal static class RulesOfEachKind
{
    /// <summary>One rule of each condition, with bounds that random histories cross often.</summary>
    public static IReadOnlyList<AlertRule> All { get; } =
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
