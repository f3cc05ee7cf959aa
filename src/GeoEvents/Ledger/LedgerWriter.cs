using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Writes ledger rows in the transaction of their events.</summary>
public static class LedgerWriter
{
    private const string Columns =
        "workspace, incident, position, link, until, dyad, forward, attribution, tau, earliest, latest, type, cameo, credibility, counted, deaths, harmed, "
        + "deliberate, opens, closes, retracted, change, issues, sources, parties, country, latitude, longitude, words";

    private static readonly short ColumnCount = (short)Columns.Split(',').Length;

    /// <summary>Writes what a commit recorded: <c>geo.recording</c>, and the revisions of its incidents.</summary>
    public static async Task Record(NpgsqlConnection connection, DateTimeOffset recordedAt, IReadOnlyList<DecidedFact> facts, Revisions revisions)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            batch.BatchCommands.Add(Recording(workspace.Key, workspace.Min(f => f.Position), workspace.Max(f => f.Position), recordedAt));
        }

        if (revisions.Ended.Count > 0)
        {
            batch.BatchCommands.Add(End(revisions.Ended));
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

    /// <remarks><c>offset 0</c> has each incident looked up by the key: a plan that was made while the ledger was small would read all of it.</remarks>
    private static NpgsqlBatchCommand End(IReadOnlyList<(string Workspace, Guid Incident, long Position)> ended) => new(
        $"""
        update geo.ledger l set until = r.position from (
            select e.position, held.ctid from unnest($1, $2) as e(incident, position)
            cross join lateral (select ctid from geo.ledger where incident = e.incident and until = {LedgerRow.Open} offset 0) held
        ) r where l.ctid = r.ctid
        """)
    {
        Parameters =
        {
            new() { Value = ended.Select(e => e.Incident).ToArray() },
            new() { Value = ended.Select(e => e.Position).ToArray() },
        },
    };

    /// <summary>Adds rows by binary COPY.</summary>
    /// <param name="ledger">Name of the table.</param>
    public static async Task Write(NpgsqlConnection connection, string ledger, IEnumerable<(string Workspace, LedgerRow Row)> rows, CancellationToken cancel)
    {
        await using var copy = await CopyRows.Into(connection, $"geo.{ledger} ({Columns})", cancel);
        foreach (var (workspace, row) in rows)
        {
            await copy.Row(ColumnCount, cancel);
            Write(copy, workspace, row);
        }

        await copy.Complete(cancel);
    }

    private static void Write(CopyRows copy, string workspace, LedgerRow row)
    {
        copy.Text(workspace);
        copy.Uuid(row.Incident);
        copy.Bigint(row.Position);
        copy.Smallint(row.Link);
        copy.Bigint(row.Until);
        copy.Text(row.Dyad.ToString());
        copy.Boolean(row.Forward);
        copy.Double(row.Attribution);
        copy.Timestamptz(row.Tau);
        copy.Timestamptz(row.Earliest);
        copy.Timestamptz(row.Latest);
        copy.TextOrNull(row.Type);
        copy.TextOrNull(row.Cameo);
        OrNull(row.Credibility, copy.Double);
        OrNull(row.CountedSources, copy.Integer);
        copy.Bigint(row.Deaths);
        copy.Bigint(row.Harmed);
        copy.Boolean(row.Deliberate);
        copy.Boolean(row.Opens);
        OrNull(row.Closes, copy.Uuid);
        copy.Boolean(row.Retracted);
        copy.Smallint((short)row.Change);
        TextsOrNull(row.Search?.Issues);
        TextsOrNull(row.Search?.Sources);
        TextsOrNull(row.Search?.Parties);
        copy.TextOrNull(row.Search?.Country);
        OrNull(row.Search?.Latitude, copy.Real);
        OrNull(row.Search?.Longitude, copy.Real);
        TextsOrNull(row.Search?.Words);

        void OrNull<T>(T? value, Action<T> write) where T : struct
        {
            if (value is { } given)
            {
                write(given);
            }
            else
            {
                copy.Null();
            }
        }

        void TextsOrNull(IReadOnlyList<string>? texts)
        {
            if (texts is { Count: > 0 })
            {
                copy.Texts(texts);
            }
            else
            {
                copy.Null();
            }
        }
    }
}
