using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>Some rows of an import, decided and recorded together with the import's progress.</summary>
/// <param name="before">The import as it stood before these rows.</param>
/// <param name="rows">In the order of the file.</param>
/// <param name="other">Rows that cannot become incidents.</param>
/// <param name="stated">Incidents that earlier rows of the file stated as they are on record.</param>
public sealed class ImportChunk(
    Call call, Import before, IReadOnlyList<PreparedRow> rows, IReadOnlyList<ImportRow> other, StatedRows stated, IReadOnlyList<string> notes, bool last)
    : Decision(call)
{
    private readonly HashSet<ActorCode> actors = [.. rows.SelectMany(r => r.Actors)];
    private readonly HashSet<string> sources = [.. rows.SelectMany(r => r.Sources)];
    private readonly List<RejectedRow> rejections = [];
    private readonly HashSet<string> known = [];

    /// <summary>Incidents that were on record as the rows have them; valid once recorded.</summary>
    public IReadOnlyCollection<string> Known => known;

    /// <summary>What the commit is made to depend on; null for an import that nobody else can have.</summary>
    public ImportTurn? Turn { get; init; }

    /// <summary>The import after these rows; valid once recorded.</summary>
    public Import? After { get; private set; }

    public override IReadOnlyCollection<StreamKey> Streams =>
        [.. rows.Select(r => r.Stream), .. actors.Select(StreamKey.Actor), .. sources.Select(StreamKey.Source)];

    /// <summary>The rows of one commit share a stream until one is corrected: it then goes on in its own.</summary>
    public override StreamKey? SharedStream { get; } = StreamKey.ImportPart(before.Id, before.Total);

    /// <summary>Copying takes its time, and nobody else should have to wait for it.</summary>
    public override bool Alone => true;

    public override bool HasDocuments => true;

    public override Task Check(NpgsqlConnection connection) => Turn?.Check(connection) ?? Task.CompletedTask;

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        known.Clear();
        rejections.Clear();
        rejections.AddRange(other.OfType<RejectedRow>());
        var counts = new Counts();
        var facts = new List<Facts>(rows.Count);
        var earlier = new Dictionary<string, (Incident? Before, IReadOnlyList<IncidentEvent> Events)>(rows.Count);
        var allAreKnown = actors.All(a => record.FindActor(a) is not null) && sources.All(s => record.FindSource(s) is not null);
        foreach (var row in rows)
        {
            try
            {
                if (!allAreKnown)
                {
                    References.Check(row.Content, row.Row.Draft.Reports, record, new Registrations());
                }

                // Folded only where the chunk has the incident twice.
                var incident = earlier.TryGetValue(row.Content.Id, out var same)
                    ? same.Events.Aggregate(same.Before, (state, fact) => Incident.After(state, fact, recordedAt, 0))
                    : record.FindIncident(row.Content.Id);
                IReadOnlyList<IncidentEvent> events = incident is null
                    ? row.Row.Draft.Begin(row.Content, row.Digest, record.Source, before.Id.ToString())
                    : Changes(row, incident, record, recordedAt);
                counts = counts.With(incident is not null, events.Any(e => e is not IncidentFoundUpstream));
                if (events.All(e => e is IncidentFoundUpstream))
                {
                    known.Add(row.Content.Id);
                }

                if (events.Count > 0)
                {
                    facts.Add(new Facts(row.Stream, events));
                    earlier[row.Content.Id] = (incident, events);
                }
            }
            catch (InvalidRequestException wrong)
            {
                rejections.Add(row.Row.Reject(wrong.Problems[0]));
            }
        }

        After = Progress(counts, recordedAt);
        return facts;
    }

    public override void Store(IDocumentOperations documents)
    {
        documents.Store(After!);
        if (before.Complete)
        {
            NoteSeen(documents);
        }

        if (rejections.Count > 0)
        {
            documents.QueueSqlCommand(
                "insert into geo.import_rejection (workspace, import, line, field, reason, raw) select ?, ?, * from unnest(?, ?, ?, ?)",
                Call.Workspace,
                before.Id,
                rejections.Select(r => r.Line).ToArray(),
                rejections.Select(r => r.Column).ToArray(),
                rejections.Select(r => r.Reason).ToArray(),
                rejections.Select(r => r.Raw.ToArray()).ToArray());
        }
    }

    /// <summary>Notes which incidents a complete file gives, whatever became of their rows.</summary>
    private void NoteSeen(IDocumentOperations documents)
    {
        var seen = rows.Select(r => r.Content.Id).Where(id => MissingRows.OriginOf(id) is not null).Distinct().ToList();
        if (seen.Count > 0)
        {
            documents.QueueSqlCommand(
                "insert into geo.import_seen (workspace, import, incident, origin) select ?, ?, * from unnest(?, ?) on conflict do nothing",
                Call.Workspace,
                before.Id,
                seen.Select(id => StreamKey.Incident(id).In(Call.Workspace)).ToArray(),
                seen.Select(id => MissingRows.OriginOf(id)!).ToArray());
        }
    }

    /// <summary>What the row changes of an incident that is on record.</summary>
    /// <exception cref="InvalidRequestException">It is not for this row to change it.</exception>
    private IReadOnlyList<IncidentEvent> Changes(PreparedRow row, Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        var import = before.Id.ToString();
        if (incident.Digest == row.Digest || row.Content.SourceRecordedAt < incident.Upstream.SourceRecordedAt)
        {
            return incident.FindUpstream(import);
        }

        if (incident.Import is null)
        {
            throw new InvalidRequestException(
                FieldProblem.At("/id", "incident-exists", "On record with other content, and not from an import: correct it there."));
        }

        var statedBefore = incident.UpstreamImport == import || known.Contains(row.Content.Id) || stated.Contains(row.Content.Id);
        if (statedBefore && !(row.Content.SourceRecordedAt > incident.Upstream.SourceRecordedAt))
        {
            throw new InvalidRequestException(FieldProblem.At(
                "/id", "repeated", "An earlier row of the file has this id and other content, and no time of recording says which holds."));
        }

        return incident.Reconcile(row.Content, row.Row.Draft.Reports, row.Digest, import, record.Source, recordedAt, row.Row.Draft.Grade);
    }

    private Import Progress(Counts counts, DateTimeOffset recordedAt)
    {
        var skipped = other.OfType<SkippedRow>().ToList();
        var skippedBy = new SortedDictionary<string, long>(before.SkippedBy.ToDictionary(), StringComparer.Ordinal);
        foreach (var row in skipped)
        {
            skippedBy[row.Reason] = skippedBy.GetValueOrDefault(row.Reason) + 1;
        }

        return before with
        {
            State = last && !before.Complete ? ImportState.Completed : ImportState.Running,
            Total = before.Total + rows.Count + other.Count,
            Taken = before.Taken + counts.Taken,
            Known = before.Known + counts.Known,
            Changed = before.Changed + counts.Changed,
            Skipped = before.Skipped + skipped.Count,
            SkippedBy = skippedBy,
            Rejected = before.Rejected + rejections.Count,
            Notes = [.. before.Notes.Concat(notes).Distinct()],
            CompletedAt = last && !before.Complete ? recordedAt : null,
        };
    }

    private readonly record struct Counts(int Taken, int Known, int Changed)
    {
        public Counts With(bool onRecord, bool recorded) => (onRecord, recorded) switch
        {
            (false, _) => this with { Taken = Taken + 1 },
            (true, false) => this with { Known = Known + 1 },
            (true, true) => this with { Changed = Changed + 1 },
        };
    }
}
