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

/// <summary>Walks through the log of a workspace and its chain side by side, from the first fact on. It needs little memory, however long the log is.</summary>
public sealed class LogWalk(NpgsqlDataSource database)
{
    private static readonly string Logged = FactTypes.NameOf(typeof(IncidentLogged));

    /// <param name="each">Told of each commit of the chain before its places.</param>
    public async IAsyncEnumerable<Place> Places(string workspace, Action<ChainRow> each, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var events = Events(workspace, cancel).GetAsyncEnumerator(cancel);
        var more = await events.MoveNextAsync();
        await foreach (var row in Chain(workspace, cancel))
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

    /// <summary>The commits of a chain, in order.</summary>
    public async IAsyncEnumerable<ChainRow> Chain(string workspace, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select position, seq, hash, digests from geo.chain where workspace = $1 order by position");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return new ChainRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        }
    }

    private async IAsyncEnumerable<StoredEvent> Events(string workspace, [EnumeratorCancellation] CancellationToken cancel)
    {
        var names = new Dictionary<Guid, StreamKey>();
        var withLater = await StreamsOfLaterFacts(workspace, cancel);
        await using var command = database.CreateCommand(
            "select seq_id, id, stream_id, type, data, timestamp, user_name from geo.mt_events where tenant_id = $1 order by seq_id");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (kind, data) = (reader.GetString(3), reader.GetFieldValue<byte[]>(4));
            yield return new StoredEvent(
                reader.GetInt64(0),
                reader.GetGuid(1),
                NameOf(workspace, reader.GetGuid(2), kind, data, names, withLater),
                kind,
                data,
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetString(6));
        }
    }

    /// <summary>The stream of a fact. That of an incident is told by its first fact, which may stand in a stream that many share.</summary>
    private static StreamKey NameOf(string workspace, Guid stored, string kind, byte[] data, Dictionary<Guid, StreamKey> names, HashSet<Guid> withLater)
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
        if (withLater.Contains(own))
        {
            names[own] = begun;
        }

        return begun;
    }

    /// <summary>Streams that hold more than the first fact of an incident: only their names have to be kept in mind.</summary>
    private async Task<HashSet<Guid>> StreamsOfLaterFacts(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select distinct stream_id from geo.mt_events where tenant_id = $1 and type <> $2");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = Logged });
        var found = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }
}
