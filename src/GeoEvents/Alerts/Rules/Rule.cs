using System.Collections.Immutable;
using System.Globalization;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

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

    /// <exception cref="RefusedException">There is no such version (404).</exception>
    public RuleVersion Numbered(int number) => Versions.FirstOrDefault(v => v.Number == number) ?? throw RefusedException.NotFound("version", string.Create(CultureInfo.InvariantCulture, $"{Id}/{number}"));

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">There is another rule of that id.</exception>
    public static RuleEvent? Draft(AlertRule rule, Rule? known) => known switch
    {
        null => new AlertRuleDrafted(rule),
        _ when Fields.Same(rule, known.Latest.Rule) || Fields.Same(rule, known.Versions[0].Rule) => null,
        _ => throw new RefusedException(
            "rule-exists",
            $"Rule '{rule.Id}' is on record with another content. Revise it, or choose another id.",
            problems: [FieldProblem.At("/id", "rule-exists", "On record otherwise.")]),
    };

    /// <returns>Nothing when the latest version says the same.</returns>
    public IEnumerable<RuleEvent> Revise(AlertRule rule, string reason) => Fields.Same(rule, Latest.Rule) ? [] : [new AlertRuleRevised(rule, reason)];

    /// <param name="worstWeek">Alerts that the worst week of its backtest had; null if it has no budget.</param>
    /// <param name="confirm">Whether it is to watch even if that is above its budget.</param>
    /// <returns>Nothing when that version watches already.</returns>
    /// <exception cref="RefusedException">There is no such version (404), or it is over its budget and that is not confirmed.</exception>
    public IEnumerable<RuleEvent> Enable(int number, double? worstWeek, bool confirm)
    {
        var version = Numbered(number);
        if (number == Enabled)
        {
            return [];
        }

        var over = version.Rule.Budget is { } budget && worstWeek > budget.AlertsPerWeek;
        if (over && !confirm)
        {
            throw new RefusedException(
                "over-budget",
                $"In the worst week of its backtest version {number} of rule '{Id}' had {ConditionWords.Number(worstWeek!.Value)} alerts, "
                    + $"and its budget is {ConditionWords.Number(version.Rule.Budget!.AlertsPerWeek)} a week.",
                problems: [FieldProblem.At("/confirm", "over-budget", "Narrow the rule or raise its budget; or send confirm: true to enable it nevertheless.")]);
        }

        return [new AlertRuleEnabled(Id, number, worstWeek, over)];
    }

    /// <returns>Nothing when no version watches.</returns>
    public IEnumerable<RuleEvent> Disable(string reason) => Enabled is null ? [] : [new AlertRuleDisabled(Id, reason)];
}
