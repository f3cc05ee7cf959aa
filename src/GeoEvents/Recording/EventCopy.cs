using System.Buffers;
using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Puts facts that share a stream into Marten's tables by binary COPY, within the transaction of the commit.</summary>
/// <remarks>
/// Marten's own bulk insert does the same, but on a connection and in a transaction of its own: then a fact could be durable without its ledger row, and
/// become visible after facts with higher positions. See adr/0013. <c>EventCopyTests</c> fails when Marten's tables change.
/// </remarks>
public static class EventCopy
{
    /// <summary>Gives the facts their positions.</summary>
    public static async Task Number(NpgsqlConnection connection, IReadOnlyList<DecidedFact> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        // All positions are drawn by the one who holds the lock, so a range can be drawn at once.
        await using var drawing = new NpgsqlCommand("select setval('geo.mt_events_sequence', nextval('geo.mt_events_sequence') + $1 - 1)", connection)
        {
            Parameters = { new() { Value = facts.Count } },
        };
        var position = (long)(await drawing.ExecuteScalarAsync())! - facts.Count;
        foreach (var fact in facts)
        {
            fact.Event.Sequence = ++position;
        }
    }

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
        await using (var stream = new NpgsqlCommand("insert into geo.mt_streams (tenant_id, id, type, version) values ($1, $2, $3, $4)", connection)
        {
            Parameters =
            {
                new() { Value = workspace },
                new() { Value = id },
                new() { Value = nameof(Incident).ToLowerInvariant() },
                new() { Value = (long)facts.Count },
            },
        })
        {
            await stream.ExecuteNonQueryAsync();
        }

        await using var copy = await CopyRows.Into(
            connection, "geo.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, user_name)", CancellationToken.None);
        var json = new ArrayBufferWriter<byte>(4096);
        await using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = GeoJson.Options.Encoder, SkipValidation = true });
        var version = 0L;
        foreach (var fact in facts)
        {
            json.ResetWrittenCount();
            writer.Reset();
            JsonSerializer.Serialize(writer, fact.Event.Data, fact.Event.EventType, GeoJson.Options);
            await copy.Row(columns: 10, CancellationToken.None);
            copy.Bigint(fact.Event.Sequence);
            copy.Uuid(fact.Event.Id);
            copy.Uuid(id);
            copy.Bigint(++version);
            copy.Jsonb(json.WrittenSpan);
            copy.Text(fact.Event.EventTypeName);
            copy.Timestamptz(fact.Event.Timestamp);
            copy.Text(workspace);
            copy.Text(fact.Event.DotNetTypeName);
            copy.TextOrNull(fact.Event.UserName);
        }

        await copy.Complete(CancellationToken.None);
    }
}
