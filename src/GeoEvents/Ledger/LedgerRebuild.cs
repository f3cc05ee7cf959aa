using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoEvents.Alerts;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Makes the ledger and the rows of alerts anew from the log, to the same rows. Writers wait meanwhile, and readers see the old ledger until the new one takes its place.</summary>
public sealed class LedgerRebuild(NpgsqlDataSource database)
{
    private const string New = "ledger_new";
    private const int Batch = 200;

    private static readonly string Logged = FactTypes.NameOf(typeof(IncidentLogged));

    private static readonly FrozenSet<string> OfIncidents =
        FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(IncidentEvent))).Select(t => t.Key).ToFrozenSet();

    private sealed record Fact(string Workspace, Guid Stream, long Sequence, long Position, IncidentEvent Event, DateTimeOffset RecordedAt);

    /// <returns>How many rows the ledger has.</returns>
    public async Task<long> Run(CancellationToken cancel)
    {
        await using var reading = await database.OpenConnectionAsync(cancel);
        await using var writing = await database.OpenConnectionAsync(cancel);
        await using var transaction = await writing.BeginTransactionAsync(cancel);
        await Execute(
            writing,
            $"""
            select pg_advisory_xact_lock({CommitLog.LockKey});
            delete from geo.recording;
            insert into geo.recording (workspace, position, seq, recorded_at)
            select tenant_id, sum(count(*)) over (partition by tenant_id order by max(seq_id)), max(seq_id), timestamp from geo.mt_events group by tenant_id, timestamp;
            drop table if exists geo.{New};
            {LedgerSchema.Table(New)}
            """,
            cancel);

        var rows = 0L;
        var facts = Channel.CreateBounded<List<Fact>>(4);
        var filling = Fill(facts.Writer, reading, cancel);
        var withLater = await WithLaterFacts(writing, cancel);
        await AlertRows.Rebuild(writing, cancel);
        await using (var copy = await LedgerWriter.Copy(writing, New, cancel))
        {
            await foreach (var batch in Rows(facts.Reader, withLater, cancel))
            {
                await LedgerWriter.Write(copy, batch, cancel);
                rows += batch.Count;
            }

            await copy.Complete(cancel);
        }

        await filling;
        await Execute(writing, LedgerSchema.Indexes(New), cancel);
        await Execute(
            writing,
            $"""
            analyze geo.{New};
            drop table geo.ledger;
            alter table geo.{New} rename to ledger;
            do $$ declare name text; begin
                for name in select indexname from pg_indexes where schemaname = 'geo' and tablename = 'ledger' loop
                    execute format('alter index geo.%I rename to %I', name, replace(name, '{New}', 'ledger'));
                end loop;
            end $$;
            """,
            cancel);
        await transaction.CommitAsync(cancel);
        return rows;
    }

    /// <summary>Reads the facts of all incidents in the order of the log.</summary>
    private static async Task Fill(ChannelWriter<List<Fact>> facts, NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                "select tenant_id, stream_id, seq_id, type, data, timestamp from geo.mt_events order by seq_id", connection)
            { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var batch = new List<Fact>(Batch);
            var positions = new Dictionary<string, long>();
            while (await reader.ReadAsync(cancel))
            {
                var workspace = reader.GetString(0);
                var position = positions[workspace] = positions.GetValueOrDefault(workspace) + 1;
                var kind = reader.GetString(3);
                if (!OfIncidents.Contains(kind))
                {
                    continue;
                }

                batch.Add(new Fact(
                    workspace,
                    reader.GetGuid(1),
                    reader.GetInt64(2),
                    position,
                    (IncidentEvent)FactTypes.Read(kind, reader.GetFieldValue<byte[]>(4)),
                    reader.GetFieldValue<DateTimeOffset>(5)));
                if (batch.Count == Batch)
                {
                    await facts.WriteAsync(batch, cancel);
                    batch = new List<Fact>(Batch);
                }
            }

            await facts.WriteAsync(batch, cancel);
            facts.Complete();
        }
        catch (Exception e)
        {
            facts.Complete(e);
        }
    }

    /// <summary>The rows of all incidents. Only those with more than one fact are kept in mind.</summary>
    private static async IAsyncEnumerable<List<(string Workspace, LedgerRow Row)>> Rows(
        ChannelReader<List<Fact>> facts, HashSet<(string Workspace, Guid Incident)> withLater, [EnumeratorCancellation] CancellationToken cancel)
    {
        var open = new Dictionary<(string Workspace, Guid Incident), (Incident State, long Sequence)>();
        await foreach (var batch in facts.ReadAllAsync(cancel))
        {
            var rows = new List<(string, LedgerRow)>(batch.Count);
            foreach (var fact in batch)
            {
                var id = fact.Event is IncidentLogged logged ? StreamKey.Incident(logged.Content.Id).In(fact.Workspace) : fact.Stream;
                var before = open.GetValueOrDefault((fact.Workspace, id));
                var after = Incident.After(before.State, fact.Event, fact.RecordedAt, fact.Position);
                if (before.State is not null)
                {
                    Add(rows, fact.Workspace, id, before.State, before.Sequence, until: fact.Position);
                }

                if (withLater.Contains((fact.Workspace, id)))
                {
                    open[(fact.Workspace, id)] = (after, fact.Sequence);
                }
                else
                {
                    Add(rows, fact.Workspace, id, after, fact.Sequence, LedgerRow.Open);
                }
            }

            yield return rows;
        }

        var last = new List<(string Workspace, LedgerRow Row)>();
        foreach (var ((workspace, id), (state, sequence)) in open)
        {
            Add(last, workspace, id, state, sequence, LedgerRow.Open);
        }

        yield return last;
    }

    private static void Add(List<(string Workspace, LedgerRow Row)> rows, string workspace, Guid id, Incident state, long sequence, long until)
    {
        foreach (var row in LedgerRow.Of(workspace, id, state, state.Position, until, sequence))
        {
            rows.Add((workspace, row));
        }
    }

    /// <summary>Streams with facts that follow the first of an incident, and those of other things, which are no incidents' and do no harm.</summary>
    private static async Task<HashSet<(string Workspace, Guid Incident)>> WithLaterFacts(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select distinct tenant_id, stream_id from geo.mt_events where type <> $1", connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = Logged } },
        };
        var found = new HashSet<(string, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return found;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
