using System.Globalization;
using System.Text.Json;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Shows deliveries with their attempts, and lets one be attempted at once.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database, SubscriptionStore subscriptions, DeliveryContents contents, Deliverer deliverer, TimeProvider clock)
{
    /// <summary>Deliveries, the newest first.</summary>
    /// <param name="state">Only those; null for all.</param>
    /// <param name="before">Number of the last one that was seen; null for the newest.</param>
    public async Task<IReadOnlyList<DeliveryRecord>> All(string workspace, string subscription, DeliveryState? state, long? before, int most, CancellationToken cancel)
    {
        await subscriptions.Find(workspace, subscription, cancel);
        await using var command = database.Command(
            $"""
            select {SubscriptionRows.DeliveryColumns} from geo.delivery
            where workspace = $1 and subscription = $2 and number < $3 and state = any($4) order by number desc limit $5
            """,
            workspace, subscription, before ?? long.MaxValue, (state is { } one ? [one] : Enum.GetValues<DeliveryState>()).Select(SubscriptionRows.Name).ToArray(), (long)most);
        return await SubscriptionRows.All(command, SubscriptionRows.Delivery, cancel);
    }

    /// <exception cref="RefusedException">There is none of that number (404).</exception>
    public async Task<DeliveryView> Find(string workspace, string subscription, long number, CancellationToken cancel)
    {
        await using var command = database.Command(
            $"select {SubscriptionRows.DeliveryColumns} from geo.delivery where workspace = $1 and subscription = $2 and number = $3", workspace, subscription, number);
        var found = (await SubscriptionRows.All(command, SubscriptionRows.Delivery, cancel)).FirstOrDefault();
        // Read after the delivery, so that the next attempt is that which follows the last one shown.
        var of = await subscriptions.Find(workspace, subscription, cancel);
        var delivery = found ?? throw RefusedException.NotFound("delivery", number.ToString(CultureInfo.InvariantCulture));
        await using var attempts = database.Command(
            "select no, at, took_ms, status, error, answer from geo.delivery_attempt where workspace = $1 and subscription = $2 and delivery = $3 order by no",
            workspace, subscription, number);
        return new DeliveryView(
            delivery,
            await SubscriptionRows.All(attempts, Attempt, cancel),
            delivery.State == DeliveryState.Waiting ? of.NextAttempt : null,
            of.Webhook is null ? null : await BodyOf(workspace, subscription, delivery, cancel));
    }

    /// <summary>Lets a delivery be attempted now, as soon as it is its turn.</summary>
    /// <exception cref="RefusedException">It went out, or the subscription is disabled (409).</exception>
    public async Task Retry(string workspace, string subscription, long number, CancellationToken cancel)
    {
        var found = await Find(workspace, subscription, number, cancel);
        if (found.Delivery.State == DeliveryState.Delivered)
        {
            throw new RefusedException("delivery-delivered", "It was delivered. To have it again, replay its feed number.");
        }

        if ((await subscriptions.Find(workspace, subscription, cancel)).State == SubscriptionState.Disabled)
        {
            throw new RefusedException("subscription-disabled", "The subscription is disabled. Enable it: what waits is attempted at once then.");
        }

        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.Execute("update geo.subscription set due_at = $3 where workspace = $1 and id = $2", cancel, workspace, subscription, clock.GetUtcNow());
        await connection.Execute(
            "update geo.delivery set state = 'waiting', tries = 0, settled_at = null where workspace = $1 and subscription = $2 and number = $3 and state <> 'delivered'", cancel,
            workspace, subscription, number);
        await transaction.CommitAsync(cancel);
        deliverer.Wake();
    }

    private static Attempt Attempt(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetInt32(2),
        row.IsDBNull(3) ? null : row.GetInt32(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5));

    private async Task<JsonElement> BodyOf(string workspace, string subscription, DeliveryRecord delivery, CancellationToken cancel)
    {
        using var document = JsonDocument.Parse(CloudEvent.Write(await contents.Of(workspace, subscription, delivery, cancel), await contents.SourceOf(workspace, cancel)));
        return document.RootElement.Clone();
    }
}
