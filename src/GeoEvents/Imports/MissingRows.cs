using System.Runtime.CompilerServices;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>An incident that its origin does not give any more.</summary>
public sealed record GoneIncident(string Id);

/// <summary>Finds what is on record from an origin and not in its complete file, and has that recorded. Nothing is retracted.</summary>
public sealed class MissingRows(NpgsqlDataSource database, Recorder recorder)
{
    private const int InOneCommit = 250;

    /// <summary>Of <c>gdelt:1</c> it is <c>gdelt</c>; null without a colon, and for rows named by their content, which are of no one origin.</summary>
    public static string? OriginOf(string id) => id.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && id[..colon] != "row" ? id[..colon] : null;

    /// <summary>Ends an import all rows of which are answered for. May be begun anew after an interruption.</summary>
    /// <remarks>If a row was rejected, it may be the very one that seems to be missing; so nothing is flagged then, and a note says so.</remarks>
    public async Task<Import> Flag(Call call, Import import, ImportTurn? turn, CancellationToken cancel)
    {
        if (import.Rejected == 0)
        {
            await foreach (var ids in Missing(call.Workspace, import.Id, cancel).Chunk(InOneCommit))
            {
                import = await Record(import, ids, last: false);
            }
        }
        else
        {
            import = import with { Notes = [.. import.Notes, "Rows were rejected, so nothing was flagged as gone: a rejected row may be the one that seems to be missing. Mend them and load the file again."] };
        }

        return await Record(import, [], last: true);

        async Task<Import> Record(Import before, IReadOnlyList<string> ids, bool last)
        {
            cancel.ThrowIfCancellationRequested();
            var decision = new FlagMissing(call, before, ids, last) { Turn = turn };
            await recorder.Record(decision, CancellationToken.None);
            return decision.After!;
        }
    }

    /// <summary>By id, after a given one.</summary>
    public async Task<IReadOnlyList<GoneIncident>> List(string workspace, Guid import, string after, int most, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """select incident from geo.import_gone where workspace = $1 and import = $2 and incident collate "C" > $3 order by incident collate "C" limit $4""");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = import });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = most });
        var found = new List<GoneIncident>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new GoneIncident(reader.GetString(0)));
        }

        return found;
    }

    /// <summary>Ids of incidents that imports brought from the file's origins, and the file did not give.</summary>
    /// <remarks><c>offset 0</c> and <c>link &lt; 1</c> leave one way: each by its key. Of what a file has just filled there are no statistics, and comparing everything with everything seems cheap.</remarks>
    private async IAsyncEnumerable<string> Missing(
        string workspace, Guid import, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            with origins as materialized (select distinct origin from geo.import_seen where workspace = $1 and import = $2)
            select e.data -> 'content' ->> 'id' from geo.mt_events e
            cross join lateral (select position - (seq - e.seq_id) as position from geo.recording where workspace = $1 and seq >= e.seq_id order by seq limit 1) r
            cross join lateral (select incident from geo.ledger where workspace = $1 and position = r.position and link < 1 offset 0) l
            left join lateral (select true as given from geo.import_seen where workspace = $1 and import = $2 and incident = l.incident offset 0) s on true
            where e.tenant_id = $1 and e.type = 'incident_logged' and e.data ->> 'import' is not null
              and e.data -> 'content' ->> 'id' like '%:%' and split_part(e.data -> 'content' ->> 'id', ':', 1) in (select origin from origins)
              and s.given is null
            """, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = workspace }, new() { Value = import } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return reader.GetString(0);
        }
    }

    private sealed class FlagMissing(Call call, Import before, IReadOnlyList<string> ids, bool last) : Decision(call)
    {
        private List<string> gone = [];

        public ImportTurn? Turn { get; init; }

        public Import? After { get; private set; }

        public override IReadOnlyCollection<StreamKey> Streams { get; } = [.. ids.Select(StreamKey.Incident)];

        public override bool HasDocuments => true;

        public override Task Check(NpgsqlConnection connection) => Turn?.Check(connection) ?? Task.CompletedTask;

        public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
        {
            var facts = ids
                .Select(id => new Facts(StreamKey.Incident(id), [.. record.Incident(id).MissUpstream(before.Id.ToString())]))
                .Where(f => f.Events.Count > 0)
                .ToList();
            gone = [.. facts.Select(f => f.Stream.Name)];
            After = before with { Gone = before.Gone + gone.Count };
            After = last ? After.End(ImportState.Completed, recordedAt) with { FileKept = false } : After;
            return facts;
        }

        public override void Store(IDocumentOperations documents)
        {
            documents.Store(After!);
            if (gone.Count > 0)
            {
                documents.QueueSqlCommand(
                    "insert into geo.import_gone (workspace, import, incident) select ?, ?, * from unnest(?)", Call.Workspace, before.Id, gone.ToArray());
            }
        }
    }
}
