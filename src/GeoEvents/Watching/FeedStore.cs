using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Marten;
using Npgsql;
using NpgsqlTypes;
using SessionOptions = Marten.Services.SessionOptions;

namespace GeoEvents.Watching;

/// <summary>A feed of some workspace with its files counted.</summary>
public sealed record StoredFeed(string Workspace, Feed Feed, FeedFiles Files);

/// <summary>Keeps feeds, and which of their files were taken.</summary>
public sealed class FeedStore(IDocumentStore store, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Of a file that its feed announces; one that only might be there is not asked for so often.</summary>
    private const int MostFailures = 12;
    private const int MostFailuresOfAGuess = 3;

    public DateTimeOffset Now => Microseconds.Floor(clock.GetUtcNow());

    public async Task<Feed?> Find(string workspace, string name, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        return await session.LoadAsync<Feed>(name, cancel);
    }

    /// <summary>Feeds by workspace and name.</summary>
    /// <param name="workspace">Null for those of all workspaces.</param>
    public async Task<IReadOnlyList<StoredFeed>> All(string? workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            select f.tenant_id, f.data, w.waiting, w.since, w.given_up, t.name, t.import, t.taken_at
            from geo.mt_doc_feed f
            cross join lateral (
                select count(*) filter (where not given_up) waiting, min(published_at) filter (where not given_up) since, count(*) filter (where given_up) given_up
                from geo.feed_file where workspace = f.tenant_id and feed = f.id and taken_at is null) w
            left join lateral (
                select name, import, taken_at from geo.feed_file where workspace = f.tenant_id and feed = f.id and taken_at is not null
                order by taken_at desc limit 1) t on true
            where $1 is null or f.tenant_id = $1
            order by f.tenant_id, f.id
            """);
        command.Parameters.Add(new() { Value = (object?)workspace ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var all = new List<StoredFeed>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            all.Add(new StoredFeed(
                reader.GetString(0),
                Body.Parse<Feed>(reader.GetFieldValue<byte[]>(1)),
                new FeedFiles(
                    reader.GetInt64(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetInt64(4),
                    reader.IsDBNull(5) ? null : new TakenFile(reader.GetString(5), reader.GetGuid(6), reader.GetFieldValue<DateTimeOffset>(7)))));
        }

        return all;
    }

    /// <summary>Changes a feed, one change at a time on all nodes.</summary>
    /// <param name="change">Given null if there is none; giving null removes it, and with it what is known of its files.</param>
    /// <param name="found">Files to remember with the change.</param>
    /// <returns>The feed before and after.</returns>
    public async Task<(Feed? Before, Feed? After)> Change(
        string workspace, string name, Func<Feed?, Feed?> change, CancellationToken cancel, IReadOnlyCollection<FeedFile>? found = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Execute(connection, "select pg_advisory_xact_lock($1)", cancel, Key("feed-change", workspace, name));
        var options = SessionOptions.ForTransaction(transaction);
        options.TenantId = workspace;
        await using var session = store.LightweightSession(options);
        var before = await session.LoadAsync<Feed>(name, cancel);
        var after = change(before);
        if (after is not null)
        {
            session.Store(after);
            if (found is { Count: > 0 })
            {
                await Remember(connection, workspace, name, found, cancel);
            }
        }
        else if (before is not null)
        {
            session.Delete(before);
            await Execute(connection, "delete from geo.feed_file where workspace = $1 and feed = $2", cancel, workspace, name);
        }

        await session.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (before, after);
    }

    /// <summary>Lets one worker on all nodes have the feed, for as long as it keeps what is returned.</summary>
    /// <returns>Null if another has it.</returns>
    public async Task<IAsyncDisposable?> Lock(string workspace, string name, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            var key = Key("feed-work", workspace, name);
            await using var locking = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
            if (await locking.ExecuteScalarAsync(cancel) is true)
            {
                return new Held(connection, key);
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

    /// <returns>The next file to be taken: what has not failed before what has, the oldest first. Null if none is due.</returns>
    public async Task<FeedFile?> NextFile(string workspace, string feed, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            select name, size, md5, published_at from geo.feed_file
            where workspace = $1 and feed = $2 and taken_at is null and not given_up and (retry_at is null or retry_at <= $3)
            order by retry_at nulls first, published_at, name limit 1
            """);
        AddAll(command, workspace, feed, Now);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new FeedFile(
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3))
            : null;
    }

    /// <summary>When a file that failed is to be tried again; null if none failed.</summary>
    public async Task<DateTimeOffset?> NextRetry(string workspace, string feed, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select min(retry_at) from geo.feed_file where workspace = $1 and feed = $2 and taken_at is null and not given_up");
        AddAll(command, workspace, feed);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && !reader.IsDBNull(0) ? reader.GetFieldValue<DateTimeOffset>(0) : null;
    }

    /// <summary>How many of the feed's files wait in imports that have not ended.</summary>
    public async Task<long> Unfinished(string workspace, string feed, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            select count(*) from (
                select import from geo.feed_file where workspace = $1 and feed = $2 and taken_at is not null order by taken_at desc limit 100) f
            join geo.mt_doc_import i on i.tenant_id = $1 and i.id = f.import
            where i.data ->> 'state' in ('queued', 'running')
            """);
        AddAll(command, workspace, feed);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Marks a file as taken by an import, in the session's transaction, which stays open.</summary>
    /// <param name="file">As it was announced when reading it began.</param>
    /// <param name="size">Bytes read.</param>
    /// <param name="md5">Of what was read.</param>
    /// <returns>False if it was taken meanwhile, or is announced otherwise, or the feed is gone: then nothing may be queued.</returns>
    public static async Task<bool> Claim(
        IDocumentSession session, string workspace, string feed, FeedFile file, Guid import, long size, string md5, DateTimeOffset takenAt, CancellationToken cancel)
    {
        await session.BeginTransactionAsync(cancel);
        await using var claim = new NpgsqlCommand("""
            update geo.feed_file set import = $5, size = $6, md5 = $7, taken_at = $8, failures = 0, retry_at = null
            where workspace = $1 and feed = $2 and name = $3 and taken_at is null and md5 is not distinct from $4
            """);
        AddAll(claim, workspace, feed, file.Name);
        claim.Parameters.Add(new() { Value = (object?)file.Md5 ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        AddAll(claim, import, size, md5, takenAt);
        return await session.ExecuteAsync(claim, cancel) == 1;
    }

    /// <summary>A file was not what was announced. It is tried again, each time later, and in the end given up.</summary>
    public async Task Failed(string workspace, string feed, FeedFile file, double chance, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var failures = new NpgsqlCommand("select failures + 1 from geo.feed_file where workspace = $1 and feed = $2 and name = $3", connection);
        AddAll(failures, workspace, feed, file.Name);
        if (await failures.ExecuteScalarAsync(cancel) is int count)
        {
            await Execute(
                connection,
                "update geo.feed_file set failures = $4, retry_at = $5, given_up = $6 where workspace = $1 and feed = $2 and name = $3 and taken_at is null",
                cancel, workspace, feed, file.Name, count, Now + Backoff.After(count, chance), count >= (file.Md5 is null ? MostFailuresOfAGuess : MostFailures));
        }
    }

    /// <summary>Lets a file wait behind those that were not tried yet: the place did not answer, which may not be the file's fault.</summary>
    public async Task Postpone(string workspace, string feed, FeedFile file, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Execute(
            connection,
            "update geo.feed_file set retry_at = $4 where workspace = $1 and feed = $2 and name = $3 and taken_at is null",
            cancel, workspace, feed, file.Name, Now);
    }

    /// <summary>Lets every file that failed, or was given up, be tried at once, after those that were not tried yet.</summary>
    public async Task RetryAll(string workspace, string feed, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await Execute(
            connection,
            "update geo.feed_file set failures = 0, retry_at = $3, given_up = false where workspace = $1 and feed = $2 and taken_at is null and retry_at is not null",
            cancel, workspace, feed, Now);
    }

    /// <summary>
    /// A file known already is to be taken again if it was changed: announced with another MD5, or, where none is, with another size or written since.
    /// While it waits, the latest announcement holds.
    /// </summary>
    private async Task Remember(NpgsqlConnection connection, string workspace, string feed, IReadOnlyCollection<FeedFile> found, CancellationToken cancel)
    {
        // A list may name a file twice; the last line holds.
        var files = found.GroupBy(f => f.Name).Select(g => g.Last()).ToList();
        var now = Now;
        await Execute(
            connection,
            """
            with announced as (select * from unnest($3, $4, $5, $6, $7) a (name, size, md5, published_at, changed_at))
            insert into geo.feed_file as known (workspace, feed, name, size, md5, published_at)
            select $1, $2, name, size, md5, published_at from announced
            on conflict (workspace, feed, name) do update
            set size = excluded.size, md5 = excluded.md5, failures = 0, retry_at = null, given_up = false, taken_at = null
            where excluded.md5 <> known.md5
               or (known.md5 is null and excluded.md5 is not null)
               or (excluded.size <> known.size and (excluded.md5 is null or known.taken_at is null))
               or known.taken_at < (select changed_at from announced a where a.name = known.name)
            """,
            cancel,
            workspace,
            feed,
            files.Select(f => f.Name).ToArray(),
            files.Select(f => f.Size).ToArray(),
            files.Select(f => f.Md5).ToArray(),
            files.Select(f => f.PublishedAt ?? f.ChangedAt ?? now).ToArray(),
            files.Select(f => f.ChangedAt).ToArray());
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        AddAll(command, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void AddAll(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    /// <summary>A lock of a connection. It has to be given back: a connection that returns to its pool keeps it. It goes with a connection that breaks.</summary>
    private sealed class Held(NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                if (connection.State == System.Data.ConnectionState.Open)
                {
                    await Execute(connection, "select pg_advisory_unlock($1)", CancellationToken.None, key);
                }
            }
        }
    }

    private static long Key(string purpose, string workspace, string name) => BitConverter.ToInt64(new StreamKey(purpose, name).In(workspace).ToByteArray());
}
