using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Alerts.Backtests;

/// <summary>By which time the facts come in a backtest.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<BacktestClock>))]
public enum BacktestClock
{
    /// <summary>As they were recorded here: what the rule would have done, had it watched.</summary>
    Known,

    /// <summary>As sources first told of them, in the light of what is known now.</summary>
    Reported,

    /// <summary>As they happened, with hindsight.</summary>
    Occurred,
}

/// <summary>What a client wants to know of a rule before it watches.</summary>
public sealed record BacktestDraft
{
    /// <summary>A rule that need not be on record. This, or ruleId.</summary>
    public AlertRule? Rule { get; init; }

    /// <summary>A rule on record.</summary>
    public string? RuleId { get; init; }

    /// <summary>Of that rule; null: its latest.</summary>
    public int? Version { get; init; }

    /// <summary>The rule watches from then on; null: 365 days before the end.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Occurred if not said: a case that was loaded was recorded all at once, and by the clock of its recording nothing fires.</summary>
    public BacktestClock Clock { get; init; } = BacktestClock.Occurred;

    /// <summary>Episodes that ought to be found, as CSV with a header and the columns dyad, from, to and, if wanted, name. A day as to runs to its end.</summary>
    public string? Labels { get; init; }

    /// <summary>How early before an episode an alert may fire to count for it; hours, 0 to 8,760.</summary>
    public double LeadHours { get; init; } = 168;

    /// <summary>A version of the rule on record to compare with; null: the one that watches, if another does.</summary>
    public int? CompareWith { get; init; }
}

/// <summary>A rule, the stretch it is tried on, and what it is measured by.</summary>
/// <param name="Other">The version that it is compared with.</param>
public sealed record BacktestPlan(
    AlertRule Rule, int Version, AlertRule? Other, int? OtherVersion, DateTimeOffset From, DateTimeOffset To, BacktestClock Clock, IReadOnlyList<LabelledEpisode> Labels, double LeadHours)
{
    /// <summary>The draft that it was made of, with the stretch and the versions said, so that it is the same plan whenever it is run.</summary>
    public BacktestDraft Pinned(BacktestDraft draft) => draft with { From = From, To = To, Version = draft.RuleId is null ? null : Version, CompareWith = OtherVersion };
}

[JsonConverter(typeof(KebabCaseEnumConverter<FiringEnd>))]
public enum FiringEnd { Open, Resolved, Recalled }

/// <summary>One firing, with its evidence.</summary>
/// <param name="EndedAt">Null while it is open at the end of the stretch.</param>
public sealed record BacktestFiring(string Alert, Dyad Dyad, DateTimeOffset FiredAt, DateTimeOffset? EndedAt, FiringEnd End, Severity Severity, Receipt Receipt);

/// <summary>Alerts by weeks of seven days.</summary>
/// <param name="Median">Of the weeks counted from the beginning of the stretch, the last perhaps shorter.</param>
/// <param name="Worst">The most in any seven days, wherever they begin.</param>
/// <param name="WorstFrom">When the first alert of those fired; null without alerts.</param>
/// <param name="Weeks">How many the stretch has from its beginning on, the last perhaps shorter.</param>
public sealed record AlertsPerWeek(double Median, int Worst, DateTimeOffset? WorstFrom, int Weeks);

/// <summary>What only one of two versions fired. Two firings are the same if they are of one relationship and their episodes overlap.</summary>
public sealed record BacktestDifference(
    int With, int Both, [property: KeepEmpty] IReadOnlyList<BacktestFiring> OnlyThis, [property: KeepEmpty] IReadOnlyList<BacktestFiring> OnlyOther);

/// <summary>What a rule would have done.</summary>
/// <param name="Shown">In words: which stretch, by which clock.</param>
/// <param name="KnownAsOf">Log position up to which facts were looked at.</param>
/// <param name="Facts">How many were.</param>
/// <param name="HoursFiring">Open episodes, added up over relationships.</param>
/// <param name="ShareOfTimeFiring">Part of the stretch in which at least one episode was open, 0 to 1.</param>
/// <param name="Firings">In order; the first 10,000.</param>
/// <param name="OverBudget">Whether the worst week has more than the rule's budget; null without a budget.</param>
public sealed record BacktestResult(
    string Shown,
    BacktestClock Clock,
    DateTimeOffset From,
    DateTimeOffset To,
    long KnownAsOf,
    long Facts,
    int Relationships,
    int Alerts,
    AlertsPerWeek PerWeek,
    bool? OverBudget,
    double HoursFiring,
    double ShareOfTimeFiring,
    [property: KeepEmpty] IReadOnlyList<BacktestFiring> Firings,
    LabelScore? Labels,
    BacktestDifference? Difference)
{
    public const int MostFirings = 10_000;
}
