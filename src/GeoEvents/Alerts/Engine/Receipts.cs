using System.Collections.Immutable;
using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Writes down what an alert fires on, and computes it again.</summary>
public static class Receipts
{
    private const int MostCauses = 20;

    /// <summary>What adds less than that share is no cause of a level.</summary>
    private const double LeastShare = 0.005;

    /// <param name="rule">The version that fires.</param>
    /// <param name="condition">Of it, the one that holds.</param>
    /// <param name="from">What its numbers are counted from.</param>
    public static Receipt Make(
        WatchedRule rule,
        Condition condition,
        DyadWatch watch,
        Trigger? trigger,
        IReadOnlyList<int>? held,
        IReadOnlyDictionary<int, DateTimeOffset> earlier,
        int from,
        long known)
    {
        var (_, evidence) = Ask(rule, condition, watch, trigger, held, earlier, from);
        return new Receipt(
            rule.Version, watch.Method.Id, known, watch.Now, trigger?.Incident, held, earlier.Count == 0 ? null : earlier, evidence.Values, [.. Causes(condition, watch, trigger, evidence)]);
    }

    /// <summary>What a receipt would say with what is known now of the incidents known then.</summary>
    /// <param name="from">What the numbers of the condition are counted from.</param>
    /// <param name="without">A fact that is taken to be unknown yet; null: none.</param>
    public static (bool Holds, IReadOnlyDictionary<string, double> Values) Again(
        WatchedRule rule, Condition condition, int from, IGrounds grounds, DyadWatch watch, Trigger? without = null)
    {
        var then = watch.AsOf(grounds.At, grounds.Known, without);

        // That nothing was recorded for so long remains so, and when the rule was enabled since has nothing to do with it.
        then.Attended = grounds.Values.TryGetValue("silence.hours", out var hours) ? grounds.At.AddHours(-hours) : null;
        var trigger = grounds.Trigger is { } incident
            ? new Trigger(grounds.Known, incident, ChangeClass.Live, [], then.Fold.LinksOf(incident), null, then.ClosedBy(incident), 0)
            : null;
        var (holds, evidence) = Ask(rule with { EnabledAt = DateTimeOffset.MinValue }, condition, then, trigger, grounds.Held, grounds.Earlier ?? MachineState.Inactive.Earlier, from);
        return (holds, evidence.Values);
    }

    /// <summary>Whether a condition holds, and on what.</summary>
    public static (bool Holds, Evidence Evidence) Ask(
        WatchedRule rule,
        Condition condition,
        DyadWatch watch,
        Trigger? trigger,
        IReadOnlyList<int>? held,
        IReadOnlyDictionary<int, DateTimeOffset> earlier,
        int from)
    {
        var evidence = new Evidence();
        var holds = Conditions.Hold(condition, new Moment(watch, trigger, rule.Rule.Filter, rule.EnabledAt, held?.ToHashSet(), earlier, evidence, from));
        AddNumbers(evidence, watch);
        return (holds, evidence);
    }

    /// <summary>What every receipt says of the relationship.</summary>
    public static void AddNumbers(Evidence evidence, DyadWatch watch)
    {
        var numbers = watch.Fold.Numbers();
        evidence.Add("tension", numbers.Tension);
        evidence.Add("warmth", numbers.Warmth);
        evidence.Add("rung", numbers.Rung);
        evidence.Add("hostilityFast", numbers.HostilityFast);
    }

    /// <summary>The incidents that conditions name, then, if one is about a level, those that add most to it.</summary>
    private static IEnumerable<AlertCause> Causes(Condition condition, DyadWatch watch, Trigger? trigger, Evidence evidence)
    {
        var named = evidence.Incidents.Take(MostCauses).ToList();
        var sums = watch.Fold.Sums();
        var least = LeastShare * (sums.HostileFast + sums.CooperativeFast);
        var weightiest = (
            from links in IsAboutLevels(condition) ? watch.Fold.Heavier(least) : []
            let weight = WeightOf(links, watch)
            where weight > least && !named.Contains(links[0].Incident)
            orderby weight descending, links[0].Incident
            select links[0].Incident).Take(MostCauses - named.Count);
        return from incident in named.Concat(weightiest)
               let position = trigger?.Incident == incident ? trigger.Position : watch.PositionsOf(incident)?.Last ?? 0
               select new AlertCause("", incident, position, WeightOf(watch.Fold.LinksOf(incident), watch));
    }

    private static double WeightOf(ImmutableArray<Impulse> links, DyadWatch watch) =>
        links.Sum(l => (l.Hostile + l.Cooperative) * l.Remaining(watch.Now, watch.Method.Parameters.HalfLifeFastDays));

    /// <summary>Whether a condition, or a part of it, is about a level, to which all incidents add.</summary>
    public static bool IsAboutLevels(Condition condition) => condition switch
    {
        FirstCondition or TitForTatCondition or DisproportionateResponseCondition or MeasureOpenedCondition or MeasureClosedCondition or MeasureOverdueCondition
            or SilenceCondition or RevisionCondition => false,
        AndCondition c => c.All.Any(IsAboutLevels),
        OrCondition c => c.Any.Any(IsAboutLevels),
        NotCondition c => IsAboutLevels(c.Not),
        ThenCondition c => IsAboutLevels(c.First) || IsAboutLevels(c.Second),
        _ => true,
    };
}
