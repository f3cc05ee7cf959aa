namespace GeoEvents.Alerts.Rules;

/// <summary>A condition and where it stands in its rule.</summary>
/// <param name="Number">Counted through the rule from 0: each condition before the parts of it, <c>when</c> before the raises.</param>
/// <param name="Pointer">JSON pointer into the rule, as in <c>/when/all/1</c>.</param>
/// <param name="Depth">1 for one that is part of no other.</param>
/// <param name="Under">What it is a part of, innermost last, with the name of that part.</param>
public sealed record PlacedCondition(Condition Condition, int Number, string Pointer, int Depth, IReadOnlyList<(PlacedCondition Whole, string Part)> Under)
{
    /// <summary>Every condition of a rule, in the order of their numbers. Parts that are missing are left out.</summary>
    public static IReadOnlyList<PlacedCondition> AllOf(AlertRule rule)
    {
        var all = new List<PlacedCondition>();
        Add(rule.When, "/when", [], all);
        for (var i = 0; i < (rule.Raises?.Count ?? 0); i++)
        {
            Add(rule.Raises![i]?.When, $"/raises/{i}/when", [], all);
        }

        return all;
    }

    /// <summary>The conditions that one is made of, with their places below it.</summary>
    public static IEnumerable<(Condition? Part, string Name, string Place)> PartsOf(Condition condition) => condition switch
    {
        AndCondition c => (c.All ?? []).Select((part, i) => ((Condition?)part, "all", $"all/{i}")),
        OrCondition c => (c.Any ?? []).Select((part, i) => ((Condition?)part, "any", $"any/{i}")),
        NotCondition c => [(c.Not, "not", "not")],
        ThenCondition c => [(c.First, "first", "first"), (c.Second, "second", "second")],
        _ => [],
    };

    private static void Add(Condition? condition, string pointer, IReadOnlyList<(PlacedCondition, string)> under, List<PlacedCondition> all)
    {
        if (condition is null)
        {
            return;
        }

        var placed = new PlacedCondition(condition, all.Count, pointer, under.Count + 1, under);
        all.Add(placed);
        foreach (var (part, name, place) in PartsOf(condition))
        {
            Add(part, $"{pointer}/{place}", [.. under, (placed, name)], all);
        }
    }
}
