using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Feed;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Delivery;

/// <summary>Tells of items of the feed what the plan needs to know.</summary>
public sealed class PlannedItems(LogReader log)
{
    public async Task<IReadOnlyList<PlannedItem>> Of(string workspace, IReadOnlyList<FeedItem> items, IReadOnlyCollection<Subscription> subscriptions, CancellationToken cancel)
    {
        // Only who asks for ends without beginnings can get the end of an alert that he never heard of.
        var endsAlone = subscriptions.Any(s => s.Filter.Types is { Count: > 0 } types && !types.Contains(DeliveryPlan.Fired));
        var planned = new List<PlannedItem>(items.Count);
        foreach (var item in items)
        {
            var alert = AlertOf(item);
            var silenced = SilenceOf(alert) is not null || (endsAlone && alert is AlertResolved or AlertRecalled or AlertAmended && await IsSilenced(workspace, alert, item.Number, cancel));
            planned.Add(new PlannedItem(item, alert, silenced));
        }

        return planned;
    }

    /// <summary>Alerts of which an earlier message may have gone out.</summary>
    public static IReadOnlyCollection<string> Following(IEnumerable<PlannedItem> items) =>
        items.Where(i => i.Alert is AlertSeverityRaised or AlertResolved or AlertRecalled or AlertAmended).Select(i => i.Alert!.Alert).ToHashSet();

    /// <returns>Null if the fact is not about an alert.</returns>
    public static AlertEvent? AlertOf(FeedItem item) =>
        FactTypes.ByName.TryGetValue(item.Type, out var type) && type.IsAssignableTo(typeof(AlertEvent)) ? (AlertEvent?)item.Data.Deserialize(type, GeoJson.Options) : null;

    private static string? SilenceOf(AlertEvent? fact) => fact switch
    {
        AlertFired e => e.Silence,
        AlertSeverityRaised e => e.Silence,
        AlertResolved e => e.Silence,
        _ => null,
    };

    private async Task<bool> IsSilenced(string workspace, AlertEvent alert, long upTo, CancellationToken cancel) =>
        (await log.OfStream(workspace, StreamKey.Alert(alert.Alert), upTo, cancel)).Select(e => e.Fact).FirstOrDefault() is AlertFired { Silence: not null };
}
