using System.Collections.Immutable;

namespace GeoEvents.Alerts.Rules;

/// <summary>One version of a rule; it never changes.</summary>
/// <param name="Reason">Why it was revised; null of the first.</param>
public sealed record RuleVersion(int Number, AlertRule Rule, string? Reason, DateTimeOffset WrittenAt);

/// <summary>A rule with all its versions, and the one that watches.</summary>
/// <param name="Version">How many facts there are on it; the ETag.</param>
/// <param name="Enabled">Number of the version that watches; null if none does.</param>
/// <param name="EnabledAt">Since when.</param>
public sealed record Rule(string Id, long Version, ImmutableArray<RuleVersion> Versions, int? Enabled, DateTimeOffset? EnabledAt)
{
    public RuleVersion Latest => Versions[^1];

    /// <summary>The version that watches; null if none does.</summary>
    public RuleVersion? Watching => Enabled is { } number ? Versions[number - 1] : null;

    public static Rule After(Rule? before, RuleEvent fact, DateTimeOffset recordedAt) => (before, fact) switch
    {
        (null, AlertRuleDrafted e) => new Rule(e.Rule.Id, 1, [new RuleVersion(1, e.Rule, null, recordedAt)], null, null),
        ({ } rule, AlertRuleRevised e) => rule with
        {
            Version = rule.Version + 1,
            Versions = rule.Versions.Add(new RuleVersion(rule.Versions.Length + 1, e.Rule, e.Reason, recordedAt)),
        },
        ({ } rule, AlertRuleEnabled e) => rule with { Version = rule.Version + 1, Enabled = e.Version, EnabledAt = recordedAt },
        ({ } rule, AlertRuleDisabled) => rule with { Version = rule.Version + 1, Enabled = null, EnabledAt = null },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} does not fit the rule's history."),
    };
}
