using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>A subscription that this node delivers for the while.</summary>
public sealed record Leased(string Workspace, Subscription Subscription, long Node);

/// <summary>What becomes of deliveries after an attempt.</summary>
/// <param name="State">Null: they wait for another.</param>
/// <param name="DueAt">When the next attempt is due; null: go on at once, and keep the subscription.</param>
/// <param name="Disabled">Why the subscription ends with it; null if it does not.</param>
public sealed record Fate(DeliveryState? State, DateTimeOffset? DueAt = null, DisabledBecause? Disabled = null);

/// <summary>The queues of all subscriptions: who delivers, what waits, what came of it.</summary>
public sealed class DeliveryQueues(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    /// <summary>However many subscriptions are worked on, so many of the database's connections at most are used for them.</summary>
    private const int MostConnections = 8;

    private readonly SemaphoreSlim connections = new(MostConnections);

    /// <summary>Longer than any attempt can take; it is renewed with each. By the clock of the database, which all nodes have in common.</summary>
    private const string LeaseEnd = "now() + interval '2 minutes'";

    private const string IsFree =
        """
        (leased_by is null or leased_until <= now() or not exists (
            select from pg_locks l join pg_database d on d.oid = l.database
            where l.locktype = 'advisory' and l.classid = $2::bigint::oid and l.objid = leased_by::oid and l.objsubid = 2 and l.granted and d.datname = current_database()))
        """;

    /// <summary>Takes subscriptions whose time has come and which nobody has, those due first.</summary>
    public async Task<IReadOnlyList<Leased>> Claim(long node, int most, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.Add("begin");
        // A lease that is lost with the database's last instants is no loss.
        batch.Add("set local synchronous_commit = off");
        batch.Add(
            $"""
            update geo.subscription s set leased_by = $3, leased_until = {LeaseEnd}
            from (
                select workspace, id from geo.subscription where state = 'active' and due_at is not null and due_at <= $1 and {IsFree}
                order by due_at limit $4 for update skip locked) d
            where s.workspace = d.workspace and s.id = d.id
            returning s.workspace, {string.Join(", ", SubscriptionRows.Columns.Split(", ").Select(c => $"s.{c}"))}
            """,
            clock.GetUtcNow(), (long)DeliveryNode.LockClass, node, (long)most);
        batch.Add("commit");
        var claimed = new List<Leased>();
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            claimed.Add(new Leased(reader.GetString(0), SubscriptionRows.Subscription(reader, 1), node));
        }

        await reader.NextResultAsync(cancel);
        return claimed;
    }

    /// <summary>When the next subscription is due that nobody has; null if none is.</summary>
    public async Task<DateTimeOffset?> NextDue(CancellationToken cancel)
    {
        await using var command = database.Command(
            "select min(due_at) from geo.subscription where state = 'active' and due_at is not null and (leased_until is null or leased_until <= now())");
        return await command.ExecuteScalarAsync(cancel) is DateTime due ? new DateTimeOffset(due) : null;
    }

    /// <summary>What waits, in the order of going out.</summary>
    public Task<IReadOnlyList<DeliveryRecord>> Waiting(Leased leased, int most, CancellationToken cancel) => Connected<IReadOnlyList<DeliveryRecord>>(async () =>
    {
        await using var command = database.Command(
            $"select {SubscriptionRows.DeliveryColumns} from geo.delivery where workspace = $1 and subscription = $2 and state = 'waiting' order by number limit $3",
            leased.Workspace, leased.Subscription.Id, (long)most);
        return await SubscriptionRows.All(command, SubscriptionRows.Delivery, cancel);
    }, cancel);

    /// <summary>What signs, the newest first.</summary>
    public Task<IReadOnlyList<string>> Secrets(string workspace, string subscription, CancellationToken cancel) => Connected<IReadOnlyList<string>>(async () =>
    {
        await using var command = database.Command(
            "select secret from geo.subscription_secret where workspace = $1 and subscription = $2 and (valid_until is null or valid_until > $3) order by made_at desc",
            workspace, subscription, clock.GetUtcNow());
        return await SubscriptionRows.All(command, row => row.GetString(0), cancel);
    }, cancel);

    /// <summary>Puts all that waits into digests for good, before they go out.</summary>
    /// <param name="most">Deliveries of a digest.</param>
    public async Task Bind(Leased leased, int most, CancellationToken cancel)
    {
        await using var command = database.Command(
            """
            with waiting as (
                select number, message, (row_number() over (order by number) - 1) / $3 as digest from geo.delivery
                where workspace = $1 and subscription = $2 and state = 'waiting' and batch is null)
            update geo.delivery d set batch = w.batch
            from (select number, 'digest_' || first_value(message) over (partition by digest order by number) as batch from waiting) w
            where d.workspace = $1 and d.subscription = $2 and d.number = w.number
            """,
            leased.Workspace, leased.Subscription.Id, (long)most);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Puts an attempt on record, and what becomes of the deliveries and the subscription.</summary>
    /// <returns>Whether the subscription is still ours to go on with; not if it was changed meanwhile.</returns>
    public Task<bool> Record(Leased leased, IReadOnlyList<long> numbers, DateTimeOffset at, TimeSpan took, AttemptResult result, Fate fate, CancellationToken cancel) => Connected(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (workspace, id) = (leased.Workspace, leased.Subscription.Id);
        if (fate.Disabled is not null)
        {
            // Whoever plans holds this row, so that what is planned and what is missed meet without gap or overlap.
            await connection.Execute("select from geo.delivery_cursor where workspace = $1 for update", cancel, workspace);
        }

        if (await Holder(connection, workspace, id, cancel) is not { } holder || holder.Node != leased.Node)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        // Whatever others said: what cannot be stored must not undo that the attempt was made.
        var (error, answer) = (AttemptText.Of(result.Error), AttemptText.Of(result.Answer));
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "update geo.delivery set attempts = attempts + 1, tries = tries + 1, state = coalesce($4, state), settled_at = case when $4 is null then null else $5 end "
            + "where workspace = $1 and subscription = $2 and number = any($3)",
            workspace, id, numbers.ToArray(), fate.State is { } state ? SubscriptionRows.Name(state) : null, now);
        batch.BatchCommands[^1].Parameters[3].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        batch.Add(
            "insert into geo.delivery_attempt (workspace, subscription, delivery, no, at, took_ms, status, error, answer) "
            + "select $1, $2, number, attempts, $4, $5, $6, $7, $8 from geo.delivery where workspace = $1 and subscription = $2 and number = any($3)",
            workspace, id, numbers.ToArray(), at, (int)took.TotalMilliseconds, result.Status, error, answer);
        if (fate.Disabled is { } because)
        {
            batch.Add(
                "update geo.subscription set state = 'disabled', reason = $3, detail = $4, since = $5, version = version + 1, leased_by = null, leased_until = null, "
                + "position = (select position from geo.delivery_cursor where workspace = $1) where workspace = $1 and id = $2 and state = 'active'",
                workspace, id, SubscriptionRows.Name(because), error, now);
        }
        else if ((fate.DueAt ?? (holder.Version == leased.Subscription.Version ? null : now)) is { } due)
        {
            batch.Add("update geo.subscription set leased_by = null, leased_until = null, due_at = $3 where workspace = $1 and id = $2", workspace, id, due);
        }
        else
        {
            batch.Add($"update geo.subscription set leased_until = {LeaseEnd} where workspace = $1 and id = $2", workspace, id);
        }

        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(cancel);
        return holder.Version == leased.Subscription.Version && fate is { Disabled: null, DueAt: null };
    }, cancel);

    /// <summary>Gives a subscription back.</summary>
    /// <param name="dueAt">When it is due again if something waits.</param>
    public Task Release(Leased leased, DateTimeOffset dueAt, CancellationToken cancel) => Connected(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var (workspace, id) = (leased.Workspace, leased.Subscription.Id);
        if (await Holder(connection, workspace, id, cancel) is { } holder && holder.Node == leased.Node)
        {
            // A statement of its own, so that it sees what was queued by whoever held the row before us.
            await connection.Execute(
                """
                update geo.subscription set leased_by = null, leased_until = null,
                    due_at = case when exists (select from geo.delivery where workspace = $1 and subscription = $2 and state = 'waiting') then $3 end
                where workspace = $1 and id = $2
                """, cancel,
                workspace, id, dueAt);
            await transaction.CommitAsync(cancel);
        }

        return true;
    }, cancel);

    public void Dispose() => connections.Dispose();

    private async Task<T> Connected<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await connections.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            connections.Release();
        }
    }

    /// <summary>Holds the row, and says who leased it.</summary>
    private static async Task<(long Node, long Version)?> Holder(NpgsqlConnection connection, string workspace, string id, CancellationToken cancel)
    {
        await using var command = connection.Command("select coalesce(leased_by, 0), version from geo.subscription where workspace = $1 and id = $2 for update", workspace, id);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }
}
