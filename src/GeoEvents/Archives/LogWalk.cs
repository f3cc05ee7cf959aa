using System.Data;
using System.Runtime.CompilerServices;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Archives;

/// <summary>An event of the store, with the name of its stream.</summary>
/// <param name="Sequence">Its number in the store.</param>
public sealed record StoredEvent(long Sequence, Guid Id, StreamKey Stream, string Kind, byte[] Data, DateTimeOffset RecordedAt, string? User)
{
    /// <summary>What it is at a position.</summary>
    public byte[] LineAt(long position) => FactLine.Of(Id, Kind, position, RecordedAt, Stream, User, Data);
}

/// <summary>One place of the log: what the chain says stands there, and what does.</summary>
/// <param name="Position">0 for an event that the chain has no place for.</param>
/// <param name="Digest">Of the fact, as the chain has it; null where it has none.</param>
/// <param name="Event">Null where there is none.</param>
public readonly record struct Place(long Position, byte[]? Digest, StoredEvent? Event);

/// <summary>One commit as the chain has it.</summary>
public sealed record ChainRow(long Position, long Sequence, byte[] Hash, byte[] Digests)
{
    public int Count => Digests.Length / HashChain.Size;

    public byte[] DigestOf(int index) => Digests[(index * HashChain.Size)..((index + 1) * HashChain.Size)];
}

/// <summary>Opens the log of a workspace and its chain, both as they stand at one moment.</summary>
public sealed class LogWalk(NpgsqlDataSource database)
{
    /// <summary>What is recorded while the walk lasts is not in it.</summary>
    public async Task<LogAtOneMoment> Begin(string workspace, CancellationToken cancel)
    {
        var (events, chain) = (await database.OpenConnectionAsync(cancel), default(NpgsqlConnection));
        try
        {
            var ofEvents = await events.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await using var export = new NpgsqlCommand("select pg_export_snapshot()", events);
            var snapshot = (string)(await export.ExecuteScalarAsync(cancel))!;

            chain = await database.OpenConnectionAsync(cancel);
            var ofChain = await chain.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await using var import = new NpgsqlCommand($"set transaction snapshot '{snapshot}'", chain);
            await import.ExecuteNonQueryAsync(cancel);
            return new LogAtOneMoment(workspace, ofEvents, ofChain);
        }
        catch
        {
            await events.DisposeAsync();
            await (chain?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }
}

/// <summary>Walks through the log of a workspace and its chain side by side, from the first fact on. It needs little memory, however long the log is.</summary>
/// <param name="ofEvents">Two transactions that see the same, since two tables are read at a time.</param>
public sealed class LogAtOneMoment(string workspace, NpgsqlTransaction ofEvents, NpgsqlTransaction ofChain) : IAsyncDisposable
{
    private static readonly string Logged = FactTypes.NameOf(typeof(IncidentLogged));

    /// <param name="upTo">Position after which nothing is read but what its commit has besides; null is the whole log, and events beyond the chain.</param>
    /// <param name="each">Told of each commit of the chain before its places.</param>
    public async IAsyncEnumerable<Place> Places(long? upTo, Action<ChainRow> each, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var events = Events(upTo, cancel).GetAsyncEnumerator(cancel);
        var more = await events.MoveNextAsync();
        await foreach (var row in Chain(upTo, cancel))
        {
            each(row);
            for (var i = 0; i < row.Count; i++)
            {
                var sequence = row.Sequence - row.Count + 1 + i;
                for (; more && events.Current.Sequence < sequence; more = await events.MoveNextAsync())
                {
                    yield return new Place(0, null, events.Current);
                }

                var there = more && events.Current.Sequence == sequence ? events.Current : null;
                yield return new Place(row.Position - row.Count + 1 + i, row.DigestOf(i), there);
                more = there is null ? more : await events.MoveNextAsync();
            }
        }

        for (; more; more = await events.MoveNextAsync())
        {
            yield return new Place(0, null, events.Current);
        }
    }

    /// <summary>Commits for which the index of recorded times, by which a date is read as a position, has another time than their events, or that only one of index and chain has.</summary>
    /// <param name="most">How many of them at most.</param>
    public async Task<IReadOnlyList<long>> TimesThatDiffer(int most, CancellationToken cancel)
    {
        await using var command = Command(
            ofChain,
            """
            select position
            from (select position, seq from geo.chain where workspace = $1) c
            full join (select position, seq, recorded_at from geo.recording where workspace = $1) r using (position, seq)
            left join geo.mt_events e on e.seq_id = seq and e.tenant_id = $1
            where c.position is null or r.position is null or e.timestamp <> recorded_at
            order by position limit $2
            """,
            most);
        var positions = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            positions.Add(reader.GetInt64(0));
        }

        return positions;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transaction in (NpgsqlTransaction[])[ofEvents, ofChain])
        {
            var connection = transaction.Connection;
            await transaction.DisposeAsync();
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private async IAsyncEnumerable<ChainRow> Chain(long? upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Command(
            ofChain,
            "select position, seq, hash, digests from geo.chain where workspace = $1 and position - length(digests) / 32 < $2 order by position",
            upTo ?? long.MaxValue);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return new ChainRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        }
    }

    private async IAsyncEnumerable<StoredEvent> Events(long? upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        var names = new Dictionary<Guid, StreamKey>();
        var withLater = await StreamsOfLaterFacts(cancel);
        await using var command = Command(
            ofEvents,
            """
            select seq_id, id, stream_id, type, data, timestamp, user_name from geo.mt_events
            where tenant_id = $1 and seq_id <= coalesce((select seq from geo.chain where workspace = $1 and position >= $2 order by position limit 1), $2)
            order by seq_id
            """,
            upTo ?? long.MaxValue);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (kind, data) = (reader.GetString(3), reader.GetFieldValue<byte[]>(4));
            yield return new StoredEvent(
                reader.GetInt64(0),
                reader.GetGuid(1),
                NameOf(reader.GetGuid(2), kind, data, names, withLater),
                kind,
                data,
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetString(6));
        }
    }

    /// <summary>
    /// The stream of a fact. That of an incident is told by its first fact, which may stand in a stream that many share; any other fact belongs where it stands.
    /// </summary>
    private StreamKey NameOf(Guid stored, string kind, byte[] data, Dictionary<Guid, StreamKey> names, HashSet<Guid> withLater)
    {
        if (names.TryGetValue(stored, out var known) && kind != Logged)
        {
            return known;
        }

        if (FactStreams.BegunBy(FactTypes.Read(kind, data)) is not { } begun)
        {
            return StreamKey.Unknown(stored);
        }

        var own = begun.In(workspace);
        if (own != stored && kind != Logged)
        {
            return StreamKey.Unknown(stored);
        }

        if (withLater.Contains(own))
        {
            names[own] = begun;
        }

        return begun;
    }

    /// <summary>Streams that hold more than the first fact of an incident: only their names have to be kept in mind.</summary>
    private async Task<HashSet<Guid>> StreamsOfLaterFacts(CancellationToken cancel)
    {
        await using var command = Command(ofEvents, "select distinct stream_id from geo.mt_events where tenant_id = $1 and type <> $2", Logged);
        var found = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    /// <param name="second">Value of its second parameter; the first is the workspace.</param>
    private NpgsqlCommand Command(NpgsqlTransaction transaction, string sql, object second) => new(sql, transaction.Connection, transaction)
    {
        CommandTimeout = 0,
        Parameters = { new() { Value = workspace }, new() { Value = second } },
    };
}
