using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Recording;

/// <summary>Puts facts that share a stream into Marten's tables by binary COPY, within the transaction of the commit.</summary>
/// <remarks>
/// Marten's own bulk insert does the same, but on a connection and in a transaction of its own: then a fact could be durable without its ledger row, and
/// become visible after facts with higher positions. See adr/0012.
/// </remarks>
public static class EventCopy
{
    /// <summary>Writes facts that have their positions. A stream that they share must be new.</summary>
    public static async Task Write(NpgsqlConnection connection, IEnumerable<DecidedFact> facts)
    {
        foreach (var stream in facts.GroupBy(f => (f.Workspace, Id: f.Shared!.Value)))
        {
            await WriteStream(connection, stream.Key.Workspace, stream.Key.Id, [.. stream]);
        }
    }

    private static async Task WriteStream(NpgsqlConnection connection, string workspace, Guid id, List<DecidedFact> facts)
    {
        await using (var stream = new NpgsqlCommand($"insert into geo.mt_streams ({EventTables.StreamColumns}) values ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = workspace },
                new() { Value = id },
                new() { Value = EventTables.StreamType(facts[0].State) },
                new() { Value = (long)facts.Count },
            },
        })
        {
            await stream.ExecuteNonQueryAsync();
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy geo.mt_events ({EventTables.EventColumns}) from stdin (format binary)");
        var version = 0L;
        foreach (var fact in facts)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(fact.Event.Sequence, NpgsqlDbType.Bigint);
            await copy.WriteAsync(fact.Event.Id, NpgsqlDbType.Uuid);
            await copy.WriteAsync(id, NpgsqlDbType.Uuid);
            await copy.WriteAsync(++version, NpgsqlDbType.Bigint);
            await copy.WriteAsync(EventTables.Data(fact.Event), NpgsqlDbType.Jsonb);
            await copy.WriteAsync(fact.Event.EventTypeName, NpgsqlDbType.Varchar);
            await copy.WriteAsync(fact.Event.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(workspace, NpgsqlDbType.Varchar);
            await copy.WriteAsync(fact.Event.DotNetTypeName, NpgsqlDbType.Varchar);
            if (fact.Event.UserName is { } user)
            {
                await copy.WriteAsync(user, NpgsqlDbType.Varchar);
            }
            else
            {
                await copy.WriteNullAsync();
            }
        }

        await copy.CompleteAsync();
    }
}
