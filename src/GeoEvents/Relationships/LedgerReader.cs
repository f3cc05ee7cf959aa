using GeoEvents.Coding;
using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.Relationships;

/// <summary>What the ledger recorded between two positions.</summary>
/// <param name="Ended">Revisions that hold no longer, with the position from which on they do not.</param>
/// <param name="EndedIn">The dyads of those.</param>
public sealed record LedgerChange(
    IReadOnlyDictionary<Dyad, IReadOnlyCollection<Revision>> Added,
    IReadOnlyDictionary<(Guid Incident, long Position), long> Ended,
    IReadOnlySet<Dyad> EndedIn);

/// <summary>Reads the ledger as it was known at a position.</summary>
public sealed class LedgerReader(NpgsqlDataSource database)
{
    private const string Columns =
        "dyad, incident, position, until, link, forward, attribution, tau, type, cameo, credibility, deaths, harmed, deliberate, opens, counted";

    private static readonly ILookup<Guid, ClosingRevision> NoClosers = Array.Empty<ClosingRevision>().ToLookup(c => c.Closes);

    /// <summary>All that was known of one dyad up to a position.</summary>
    public async Task<DyadRecord> OfDyad(string workspace, Dyad dyad, long known, Method method, CancellationToken cancel)
    {
        await using var command = Command(
            $"select {Columns} from geo.ledger where workspace = $1 and position <= $2 and not retracted and dyad = $3", workspace, known, dyad.ToString());
        var revisions = new List<Revision>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                revisions.Add(Read(reader, known, method));
            }
        }

        return new DyadRecord(revisions, await Closers(workspace, OpenersOf(revisions), known, cancel));
    }

    /// <summary>All that was known of every dyad up to a position.</summary>
    public async Task<IReadOnlyList<(Dyad Dyad, DyadRecord Record)>> OfAll(string workspace, long known, Method method, CancellationToken cancel)
    {
        await using var command = Command(
            $"select {Columns} from geo.ledger where workspace = $1 and position <= $2 and not retracted", workspace, known);
        var dyads = await ReadByDyad(command, known, method, cancel);
        var closers = await Closers(workspace, OpenersOf(dyads.Values.SelectMany(r => r)), known, cancel);
        return [.. dyads.Select(d => (d.Key, new DyadRecord(d.Value, closers)))];
    }

    /// <summary>What came to be known after one position, up to another.</summary>
    public async Task<LedgerChange> Between(string workspace, long after, long known, Method method, CancellationToken cancel)
    {
        await using var adding = Command(
            $"select {Columns} from geo.ledger where workspace = $1 and position <= $2 and position > $3 and not retracted", workspace, known, after);
        var added = await ReadByDyad(adding, known, method, cancel);
        await using var ending = Command(
            """
            select l.dyad, l.incident, l.position, l.until from geo.ledger next
            join geo.ledger l on l.incident = next.incident and l.until = next.position
            where next.workspace = $1 and next.position <= $2 and next.position > $3 and next.link < 1 and l.position <= $3
            """,
            workspace,
            known,
            after);
        var ended = new Dictionary<(Guid, long), long>();
        var endedIn = new HashSet<Dyad>();
        await using var reader = await ending.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            endedIn.Add(Dyad.Parse(reader.GetString(0)));
            ended[(reader.GetGuid(1), reader.GetInt64(2))] = reader.GetInt64(3);
        }

        return new LedgerChange(added.ToDictionary(d => d.Key, d => (IReadOnlyCollection<Revision>)d.Value), ended, endedIn);
    }

    /// <summary>The incidents that ever closed measures of some others, whatever dyad they are in; by what they close.</summary>
    public async Task<ILookup<Guid, ClosingRevision>> Closers(string workspace, IReadOnlyCollection<Guid> openers, long known, CancellationToken cancel)
    {
        if (openers.Count == 0)
        {
            return NoClosers;
        }

        await using var command = Command(
            "select incident, closes, tau, position, until from geo.ledger where workspace = $1 and position <= $2 and closes = any($3) and not retracted and link < 1",
            workspace,
            known,
            openers.ToArray());
        var closers = new List<ClosingRevision>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            closers.Add(new ClosingRevision(
                reader.GetGuid(0), reader.GetGuid(1), new DateTimeOffset(reader.GetDateTime(2)), reader.GetInt64(3), EndKnownAt(reader.GetInt64(4), known)));
        }

        return closers.ToLookup(c => c.Closes);
    }

    /// <summary>The revisions of a dyad's incidents in which they are retracted: from which position on each holds, and from which on it does not.</summary>
    public async Task<IReadOnlyCollection<(Guid Incident, long Position, long Until)>> Retracted(string workspace, Dyad dyad, long known, CancellationToken cancel)
    {
        await using var command = Command(
            "select distinct incident, position, until from geo.ledger where workspace = $1 and position <= $2 and dyad = $3 and retracted",
            workspace,
            known,
            dyad.ToString());
        var revisions = new List<(Guid, long, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            revisions.Add((reader.GetGuid(0), reader.GetInt64(1), EndKnownAt(reader.GetInt64(2), known)));
        }

        return revisions;
    }

    /// <summary>Issues and sources of a dyad's incidents, for explaining tension by them.</summary>
    public async Task<IReadOnlyDictionary<Guid, (string[] Issues, string[] Sources)>> Labels(
        string workspace, Dyad dyad, long known, DateTimeOffset valid, CancellationToken cancel)
    {
        await using var command = Command(
            """
            select h.incident, coalesce(h.issues, '{}'), coalesce(h.sources, '{}') from geo.ledger l
            join geo.ledger h on h.incident = l.incident and h.position = l.position and h.link = 0
            where l.workspace = $1 and l.dyad = $4 and l.position <= $2 and l.until > $2 and not l.retracted and l.tau <= $3
            """,
            workspace,
            known,
            valid.UtcDateTime,
            dyad.ToString());
        var labels = new Dictionary<Guid, (string[], string[])>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            labels[reader.GetGuid(0)] = (reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2));
        }

        return labels;
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    private static async Task<Dictionary<Dyad, List<Revision>>> ReadByDyad(NpgsqlCommand command, long known, Method method, CancellationToken cancel)
    {
        var dyads = new Dictionary<string, List<Revision>>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var dyad = reader.GetString(0);
            if (!dyads.TryGetValue(dyad, out var revisions))
            {
                dyads[dyad] = revisions = [];
            }

            revisions.Add(Read(reader, known, method));
        }

        return dyads.ToDictionary(d => Dyad.Parse(d.Key), d => d.Value);
    }

    private static List<Guid> OpenersOf(IEnumerable<Revision> revisions) =>
        [.. revisions.Where(r => r.Impulse.Opens).Select(r => r.Impulse.Incident).Distinct()];

    private static Revision Read(NpgsqlDataReader r, long known, Method method) => new(
        Impulse.Of(
            new LedgerEntry(
                r.GetGuid(1),
                r.GetInt16(4),
                r.GetBoolean(5),
                r.GetDouble(6),
                new DateTimeOffset(r.GetDateTime(7)),
                r.IsDBNull(8) ? null : r.GetString(8),
                r.IsDBNull(9) ? null : r.GetString(9),
                r.IsDBNull(10) ? null : r.GetDouble(10),
                r.GetInt64(11),
                r.GetInt64(12),
                r.GetBoolean(13),
                r.GetBoolean(14),
                ClosedAt: null,
                r.IsDBNull(15) ? null : r.GetInt32(15)),
            method),
        r.GetInt64(2),
        EndKnownAt(r.GetInt64(3), known));

    /// <summary>A revision that ended later was still open then.</summary>
    private static long EndKnownAt(long until, long known) => until <= known ? until : LedgerRow.Open;
}
