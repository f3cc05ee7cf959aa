using System.Collections.Concurrent;
using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Feed;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Says what deliveries say.</summary>
public sealed class DeliveryContents(NpgsqlDataSource database, FeedReader feed, LogReader log, LogOrigin origin, IncidentReader incidents, PublicAddress address)
{
    /// <summary>A fact goes to many subscriptions within a moment, and is the same for all.</summary>
    private const int MostKept = 256;

    private const int LongestTitle = 200;

    private readonly ConcurrentDictionary<(string Workspace, long Number), Task<DeliveryContent>> kept = new();

    /// <summary>The feed of a workspace as the source of its events: its address, or without a public address a name of its own.</summary>
    public async Task<string> SourceOf(string workspace, CancellationToken cancel) => address.Base.Length > 0
        ? address.Of($"/api/v1/{workspace}/feed")
        : AtomWriter.Tag($"{await origin.Of(workspace, cancel)}/{workspace}", "feed");

    public async Task<DeliveryContent> Of(string workspace, string subscription, DeliveryRecord delivery, CancellationToken cancel)
    {
        var references = delivery.Alert is null || delivery.Type == DeliveryPlan.Fired ? [] : await References(workspace, subscription, delivery, cancel);
        return await Of(workspace, delivery.Item, cancel) with { References = references, Replay = delivery.Replay ? true : null };
    }

    /// <summary>Begins to put together what an item says, which somebody will ask for in a moment.</summary>
    public void Prepare(string workspace, FeedItem item) => Keep((workspace, item.Number), () => Make(workspace, item));

    private Task<DeliveryContent> Of(string workspace, long number, CancellationToken cancel) => Keep(
        (workspace, number),
        async () => await Make(workspace, (await feed.After(workspace, number - 1, 1, FeedFilter.None, CancellationToken.None)).Items[0])).WaitAsync(cancel);

    /// <summary>One that could not be made is made anew the next time.</summary>
    private Task<DeliveryContent> Keep((string Workspace, long Number) key, Func<Task<DeliveryContent>> make)
    {
        if (kept.TryGetValue(key, out var known) && !known.IsFaulted)
        {
            return known;
        }

        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        return kept[key] = Task.Run(make);
    }

    private async Task<DeliveryContent> Make(string workspace, FeedItem item) =>
        PlannedItems.AlertOf(item) is { } fact ? await OfAlert(workspace, item, fact, CancellationToken.None) : await OfOther(workspace, item, CancellationToken.None);

    private async Task<DeliveryContent> OfOther(string workspace, FeedItem item, CancellationToken cancel) => new(
        workspace, item.Number, item.Type, item.Subject, item.RecordedAt, Headlines.Of(item.Type, item.Subject, Cut(await TitleOf(workspace, item, cancel))), null,
        item.Rule is { } rule ? new RuleReference(rule, null, null) : null, item.Dyads, null, null, null, null, null, null, null, null, null, item.Data, Links(workspace, item.Number, null));

    /// <summary>What the subject was called when the fact was recorded; null if it is nothing that has a title.</summary>
    private async Task<string?> TitleOf(string workspace, FeedItem item, CancellationToken cancel) =>
        item.Subject.StartsWith(IncidentSubject, StringComparison.Ordinal)
            ? (await incidents.Find(workspace, item.Subject[IncidentSubject.Length..], item.Number, cancel))?.Content.Title
            : item.Data.ValueKind == JsonValueKind.Object && item.Data.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String ? title.GetString() : null;

    private const string IncidentSubject = "incident/";

