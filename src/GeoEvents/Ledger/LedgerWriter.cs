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

    /// <summary>No text on record holds a control character.</summary>
    private const char Separator = '\u001f';

    private static readonly string InsertRows = InsertStatement();

    /// <summary>What is written for any commit besides its ledger rows: <c>geo.recording</c>, and the end of revisions that hold no longer.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Record(DateTimeOffset recordedAt, IReadOnlyList<DecidedFact> facts, Revisions revisions)
    {
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            yield return Recording(workspace.Key, workspace.Min(f => f.Position), workspace.Max(f => f.Position), recordedAt);
        }

        foreach (var workspace in revisions.Ended.GroupBy(e => e.Workspace))
        {
            yield return End(workspace.Key, [.. workspace]);
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

    /// <summary>Adds the rows of a small commit: one statement, which unlike COPY goes along with others in one round trip.</summary>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<(string Workspace, LedgerRow Row)> rows)
    {
        var command = new NpgsqlBatchCommand(InsertRows);
        Column(r => r.Incident);
        Column(r => r.Position);
        Column(r => r.Link);
        Column(r => r.Until);
        Texts(r => r.Dyad.ToString());
        Column(r => r.Forward);
        Column(r => r.Attribution);
        Column(r => r.Tau.UtcDateTime);
        Column(r => r.Earliest.UtcDateTime);
        Column(r => r.Latest.UtcDateTime);
        Texts(r => r.Type);
        Texts(r => r.Cameo);
        Column(r => r.Credibility);
        Column(r => r.CountedSources);
        Column(r => r.Deaths);
        Column(r => r.Harmed);
        Column(r => r.Deliberate);
        Column(r => r.Opens);
        Column(r => r.Closes);
        Column(r => r.Retracted);
        Column(r => (short)r.Change);
        Texts(r => Joined(r.Search?.Issues));
        Texts(r => Joined(r.Search?.Sources));
        Texts(r => Joined(r.Search?.Parties));
        Texts(r => r.Search?.Country);
        Column(r => r.Search?.Latitude);
        Column(r => r.Search?.Longitude);
        Texts(r => Joined(r.Search?.Words));
        command.Parameters.Add(new() { Value = rows.Select(r => r.Workspace).ToArray() });
        return command;

        void Column<T>(Func<LedgerRow, T> value) => command.Parameters.Add(new() { Value = rows.Select(r => value(r.Row)).ToArray() });

        void Texts(Func<LedgerRow, string?> value) => Column(value);
    }

    /// <summary>Lists do not go into an array of arrays, since they differ in length.</summary>
    private static string? Joined(IReadOnlyList<string>? list) => list is { Count: > 0 } ? string.Join(Separator, list) : null;

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

    private static string InsertStatement()
    {
        string[] lists = ["issues", "sources", "parties", "words"];
        var columns = Columns.Split(", ");
        var values = columns.Select(c => lists.Contains(c) ? $"string_to_array({c}, E'\\x{(int)Separator:x2}')" : c);
        var parameters = columns.Skip(1).Select((_, i) => $"${i + 1}").Prepend($"${columns.Length}");
        return $"insert into geo.ledger ({Columns}) select {string.Join(", ", values)} from unnest({string.Join(", ", parameters)}) as r({Columns})";
    }
}
