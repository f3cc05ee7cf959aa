using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Ledger;

/// <summary>Writes ledger rows in the transaction of their events.</summary>
public static class LedgerWriter
{
    private const string Columns =
        "workspace, incident, position, link, until, dyad, forward, attribution, tau, earliest, latest, type, cameo, credibility, deaths, harmed, "
        + "deliberate, opens, closes, retracted, change, issues, sources, parties, country, latitude, longitude, words";

    /// <summary>Writes what a commit recorded: <c>geo.recording</c>, and the revisions of its incidents.</summary>
    public static async Task Record(NpgsqlConnection connection, DateTimeOffset recordedAt, IReadOnlyList<DecidedFact> facts)
    {
        var rows = new List<(string Workspace, LedgerRow Row)>();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            batch.BatchCommands.Add(Recording(workspace.Key, workspace.Min(f => f.Position), workspace.Max(f => f.Position), recordedAt));
            var ended = new List<(Guid, long)>();
            foreach (var incident in workspace.Where(f => f.State is Incident).GroupBy(f => f.Id))
            {
                var revisions = incident.OrderBy(f => f.Position).ToList();
                if (revisions[0].Version > 1)
                {
                    ended.Add((incident.Key, revisions[0].Position));
                }

                for (var i = 0; i < revisions.Count; i++)
                {
                    var until = i + 1 < revisions.Count ? revisions[i + 1].Position : LedgerRow.Open;
                    rows.AddRange(LedgerRow.Of(workspace.Key, incident.Key, (Incident)revisions[i].State, revisions[i].Position)
                        .Select(row => (workspace.Key, row with { Until = until })));
                }
            }

            if (ended.Count > 0)
            {
                batch.BatchCommands.Add(End(workspace.Key, ended));
            }
        }

        await batch.ExecuteNonQueryAsync();
        if (rows.Count > 0)
        {
            await Write(connection, "ledger", rows, CancellationToken.None);
        }
    }

    /// <summary>Which positions of a workspace were recorded at which time.</summary>
    public static NpgsqlBatchCommand Recording(string workspace, long first, long last, DateTimeOffset recordedAt) => new(
        "insert into geo.recording (position, first, workspace, recorded_at) values ($1, $2, $3, $4)")
    {
        Parameters =
        {
            new() { Value = last },
            new() { Value = first },
            new() { Value = workspace },
            new() { Value = recordedAt.UtcDateTime },
        },
    };

    /// <summary>Ends the revisions that held until now of incidents that have a new one.</summary>
    /// <param name="ended">Stream, and the position at which its new revision begins.</param>
    private static NpgsqlBatchCommand End(string workspace, IReadOnlyList<(Guid Incident, long Position)> ended) => new(
        $"""
        update geo.ledger l set until = e.position
        from unnest($2, $3) as e(incident, position)
        where l.workspace = $1 and l.incident = e.incident and l.until = {LedgerRow.Open}
        """)
    {
        Parameters =
        {
            new() { Value = workspace },
            new() { Value = ended.Select(e => e.Incident).ToArray() },
            new() { Value = ended.Select(e => e.Position).ToArray() },
        },
    };

    /// <summary>Adds rows by binary COPY.</summary>
    /// <param name="ledger">Name of the table.</param>
    public static async Task Write(NpgsqlConnection connection, string ledger, IEnumerable<(string Workspace, LedgerRow Row)> rows, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy geo.{ledger} ({Columns}) from stdin (format binary)", cancel);
        foreach (var (workspace, row) in rows)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(workspace, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(row.Incident, NpgsqlDbType.Uuid, cancel);
            await copy.WriteAsync(row.Position, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(row.Link, NpgsqlDbType.Smallint, cancel);
            await copy.WriteAsync(row.Until, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(row.Dyad.ToString(), NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(row.Forward, NpgsqlDbType.Boolean, cancel);
            await copy.WriteAsync(row.Attribution, NpgsqlDbType.Double, cancel);
            await copy.WriteAsync(row.Tau.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
            await copy.WriteAsync(row.Earliest.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
            await copy.WriteAsync(row.Latest.UtcDateTime, NpgsqlDbType.TimestampTz, cancel);
            await WriteOrNull(row.Type, NpgsqlDbType.Text);
            await WriteOrNull(row.Cameo, NpgsqlDbType.Text);
            await WriteOrNull(row.Credibility, NpgsqlDbType.Double);
            await copy.WriteAsync(row.Deaths, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(row.Harmed, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(row.Deliberate, NpgsqlDbType.Boolean, cancel);
            await copy.WriteAsync(row.Opens, NpgsqlDbType.Boolean, cancel);
            await WriteOrNull(row.Closes, NpgsqlDbType.Uuid);
            await copy.WriteAsync(row.Retracted, NpgsqlDbType.Boolean, cancel);
            await copy.WriteAsync((short)row.Change, NpgsqlDbType.Smallint, cancel);
            await WriteOrNull(NullIfEmpty(row.Search?.Issues), NpgsqlDbType.Array | NpgsqlDbType.Text);
            await WriteOrNull(NullIfEmpty(row.Search?.Sources), NpgsqlDbType.Array | NpgsqlDbType.Text);
            await WriteOrNull(NullIfEmpty(row.Search?.Parties), NpgsqlDbType.Array | NpgsqlDbType.Text);
            await WriteOrNull(row.Search?.Country, NpgsqlDbType.Text);
            await WriteOrNull(row.Search?.Latitude, NpgsqlDbType.Real);
            await WriteOrNull(row.Search?.Longitude, NpgsqlDbType.Real);
            await WriteOrNull(NullIfEmpty(row.Search?.Words), NpgsqlDbType.Array | NpgsqlDbType.Text);
        }

        await copy.CompleteAsync(cancel);

        Task WriteOrNull<T>(T? value, NpgsqlDbType type) => value is null ? copy.WriteNullAsync(cancel) : copy.WriteAsync(value, type, cancel);
    }

    private static string[]? NullIfEmpty(IReadOnlyList<string>? list) => list is { Count: > 0 } ? [.. list] : null;
}
