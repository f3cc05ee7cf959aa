using System.Security.Cryptography;
using System.Text;
using GeoEvents.Delivery.Email;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>The right to say what is delivered in one workspace, which one on all nodes has at a time; a transaction that holds the workspace's cursor.</summary>
public sealed class PlanningTurn : IAsyncDisposable
{
    private readonly string workspace;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private PlanningTurn(string workspace, NpgsqlConnection connection, NpgsqlTransaction transaction, long position, string[] types) =>
        (this.workspace, this.connection, this.transaction, Position, Types) = (workspace, connection, transaction, position, types);

    /// <summary>Feed number up to which the log has been gone through.</summary>
    public long Position { get; }

    /// <summary>Types that subscriptions name besides those of alerts.</summary>
    public string[] Types { get; }

    public NpgsqlConnection Connection => connection;

    /// <param name="wait">Whether to wait while another has it.</param>
    /// <returns>Null if another has it, or the workspace has never had a subscription.</returns>
    public static async Task<PlanningTurn?> Begin(NpgsqlDataSource database, string workspace, bool wait, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancel);
            await using var command = connection.Command($"select position, types from geo.delivery_cursor where workspace = $1 for update {(wait ? "" : "skip locked")}", workspace);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            if (await reader.ReadAsync(cancel))
            {
                return new PlanningTurn(workspace, connection, transaction, reader.GetInt64(0), reader.GetFieldValue<string[]>(1));
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Begins with a workspace that may not have had a subscription yet: its log up to now is none of theirs.</summary>
    public static async Task<PlanningTurn> BeginFirst(NpgsqlDataSource database, string workspace, CancellationToken cancel)
    {
        await using (var first = database.Command(
            """
            insert into geo.delivery_cursor (workspace, position, types)
            values ($1, coalesce((select position from geo.recording where workspace = $1 order by position desc limit 1), 0), '{}') on conflict do nothing
            """,
            workspace))
        {
            await first.ExecuteNonQueryAsync(cancel);
        }

        return await Begin(database, workspace, wait: true, cancel) ?? throw new InvalidOperationException("A cursor is gone that nobody deletes.");
    }

    public async Task<IReadOnlyList<Subscription>> Active(CancellationToken cancel)
    {
        await using var command = connection.Command($"select {SubscriptionRows.Columns} from geo.subscription where workspace = $1 and state = 'active'", workspace);
        return await SubscriptionRows.All(command, row => SubscriptionRows.Subscription(row), cancel);
    }

    /// <summary>Who got, or is about to get, messages of some alerts.</summary>
    public async Task<IReadOnlyList<(string Alert, string Subscription)>> Told(IReadOnlyCollection<string> alerts, CancellationToken cancel)
    {
        if (alerts.Count == 0)
        {
            return [];
        }

        await using var command = connection.Command(
            "select distinct alert, subscription from geo.delivery where workspace = $1 and alert = any($2) and state in ('waiting', 'delivered')", workspace, alerts.ToArray());
        return await SubscriptionRows.All(command, row => (row.GetString(0), row.GetString(1)), cancel);
    }

    /// <summary>Queues what was planned, each subscription's behind what it has already, and lets those be due that had nothing.</summary>
    /// <returns>How many are new: what a subscription has already is not queued again, unless it is a replay.</returns>
    public async Task<int> Queue(IReadOnlyList<Planned> planned, IReadOnlyCollection<Subscription> subscriptions, bool replay, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, planned, subscriptions, replay, now);
        if (planned.Count == 0)
        {
            return 0;
        }

        await batch.ExecuteNonQueryAsync(cancel);
        return (int)batch.BatchCommands[0].RecordsAffected;
    }

    /// <summary>Queues what was planned, notes how far the log was gone through, and ends the turn, in one round trip.</summary>
    public async Task Finish(IReadOnlyList<Planned> planned, IReadOnlyCollection<Subscription> subscriptions, long position, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, planned, subscriptions, replay: false, now);
        batch.Add("update geo.delivery_cursor set position = $2 where workspace = $1", workspace, position);
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private void Add(NpgsqlBatch batch, IReadOnlyList<Planned> planned, IReadOnlyCollection<Subscription> subscriptions, bool replay, DateTimeOffset now)
    {
        if (planned.Count == 0)
        {
            return;
        }

        var byId = subscriptions.ToDictionary(s => s.Id);
        batch.Add(
            """
            insert into geo.delivery (workspace, subscription, number, item, type, alert, message, replay, state, planned_at)
            select $1, p.subscription,
                coalesce((select max(number) from geo.delivery d where d.workspace = $1 and d.subscription = p.subscription), 0) + row_number() over (partition by p.subscription order by p.no),
                p.item, p.type, p.alert, p.message, $7, 'waiting', $8
            from unnest($2, $3, $4, $5, $6) with ordinality as p(subscription, item, type, alert, message, no)
            on conflict do nothing
            """,
            workspace,
            planned.Select(p => p.Subscription).ToArray(),
            planned.Select(p => p.Item.Number).ToArray(),
            planned.Select(p => p.Item.Type).ToArray(),
            planned.Select(p => p.Alert).ToArray(),
            planned.Select(p => MessageId(workspace, byId[p.Subscription], p.Item.Number)).ToArray(),
            replay,
            now);
        var due = planned.Select(p => p.Subscription).Distinct().ToList();
        batch.Add(
            "update geo.subscription s set due_at = coalesce(s.due_at, d.at) from unnest($2, $3) as d(id, at) where s.workspace = $1 and s.id = d.id",
            workspace,
            due.ToArray(),
            due.ConvertAll(id => NextDue(byId[id], now).UtcDateTime).ToArray());
    }

    /// <summary>Makes the types known that the subscriptions of the workspace name.</summary>
    public async Task NoteTypes(CancellationToken cancel)
    {
        await using var command = connection.Command($"select {SubscriptionRows.Columns} from geo.subscription where workspace = $1", workspace);
        var types = (await SubscriptionRows.All(command, row => SubscriptionRows.Subscription(row).Filter.Types ?? [], cancel))
            .SelectMany(t => t).Except(DeliveryPlan.AlertTypes).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (!types.SequenceEqual(Types))
        {
            await connection.Execute("update geo.delivery_cursor set types = $2 where workspace = $1", cancel, workspace, types);
        }
    }

    public Task Commit(CancellationToken cancel) => transaction.CommitAsync(cancel);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>When what is queued now may go out.</summary>
    public static DateTimeOffset NextDue(Subscription subscription, DateTimeOffset now) =>
        subscription.Content.Email is { } email ? EmailSchedule.NextDue(email, now) : now;

    /// <summary>The same for the same fact and subscription, always; another for a subscription that was made anew under the same id.</summary>
    private static string MessageId(string workspace, Subscription subscription, long item) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{subscription.Id}\n{subscription.CreatedAt.UtcTicks}\n{item}")))[..32];
}