    private async Task<DeliveryContent> OfAlert(string workspace, FeedItem item, AlertEvent fact, CancellationToken cancel)
    {
        var (alert, before) = await AlertOf(workspace, fact.Alert, item.Number, cancel);
        var receipt = alert.Receipts[^1];
        var rule = await RuleOf(workspace, fact.Rule, receipt.RuleVersion, item.Number, cancel);
        var changed = Headlines.ChangeOf(fact);
        var streams = receipt.Causes.Select(c => c.Stream).Concat(changed is { } c ? [c.Stream] : []).Distinct().ToList();
        var titles = (await incidents.Load(workspace, streams, item.Number, cancel)).ToDictionary(i => i.Key, i => Cut(i.Value.Content.Title));
        return new DeliveryContent(
            workspace, item.Number, item.Type, item.Subject, item.RecordedAt,
            Headlines.Of(fact, rule.Title ?? fact.Rule, changed is { } of ? titles.GetValueOrDefault(of.Stream) : null, alert.FiredAt, before),
            fact.Alert, rule, [fact.Dyad], (fact as IAlertDecision)?.Severity, (fact as AlertSeverityRaised)?.From, (fact as AlertResolved)?.Because, (fact as IAlertDecision)?.At,
            ValuesOf(fact), changed?.Then, changed?.Now,
            changed is { } change ? new ChangeReference(change.Incident, titles.GetValueOrDefault(change.Stream), change.Class, change.Position) : null,
            [.. receipt.Causes.Select(c => new CauseReference(c.Incident, titles.GetValueOrDefault(c.Stream), c.Position, c.Weight))],
            null, Links(workspace, item.Number, fact.Alert));
    }

    /// <returns>The alert with that fact, and its severity before it.</returns>
    private async Task<(Alert Alert, Severity? Before)> AlertOf(string workspace, string id, long upTo, CancellationToken cancel)
    {
        var (alert, before) = ((Alert?)null, (Severity?)null);
        foreach (var e in await log.OfStream(workspace, StreamKey.Alert(id), upTo, cancel))
        {
            (alert, before) = (Alert.After(alert, (AlertEvent)e.Fact, e.RecordedAt, e.Position), alert?.Severity);
        }

        return (alert!, before);
    }

    /// <summary>The title is that of the version that fired.</summary>
    private async Task<RuleReference> RuleOf(string workspace, string id, int version, long upTo, CancellationToken cancel)
    {
        var rule = (await log.OfStream(workspace, StreamKey.AlertRule(id), upTo, cancel)).Aggregate((Rule?)null, (rule, e) => Rule.After(rule, (RuleEvent)e.Fact, e.RecordedAt));
        return new RuleReference(id, Cut(rule?.Versions.FirstOrDefault(v => v.Number == version)?.Rule.Title), version);
    }

    /// <summary>Earlier messages of the alert that went out to this subscription; of one sent twice, once.</summary>
    private async Task<IReadOnlyList<MessageReference>> References(string workspace, string subscription, DeliveryRecord delivery, CancellationToken cancel)
    {
        await using var command = database.Command(
            """
            select distinct on (item) coalesce(batch, message), item, type from geo.delivery
            where workspace = $1 and alert = $3 and subscription = $2 and item < $4 and state = 'delivered' order by item, number
            """,
            workspace, subscription, delivery.Alert, delivery.Item);
        var all = await SubscriptionRows.All(command, row => new MessageReference(row.GetString(0), row.GetInt64(1), row.GetString(2)), cancel);
        return all.Count <= MostReferences ? all : [all[0], .. all.TakeLast(MostReferences - 1)];
    }

    /// <summary>The first, which is the firing, and the latest.</summary>
    private const int MostReferences = 10;

    private ContentLinks Links(string workspace, long number, string? alert)
    {
        var at = $"/api/v1/{workspace}";
        return new ContentLinks(
            alert is null ? null : address.Of($"{at}/alerts/{alert}"), alert is null ? null : address.Of($"{at}/alerts/{alert}/receipt"), address.Of($"{at}/feed?after={number - 1}"));
    }

    private static IReadOnlyDictionary<string, double>? ValuesOf(AlertEvent fact) => fact switch
    {
        AlertFired e => e.Receipt.Values,
        AlertSeverityRaised e => e.Receipt.Values,
        AlertResolved e => e.Values,
        _ => null,
    };

    private static string? Cut(string? text) => text is { Length: > LongestTitle } ? text[..(char.IsHighSurrogate(text[LongestTitle - 2]) ? LongestTitle - 2 : LongestTitle - 1)] + "…" : text;
}
