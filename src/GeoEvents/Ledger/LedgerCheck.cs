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
    /// <param name="after">Only what was recorded after this position; 0 is all.</param>
    /// <remarks>Reads that much of log and ledger: some seconds for a million facts.</remarks>
    public async Task<IReadOnlyList<LedgerCount>> Run(long after, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select coalesce(tenant_id, workspace), count(seq_id), count(position),
                   count(*) filter (where position is null), count(*) filter (where seq_id is null),
                   min(coalesce(seq_id, position)) filter (where position is null or seq_id is null)
            from (select tenant_id, seq_id from geo.mt_events where type = any($1) and seq_id > $2) facts
            full join (select workspace, position from geo.ledger where link = 0 and position > $2) revisions on workspace = tenant_id and position = seq_id
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

    /// <summary>The last position recorded in any workspace; 0 before the first.</summary>
    public async Task<long> Head(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select coalesce(max(position), 0) from geo.recording");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
