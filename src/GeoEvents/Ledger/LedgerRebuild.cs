using System.Runtime.CompilerServices;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Makes the ledger anew from the log, to the same rows. Writers wait meanwhile, and readers see the old ledger until the new one stands.</summary>
public sealed class LedgerRebuild(NpgsqlDataSource database)
{
    /// <returns>How many rows the ledger has.</returns>
    public async Task<long> Run(CancellationToken cancel)
    {
        await using var reading = await database.OpenConnectionAsync(cancel);
        await using var writing = await database.OpenConnectionAsync(cancel);
        await using var transaction = await writing.BeginTransactionAsync(cancel);
        await Execute(writing, $"select pg_advisory_xact_lock({CommitLog.LockKey})", cancel);
        await Execute(writing, "delete from geo.ledger", cancel);
        await Execute(writing, "delete from geo.recording", cancel);
        await Execute(
            writing,
            """
            insert into geo.recording (position, first, workspace, recorded_at)
            select max(seq_id), min(seq_id), tenant_id, timestamp from geo.mt_events group by tenant_id, timestamp
            """,
            cancel);

        var rows = 0L;
        await using var enumerator = Rows(reading, cancel).GetAsyncEnumerator(cancel);
        var buffer = new List<(string, LedgerRow)>(Batch);
        while (await enumerator.MoveNextAsync())
        {
            buffer.Add(enumerator.Current);
            if (buffer.Count == Batch)
            {
                await LedgerWriter.Write(writing, buffer, cancel);
                (rows, _) = (rows + buffer.Count, 0);
                buffer.Clear();
            }
        }

        await LedgerWriter.Write(writing, buffer, cancel);
        await transaction.CommitAsync(cancel);
        return rows + buffer.Count;
    }

    private const int Batch = 10_000;

    /// <summary>The rows of all incidents, incident by incident.</summary>
    private static async IAsyncEnumerable<(string Workspace, LedgerRow Row)> Rows(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select tenant_id, stream_id, seq_id, type, data, timestamp from geo.mt_events where type = any($1) order by tenant_id, stream_id, version", connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(IncidentEvent))).Select(t => t.Key).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        (string Workspace, Guid Stream, Incident Incident, long Position)? current = null;
        while (await reader.ReadAsync(cancel))
        {
            var (workspace, stream, position) = (reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2));
            var same = current is { } c && c.Stream == stream && c.Workspace == workspace;
            if (current is { } before)
            {
                foreach (var row in LedgerRow.Of(before.Workspace, before.Stream, before.Incident, before.Position))
                {
                    yield return (before.Workspace, row with { Until = same ? position : LedgerRow.Open });
                }
            }

            var fact = (IncidentEvent)FactTypes.Read(reader.GetString(3), reader.GetFieldValue<byte[]>(4));
            current = (workspace, stream, Incident.After(same ? current!.Value.Incident : null, fact, reader.GetFieldValue<DateTimeOffset>(5), position), position);
        }

        if (current is { } last)
        {
            foreach (var row in LedgerRow.Of(last.Workspace, last.Stream, last.Incident, last.Position))
            {
                yield return (last.Workspace, row);
            }
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
