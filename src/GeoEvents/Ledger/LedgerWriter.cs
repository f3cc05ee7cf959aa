using GeoEvents.Recording;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Ledger;

/// <summary>Writes ledger rows in the transaction of their events.</summary>
public static class LedgerWriter
{
    private const string Columns =
        "workspace, incident, position, link, until, dyad, forward, attribution, tau, earliest, latest, type, cameo, credibility, counted, deaths, harmed, "
        + "deliberate, opens, closes, retracted, change, issues, sources, parties, country, latitude, longitude, words";

    /// <summary>Writes what a commit recorded: <c>geo.recording</c>, and the revisions of its incidents.</summary>
    public static async Task Record(NpgsqlConnection connection, DateTimeOffset recordedAt, IReadOnlyList<DecidedFact> facts, Revisions revisions)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            batch.BatchCommands.Add(Recording(workspace.Key, workspace.Min(f => f.Position), workspace.Max(f => f.Position), recordedAt));
        }

        foreach (var workspace in revisions.Ended.GroupBy(e => e.Workspace))
        {
            batch.BatchCommands.Add(End(workspace.Key, [.. workspace]));
        }

        await batch.ExecuteNonQueryAsync();
        if (revisions.Rows.Count > 0)
        {
            await Write(connection, "ledger", revisions.Rows, CancellationToken.None);
        }
    }

    /// <summary>Which positions of a workspace were recorded at which time.</summary>
    private static NpgsqlBatchCommand Recording(string workspace, long first, long last, DateTimeOffset recordedAt) => new(
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

    private static NpgsqlBatchCommand End(string workspace, IReadOnlyList<(string Workspace, Guid Incident, long Position)> ended) => new(
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
            await WriteOrNull(row.CountedSources, NpgsqlDbType.Integer);
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
