namespace GeoEvents.Alerts.Rules;

/// <summary>A fact in the stream of one rule. Versions are numbered 1, 2, 3 … and never change.</summary>
public abstract record RuleEvent;

/// <summary>A rule was written. It watches nothing before it is enabled.</summary>
public sealed record AlertRuleDrafted(AlertRule Rule) : RuleEvent;

/// <summary>Another version of it was written. An enabled version goes on until another is enabled.</summary>
public sealed record AlertRuleRevised(AlertRule Rule, string Reason) : RuleEvent;

/// <summary>From here on, this version watches.</summary>
/// <param name="WorstWeek">Alerts that the worst week of its backtest had; null if it has no budget.</param>
/// <param name="Confirmed">Whether that is above its budget, and somebody confirmed it nevertheless.</param>
public sealed record AlertRuleEnabled(string Rule, int Version, double? WorstWeek = null, bool Confirmed = false) : RuleEvent;

/// <summary>From here on, no version of it watches. Its open episodes end.</summary>
public sealed record AlertRuleDisabled(string Rule, string Reason) : RuleEvent;
