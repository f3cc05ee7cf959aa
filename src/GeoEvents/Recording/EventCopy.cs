using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Puts facts that share a stream into Marten's tables by binary COPY, within the transaction of the commit.</summary>
/// <remarks>
/// Marten's own bulk insert does the same, but on a connection and in a transaction of its own: then a fact could be durable without its ledger row, and
/// become visible after facts with higher positions. See adr/0013.
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

        await using var copy = await CopyRows.Into(connection, $"geo.mt_events ({EventTables.EventColumns})", CancellationToken.None);
        var version = 0L;
        foreach (var fact in facts)
        {
            await copy.Row(columns: 10, CancellationToken.None);
            copy.Bigint(fact.Sequence);
            copy.Uuid(fact.Id);
            copy.Uuid(id);
            copy.Bigint(++version);
            copy.Jsonb(fact.Data);
            copy.Text(FactTypes.NameOf(fact.Fact));
            copy.Timestamptz(fact.RecordedAt);
            copy.Text(workspace);
            copy.Text(FactTypes.DotNetNameOf(fact.Fact));
            copy.TextOrNull(fact.User);
        }

        await copy.Complete(CancellationToken.None);
    }
}
