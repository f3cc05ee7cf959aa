using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
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
        "dyad, incident, position, until, link, forward, attribution, tau, type, cameo, credibility, deaths, harmed, deliberate, opens, counted, change, "
        + "case when link = 0 then array_to_string(issues, E'\\x1f') else (select array_to_string(h.issues, E'\\x1f') from geo.ledger h where h.incident = ledger.incident and h.position = ledger.position and h.link = 0) end, "
        + "case when link = 0 then array_to_string(sources, E'\\x1f') else (select array_to_string(h.sources, E'\\x1f') from geo.ledger h where h.incident = ledger.incident and h.position = ledger.position and h.link = 0) end, responds_to, reported_at";

    private static readonly string[] UndoingFacts =
        [.. new[] { typeof(IncidentUnmerged), typeof(IncidentReleased), typeof(IncidentUnsplit), typeof(IncidentDissolved) }.Select(FactTypes.NameOf)];

    private const string SelectRetracted = "select distinct dyad, incident, position, until, change from geo.ledger where workspace = $1 and position <= $2 and retracted";

    private static readonly ILookup<Guid, ClosingRevision> NoClosers = Array.Empty<ClosingRevision>().ToLookup(c => c.Closes);

    /// <summary>All that was known of one dyad up to a position.</summary>
    public async Task<DyadRecord> OfDyad(string workspace, Dyad dyad, long known, Method method, CancellationToken cancel)
    {
        await using var command = Command(
            $"select {Columns} from geo.ledger where workspace = $1 and position <= $2 and not retracted and dyad = $3", workspace, known, dyad.ToString());
        var revisions = new List<Revision>();
        var labels = new LabelSets();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                revisions.Add(Read(reader, known, method, labels));
            }
        }

        return new DyadRecord(revisions, await Closers(workspace, OpenersOf(revisions), known, cancel));
    }

    /// <summary>All that was known of every dyad up to a position.</summary>
    public async Task<IReadOnlyList<(Dyad Dyad, DyadRecord Record)>> OfAll(string workspace, long known, Method method, CancellationToken cancel)
    {
        var dyads = await ColumnsOfAll(workspace, known, cancel);
        var openers = new HashSet<Guid>();
        await using (var command = Command($"select {Columns} from geo.ledger where workspace = $1 and position <= $2 and not retracted", workspace, known))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            var labels = new LabelSets();
            while (await reader.ReadAsync(cancel))
            {
                var revision = Read(reader, known, method, labels);
                var dyad = reader.GetString(0);
                (dyads.TryGetValue(dyad, out var columns) ? columns : dyads[dyad] = new RevisionColumns(0)).Add(revision);
                if (revision.Impulse.Opens)
                {
                    openers.Add(revision.Impulse.Incident);
                }
            }
        }

        var closers = await Closers(workspace, openers, known, cancel);
        return [.. dyads.Select(d => (Dyad.Parse(d.Key), new DyadRecord(d.Value, closers)))];
    }

    /// <summary>Room for the revisions of every dyad up to a position.</summary>
    private async Task<Dictionary<string, RevisionColumns>> ColumnsOfAll(string workspace, long known, CancellationToken cancel)
    {
        await using var command = Command("select dyad, count(*) from geo.ledger where workspace = $1 and position <= $2 and not retracted group by dyad", workspace, known);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var dyads = new Dictionary<string, RevisionColumns>();
        while (await reader.ReadAsync(cancel))
        {
            dyads[reader.GetString(0)] = new RevisionColumns((int)reader.GetInt64(1));
        }

        return dyads;
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
    /// <remarks>What closes an incident that is merged into another closes that one, as long as they are merged.</remarks>
    public async Task<ILookup<Guid, ClosingRevision>> Closers(string workspace, IReadOnlyCollection<Guid> openers, long known, CancellationToken cancel)
    {
        if (openers.Count == 0)
        {
            return NoClosers;
        }

        var merges = await Merges(workspace, known, cancel);
        await using var command = Command(
            "select incident, closes, tau, position, until from geo.ledger where workspace = $1 and position <= $2 and closes = any($3) and not retracted and link < 1",
            workspace,
            known,
            merges.Ending(openers).ToArray());
        var closers = new List<ClosingRevision>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var (incident, tau) = (reader.GetGuid(0), new DateTimeOffset(reader.GetDateTime(2)));
            closers.AddRange(
                from meant in merges.Meant(reader.GetGuid(1), reader.GetInt64(3), EndKnownAt(reader.GetInt64(4), known))
                select new ClosingRevision(incident, meant.Incident, tau, meant.From, meant.Until));
        }

        return closers.ToLookup(c => c.Closes);
    }

    /// <summary>The revisions of a dyad's incidents in which they are retracted.</summary>
    public async Task<IReadOnlyCollection<RetractedRevision>> Retracted(string workspace, Dyad dyad, long known, CancellationToken cancel)
    {
        await using var command = Command($"{SelectRetracted} and dyad = $3", workspace, known, dyad.ToString());
        return await ReadRetracted(command, known, cancel);
    }

    /// <summary>The same of all dyads.</summary>
    public async Task<ILookup<Dyad, RetractedRevision>> RetractedOfAll(string workspace, long known, CancellationToken cancel)
    {
        await using var command = Command(SelectRetracted, workspace, known);
        return (await ReadRetracted(command, known, cancel)).ToLookup(r => r.Dyad);
    }

    private static async Task<IReadOnlyCollection<RetractedRevision>> ReadRetracted(NpgsqlCommand command, long known, CancellationToken cancel)
    {
        var revisions = new List<RetractedRevision>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            revisions.Add(new RetractedRevision(
                Dyad.Parse(reader.GetString(0)), reader.GetGuid(1), reader.GetInt64(2), EndKnownAt(reader.GetInt64(3), known), (ChangeClass)reader.GetInt16(4)));
        }

        return revisions;
    }

    /// <summary>Which incidents were ever merged into others.</summary>
    public async Task<Merges> Merges(string workspace, long known, CancellationToken cancel)
    {
        await using var command = Command(
            "select incident, merged_into, position, until from geo.ledger where workspace = $1 and position <= $2 and merged_into is not null and link < 1", workspace, known);
        var merges = new List<Merging>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            merges.Add(new Merging(reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2), EndKnownAt(reader.GetInt64(3), known)));
        }

        return new Merges(merges);
    }

    /// <summary>The relationships whose record was changed after one position, up to another: by an incident of theirs, or by one that closes a measure they have.</summary>
    public async Task<IReadOnlyCollection<Dyad>> Touched(string workspace, long after, long upTo, CancellationToken cancel)
    {
        await using var command = Command(
            """
            with changed as materialized (select incident, position, dyad, closes, merged_into from geo.ledger where workspace = $1 and position <= $2 and position > $3),
            named as (select incident, position, closes from changed union select l.incident, l.until, l.closes from changed c join geo.ledger l on l.incident = c.incident and l.until = c.position)
            select dyad from changed
            union select l.dyad from named n join geo.ledger l on l.incident = n.incident and l.until = n.position
            union select l.dyad from named n join geo.ledger l on l.incident = n.closes
            union select l.dyad from named n join geo.ledger c on c.closes = n.incident and c.workspace = $1 join geo.ledger l on l.incident = c.closes
            union select o.dyad from changed n join geo.ledger c on n.merged_into is not null and c.closes = n.incident and c.workspace = $1 join geo.ledger o on o.incident = n.merged_into
            """,
            workspace,
            upTo,
            after);
        var dyads = new List<Dyad>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            dyads.Add(Dyad.Parse(reader.GetString(0)));
        }

        return dyads;
    }

    /// <summary>What kinds of changes the facts of incidents at some positions are.</summary>
    public async Task<IReadOnlyDictionary<long, ChangeClass>> Changes(string workspace, IReadOnlyCollection<long> positions, CancellationToken cancel)
    {
        var changes = new Dictionary<long, ChangeClass>(positions.Count);
        if (positions.Count == 0)
        {
            return changes;
        }

        await using var command = database.CreateCommand("select position, change from geo.ledger where workspace = $1 and position = any($2) and link < 1");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = positions.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            changes[reader.GetInt64(0)] = (ChangeClass)reader.GetInt16(1);
        }

        return changes;
    }

    /// <summary>Positions after one and up to another whose facts undo a merge or split.</summary>
    public async Task<IReadOnlySet<long>> Undoing(string workspace, long after, long upTo, CancellationToken cancel)
    {
        await using var command = Command(
            $"""
            select l.position from geo.ledger l join geo.mt_events e on e.seq_id = l.seq
            where l.workspace = $1 and l.position <= $2 and l.position > $3 and l.link < 1
              and l.change in ({(int)ChangeClass.Merge}, {(int)ChangeClass.Split}) and e.type = any($4)
            """,
            workspace,
            upTo,
            after,
            UndoingFacts);
        var positions = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            positions.Add(reader.GetInt64(0));
        }

        return positions;
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
        var labels = new LabelSets();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var dyad = reader.GetString(0);
            if (!dyads.TryGetValue(dyad, out var revisions))
            {
                dyads[dyad] = revisions = [];
            }

            revisions.Add(Read(reader, known, method, labels));
        }

        return dyads.ToDictionary(d => Dyad.Parse(d.Key), d => d.Value);
    }

    private static List<Guid> OpenersOf(IEnumerable<Revision> revisions) =>
        [.. revisions.Where(r => r.Impulse.Opens).Select(r => r.Impulse.Incident).Distinct()];

    private static Revision Read(NpgsqlDataReader r, long known, Method method, LabelSets labels) => new(
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
                r.IsDBNull(15) ? null : r.GetInt32(15),
                labels.Of(r.IsDBNull(17) ? "" : r.GetString(17), r.IsDBNull(18) ? "" : r.GetString(18)))
            {
                RespondsTo = r.IsDBNull(19) ? null : r.GetGuid(19),
                ReportedAt = r.IsDBNull(20) ? null : new DateTimeOffset(r.GetDateTime(20)),
            },
            method),
        r.GetInt64(2),
        EndKnownAt(r.GetInt64(3), known),
        (ChangeClass)r.GetInt16(16));

    /// <summary>A revision that ended later was still open then.</summary>
    private static long EndKnownAt(long until, long known) => until <= known ? until : LedgerRow.Open;

    /// <summary>The labels that some rows have, each set once.</summary>
    private sealed class LabelSets
    {
        /// <summary>As in the statement; no text on record holds a control character.</summary>
        private const char Separator = '\u001f';

        private readonly Dictionary<(string Issues, string Sources), Labels> sets = [];

        public Labels Of(string issues, string sources) => sets.TryGetValue((issues, sources), out var known)
            ? known
            : sets[(issues, sources)] = new Labels(Split(issues), Split(sources));

        private static string[] Split(string joined) => joined.Length == 0 ? [] : joined.Split(Separator);
    }
}
