using System.Collections.Frozen;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Feed;

/// <summary>Which items of the feed somebody wants: those that pass every list. An empty list lets everything pass.</summary>
/// <param name="Dyads">Items that touch one of these.</param>
/// <param name="Types">Items of one of these kinds, as stored: <c>alert_fired</c>.</param>
/// <param name="Rules">Items about one of these rules or its alerts.</param>
public sealed record FeedFilter(FrozenSet<Dyad> Dyads, FrozenSet<string> Types, FrozenSet<string> Rules)
{
    /// <summary>Everything.</summary>
    public static readonly FeedFilter None = Of([], [], []);

    private static readonly FrozenSet<string> TypesWithRules = FactTypes.ByName
        .Where(t => t.Value.IsAssignableTo(typeof(AlertEvent)) || t.Value.IsAssignableTo(typeof(RuleEvent)))
        .Select(t => t.Key)
        .ToFrozenSet();

    public static FeedFilter Of(IEnumerable<Dyad> dyads, IEnumerable<string> types, IEnumerable<string> rules) =>
        new(dyads.ToFrozenSet(), types.ToFrozenSet(), rules.ToFrozenSet());

    public bool IsNone => Dyads.Count + Types.Count + Rules.Count == 0;

    /// <summary>Whether an item passes.</summary>
    public bool Passes(FeedItem item) => IsNone || (MayBeOf(item.Type)
        && (Rules.Count == 0 || (item.Rule is { } rule && Rules.Contains(rule)))
        && (Dyads.Count == 0 || item.Dyads.Any(Dyads.Contains)));

    /// <summary>Whether an item of that kind could pass, so that others need not be read.</summary>
    public bool MayBeOf(string type) => (Types.Count == 0 || Types.Contains(type)) && (Rules.Count == 0 || TypesWithRules.Contains(type));
}
