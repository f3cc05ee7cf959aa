using GeoEvents.Alerts;
using GeoEvents.Feed;
using GeoEvents.Recording;

namespace GeoEvents.Delivery;

/// <summary>A fact as the plan sees it.</summary>
/// <param name="Alert">The fact itself, if it is about an alert.</param>
/// <param name="Silenced">Whether it, or the firing that it follows, was kept from going out.</param>
public sealed record PlannedItem(FeedItem Item, AlertEvent? Alert, bool Silenced);

/// <summary>That a subscription gets a fact.</summary>
public readonly record struct Planned(string Subscription, FeedItem Item, string? Alert);

/// <summary>Decides who gets which fact.</summary>
/// <remarks>
/// An alert that fires or becomes more severe goes to whom it concerns by the filter, unless it is silenced. What becomes of it goes to those who got
/// an earlier message of it, whatever their filter says now, and to nobody else: who was told of an alert is told of its end, and nobody hears of the end of
/// what he never heard of.
/// </remarks>
public static class DeliveryPlan
{
    public static readonly string Fired = FactTypes.NameOf(typeof(AlertFired));
    public static readonly string Raised = FactTypes.NameOf(typeof(AlertSeverityRaised));

    /// <summary>What goes out if a subscription names no types.</summary>
    public static readonly IReadOnlyList<string> AlertTypes =
        [Fired, Raised, .. ((Type[])[typeof(AlertResolved), typeof(AlertRecalled), typeof(AlertAmended)]).Select(FactTypes.NameOf)];

    /// <param name="items">In the order of the feed.</param>
    /// <param name="told">Who got earlier messages of which alert.</param>
    public static List<Planned> Of(
        IReadOnlyList<PlannedItem> items, IReadOnlyList<(string Id, SubscriptionFilter Filter, long After)> subscriptions, IEnumerable<(string Alert, string Subscription)> told)
    {
        var knows = told.ToHashSet();
        var planned = new List<Planned>();
        foreach (var item in items)
        {
            foreach (var (id, filter, _) in subscriptions.Where(s => item.Item.Number > s.After))
            {
                if (IsFor(item, filter, item.Alert is { } alert && knows.Contains((alert.Alert, id))))
                {
                    planned.Add(new Planned(id, item.Item, item.Alert?.Alert));
                    if (item.Alert is not null)
                    {
                        knows.Add((item.Alert.Alert, id));
                    }
                }
            }
        }

        return planned;
    }

    private static bool IsFor(PlannedItem item, SubscriptionFilter filter, bool knowsOfIt) => item.Alert switch
    {
        AlertSeverityRaised { Silence: not null } => false,
        AlertSeverityRaised or AlertResolved or AlertRecalled or AlertAmended when knowsOfIt => true,
        _ => !item.Silenced && Matches(item, filter),
    };

    private static bool Matches(PlannedItem item, SubscriptionFilter filter) =>
        (filter.Types is { Count: > 0 } types ? IsNamed(item, types) : item.Item.Type == Fired || item.Item.Type == Raised)
        && (filter.Dyads is not { Count: > 0 } dyads || item.Item.Dyads.Any(dyads.Contains))
        && (filter.Rules is not { Count: > 0 } rules || (item.Item.Rule is { } rule && rules.Contains(rule)))
        && (filter.MinSeverity is not { } least || item.Alert is not IAlertDecision decision || decision.Severity >= least);

    /// <summary>Whoever asks for alerts that fire is told of the rest because he got them; whoever asks for ends alone gets all ends.</summary>
    private static bool IsNamed(PlannedItem item, IReadOnlyList<string> types) =>
        types.Contains(item.Item.Type) && (item.Item.Type == Fired || item.Item.Type == Raised || !AlertTypes.Contains(item.Item.Type) || !types.Contains(Fired));
}
