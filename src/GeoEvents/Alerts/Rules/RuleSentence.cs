using GeoEvents.Coding;

namespace GeoEvents.Alerts.Rules;

/// <summary>A rule in words: one sentence on when it fires, one on what keeps it from firing, and one on how often it is meant to.</summary>
/// <remarks>Made of the rule alone, so that it says the same for a version for ever. It is for rules that are sound (<see cref="RuleRules"/>).</remarks>
public static class RuleSentence
{
    private const double UsualMaxAgeHours = 72;

    public static string Of(AlertRule rule)
    {
        var raises = rule.Raises.Select(r => $"; {KebabCaseEnumConverter.NameOf(r.To)} {Once(r.When!)}");
        var limits = Limits(rule).ToList();
        var clause = ConditionWords.Of(rule.When!, On(rule.Scope));
        return $"{Verb(rule.Severity)} when{(clause.StartsWith("on ", StringComparison.Ordinal) ? "," : "")} {clause}{string.Concat(raises)}."
            + (limits.Count > 0 ? $" {char.ToUpperInvariant(limits[0][0])}{string.Join("; ", limits)[1..]}." : "")
            + (rule.Budget is { } budget ? $" It is meant to send at most {ConditionWords.Counted(budget.AlertsPerWeek, "alert")} a week." : "");
    }

    /// <summary>As in " on AZE-RUS or any relationship of TUR".</summary>
    private static string On(RuleScope scope)
    {
        if (scope.All)
        {
            return " on any relationship";
        }

        var places = scope.Dyads.Select(d => d.ToString()).ToList();
        if (scope.Actors.Count > 0)
        {
            places.Add($"any relationship of {ConditionWords.List([.. scope.Actors.Select(a => a.ToString())], "or")}");
        }

        return $" on {ConditionWords.List(places, "or")}";
    }

    private static string Verb(Severity severity) => severity switch
    {
        Severity.Info => "Informs",
        Severity.Warning => "Warns",
        _ => "Alerts as critical",
    };

    private static string Once(Condition condition) => condition is PostureReachesCondition reached ? $"from {ConditionWords.Rung(reached.Rung)} on" : $"once {ConditionWords.Of(condition)}";

    private static IEnumerable<string> Limits(AlertRule rule)
    {
        if (rule.HoldHours > 0)
        {
            yield return $"only if it holds for {ConditionWords.Hours(rule.HoldHours)} on end";
        }

        if (rule.Filter is { } filter && Facts(filter).ToList() is { Count: > 0 } facts)
        {
            yield return $"only facts {ConditionWords.List(facts, "and")}";
        }

        if (rule.MaxAgeHours != UsualMaxAgeHours)
        {
            yield return rule.MaxAgeHours == 0 ? "no incident that had happened before it was recorded" : $"no incident older than {ConditionWords.Hours(rule.MaxAgeHours)} when it is recorded";
        }

        if (rule.KeepsFiringHours > 0)
        {
            yield return $"an episode stays open for {ConditionWords.Hours(rule.KeepsFiringHours)} after {(rule.When!.Lasts ? "it ceased to hold" : "that")}";
        }

        if (rule.CooldownHours > 0)
        {
            yield return $"silent for {ConditionWords.Hours(rule.CooldownHours)} after each episode";
        }
    }

    private static IEnumerable<string> Facts(RuleFilter filter)
    {
        if (filter.Changes.Count > 0)
        {
            yield return $"of class {ConditionWords.List([.. filter.Changes.Select(KebabCaseEnumConverter.NameOf)], "or")}";
        }

        if (filter.Types.Count > 0)
        {
            yield return $"of type {ConditionWords.List(filter.Types, "or")}";
        }

        if (filter.MinCredibility is { } credibility)
        {
            yield return $"of credibility {ConditionWords.Number(credibility)} or more";
        }

        if (filter.MinAttribution is { } attribution)
        {
            yield return $"of attribution {ConditionWords.Number(attribution)} or more";
        }
    }
}
