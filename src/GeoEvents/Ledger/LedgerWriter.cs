using GeoEvents.Alerts;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Writes ledger rows in the transaction of their events.</summary>
public static class LedgerWriter
{
    private const string Columns =
        "workspace, incident, position, seq, link, until, dyad, forward, attribution, tau, earliest, latest, type, cameo, credibility, counted, deaths, harmed, "
        + "deliberate, opens, closes, retracted, merged_into, change, responds_to, reported_at, issues, sources, parties, country, latitude, longitude, words";

    private static readonly short ColumnCount = (short)Columns.Split(',').Length;

    /// <summary>No text on record holds a control character.</summary>
    private const char Separator = '\u001f';

    private static readonly string InsertRows = InsertStatement();

    /// <summary>What is written for any commit besides its ledger rows: <c>geo.recording</c>, the end of revisions that hold no longer, and the rows of alerts.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Record(DateTimeOffset recordedAt, IReadOnlyList<DecidedFact> facts, Revisions revisions)
    {
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            yield return Recording(workspace.Last(), recordedAt);
        }

        if (revisions.Ended.Count > 0)
        {
            yield return End(revisions.Ended);
        }

        foreach (var command in AlertRows.Record(facts))
        {
            yield return command;
        }
    }

    /// <summary>Which positions of a workspace were recorded at which time: those up to the last.</summary>
    private static NpgsqlBatchCommand Recording(DecidedFact last, DateTimeOffset recordedAt) => new(
        "insert into geo.recording (workspace, position, seq, recorded_at) values ($1, $2, $3, $4)")
    {
        Parameters =
        {
            new() { Value = last.Workspace },
            new() { Value = last.Position },
            new() { Value = last.Sequence },
            new() { Value = recordedAt.UtcDateTime },
        },
    };

    /// <remarks><c>offset 0</c> leaves one way: each by its key. See <see cref="LoggingConnections"/>.</remarks>
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

    /// <summary>Adds the rows of a small commit: one statement, which unlike COPY goes along with others in one round trip.</summary>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<(string Workspace, LedgerRow Row)> rows)
    {
        var command = new NpgsqlBatchCommand(InsertRows);
        Column(r => r.Incident);
        Column(r => r.Position);
        Column(r => r.Sequence);
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
        Column(r => r.MergedInto);
        Column(r => (short)r.Change);
        Column(r => r.RespondsTo);
        Column(r => r.ReportedAt?.UtcDateTime);
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

    /// <summary>Begins to add rows by binary COPY.</summary>
    /// <param name="ledger">Name of the table.</param>
    public static Task<CopyRows> Copy(NpgsqlConnection connection, string ledger, CancellationToken cancel) =>
        CopyRows.Into(connection, $"geo.{ledger} ({Columns})", cancel);

    public static async Task Write(CopyRows copy, IReadOnlyList<(string Workspace, LedgerRow Row)> rows, CancellationToken cancel)
    {
        foreach (var (workspace, row) in rows)
        {
            await copy.Row(ColumnCount, cancel);
            Write(copy, workspace, row);
        }
    }

    private static void Write(CopyRows copy, string workspace, LedgerRow row)
    {
        copy.Text(workspace);
        copy.Uuid(row.Incident);
        copy.Bigint(row.Position);
        copy.Bigint(row.Sequence);
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
        OrNull(row.MergedInto, copy.Uuid);
        copy.Smallint((short)row.Change);
        OrNull(row.RespondsTo, copy.Uuid);
        OrNull(row.ReportedAt, copy.Timestamptz);
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

    private static string InsertStatement()
    {
        string[] lists = ["issues", "sources", "parties", "words"];
        var columns = Columns.Split(", ");
        var values = columns.Select(c => lists.Contains(c) ? $"string_to_array({c}, E'\\x{(int)Separator:x2}')" : c);
        var parameters = columns.Skip(1).Select((_, i) => $"${i + 1}").Prepend($"${columns.Length}");
        return $"insert into geo.ledger ({Columns}) select {string.Join(", ", values)} from unnest({string.Join(", ", parameters)}) as r({Columns})";
    }
}
