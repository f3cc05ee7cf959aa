using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>How the ledger of a workspace compares with its log. They agree if nothing is missing and nothing too much.</summary>
/// <param name="Facts">Facts of incidents in the log.</param>
/// <param name="Revisions">Revisions of incidents in the ledger.</param>
/// <param name="Missing">Facts without a revision at their position.</param>
/// <param name="Surplus">Revisions at positions without a fact.</param>
/// <param name="First">Lowest position of those; null if there are none.</param>
public sealed record LedgerCount(string Workspace, long Facts, long Revisions, long Missing, long Surplus, long? First)
{
    public bool Agrees => Missing == 0 && Surplus == 0;
}

/// <summary>Counts whether every fact of an incident has its revision in the ledger, and nothing else has.</summary>
/// <remarks>
/// Both are written in one transaction and read here in one statement, so they agree at every moment, also while imports and analysts write. If they do not,
/// something wrote past the service or a table was damaged; <see cref="LedgerRebuild"/> mends it.
/// </remarks>
public sealed class LedgerCheck(NpgsqlDataSource database)
{
    private static readonly string[] OfIncidents =
        [.. FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(IncidentEvent))).Select(t => t.Key)];

    /// <summary>All workspaces, by name.</summary>
    /// <param name="after">Only what was recorded after this event of the store, as <see cref="Head"/> gave it; 0 is all.</param>
    /// <remarks>Reads that much of log and ledger: some seconds for a million facts.</remarks>
    public async Task<IReadOnlyList<LedgerCount>> Run(long after, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            with recursive names(name) as (
                (select workspace from geo.recording order by workspace limit 1)
                union all
                select (select workspace from geo.recording where workspace > name order by workspace limit 1) from names where name is not null
            ), known as (
                select name, coalesce((select position from geo.recording where workspace = name and seq <= $2 order by seq desc limit 1), 0) as position
                from names where name is not null
            )
            select coalesce(f.workspace, l.workspace), count(f.seq), count(l.seq), count(*) filter (where l.seq is null), count(*) filter (where f.seq is null),
                   min(coalesce(f.position, l.position)) filter (where f.seq is null or l.seq is null)
            from (
                select workspace, position, seq from (
                    select tenant_id as workspace, seq_id as seq, type, coalesce(known.position, 0) + row_number() over (partition by tenant_id order by seq_id) as position
                    from geo.mt_events left join known on name = tenant_id where seq_id > $2
                ) numbered where type = any($1)
            ) f
            full join (
                select l.workspace, l.position, l.seq from known join geo.ledger l on l.workspace = known.name and l.position > known.position and l.link = 0
            ) l using (workspace, position, seq)
            group by 1 order by 1
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = OfIncidents });
        command.Parameters.Add(new() { Value = after });
        var counts = new List<LedgerCount>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            counts.Add(new LedgerCount(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetInt64(5)));
        }

        return counts;
    }

    /// <summary>The number in the store of the last event of any workspace; 0 before the first.</summary>
    public async Task<long> Head(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select coalesce(max(seq_id), 0) from geo.mt_events");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
