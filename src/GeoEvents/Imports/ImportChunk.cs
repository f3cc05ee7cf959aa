using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Marten;

namespace GeoEvents.Imports;

/// <summary>Some rows of an import, decided and recorded together with the import's progress.</summary>
/// <param name="before">The import as it stood before these rows.</param>
public sealed class ImportChunk(Call call, Import before, IReadOnlyList<ImportRow> rows, Registrations register, IReadOnlyList<string> notes, bool last) : Decision(call)
{
    private readonly List<RejectedRow> rejections = [];

    /// <summary>The import after these rows; valid once recorded.</summary>
    public Import? After { get; private set; }

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
    [
        .. register.Streams,
        .. rows.OfType<IncidentRow>().SelectMany(r => (IEnumerable<StreamKey>)
        [
            StreamKey.Incident(IdOf(r.Draft)),
            .. References.Actors(r.Draft).Select(StreamKey.Actor),
            .. r.Draft.Reports.Select(report => StreamKey.Source(report.Source)),
        ]).Distinct(),
    ];

    public override bool HasDocuments => true;

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        rejections.Clear();
        var (taken, known, changed) = (0, 0, 0);
        var (facts, conflicts) = Register(record);
        var incidents = new Dictionary<string, Incident>();
        foreach (var row in rows.OfType<IncidentRow>())
        {
            var id = IdOf(row.Draft);
            try
            {
                var content = row.Draft.Named(id);
                InvalidRequestException.ThrowIfAny(
                    IncidentRules.Check(content, Methods.Current, recordedAt).Concat(IncidentRules.Check(row.Draft.Reports)));
                References.Check(content, row.Draft.Reports, record, register);
                var digest = IncidentFields.Digest(content, row.Draft.Reports);
                var incident = incidents.GetValueOrDefault(id) ?? record.FindIncident(id);
                if (incident is { Import: null } && incident.Digest != digest)
                {
                    throw new InvalidRequestException(FieldProblem.At("/id", "incident-exists", "On record with other content, and not from an import: correct it there."));
                }

                var events = incident is null
                    ? [new IncidentLogged(content, [.. row.Draft.Reports.Select((r, i) => SourceOf(r.Source).Report($"r{i + 1}", r))], digest, before.Id.ToString())]
                    : incident.Reconcile(content, row.Draft.Reports, digest, before.Id.ToString(), SourceOf, recordedAt);
                var after = events.Count == 0 ? incident : events.Aggregate(incident, (state, e) => Incident.After(state, e, recordedAt, 0));
                (taken, known, changed) = (incident, events.Count) switch
                {
                    (null, _) => (taken + 1, known, changed),
                    (_, 0) => (taken, known + 1, changed),
                    _ => (taken, known, changed + 1),
                };
                if (events.Count > 0)
                {
                    facts.Add(new Facts(StreamKey.Incident(id), events));
                    incidents[id] = after!;
                }
            }
            catch (InvalidRequestException e)
            {
                rejections.Add(RejectedRow.Of(row.Line, e, row.Raw));
            }
        }

        rejections.AddRange(rows.OfType<RejectedRow>());
        var skipped = rows.OfType<SkippedRow>().ToList();
        After = before with
        {
            State = last ? ImportState.Completed : ImportState.Running,
            Total = before.Total + rows.Count,
            Taken = before.Taken + taken,
            Known = before.Known + known,
            Changed = before.Changed + changed,
            Skipped = before.Skipped + skipped.Count,
            SkippedBy = Counted(before.SkippedBy, skipped),
            Rejected = before.Rejected + rejections.Count,
            Notes = [.. before.Notes.Concat(notes).Concat(conflicts).Distinct()],
            CompletedAt = last ? recordedAt : null,
        };
        return facts;

        Sources.Source SourceOf(string source) => References.Source(source, record, register);
    }

    public override void Store(IDocumentOperations documents)
    {
        documents.Store(After!);
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

    /// <summary>A row without an id is named after its content, so that the same row again is the same incident.</summary>
    private static string IdOf(IncidentDraft draft) =>
        draft.Id.Length > 0 ? draft.Id : $"row:{IncidentFields.Digest(draft.Named(""), draft.Reports)}";

    /// <summary>Actors and sources that the file brings. One that is on record otherwise stays as it is, and the import says so.</summary>
    private (List<Facts> Facts, List<string> Conflicts) Register(RecordView record)
    {
        var (facts, conflicts) = (new List<Facts>(), new List<string>());
        foreach (var actor in register.Actors ?? [])
        {
            Decide(new Registrations(Actors: [actor]), $"actor '{actor.Code}'");
        }

        foreach (var source in register.Sources ?? [])
        {
            Decide(new Registrations(Sources: [source]), $"source '{source.Id}'");
        }

        return (facts, conflicts);

        void Decide(Registrations one, string name)
        {
            try
            {
                facts.AddRange(one.Decide(record, ""));
            }
            catch (RefusedException)
            {
                conflicts.Add($"The file describes {name} otherwise than the record, which was left as it is.");
            }
        }
    }

    private static SortedDictionary<string, long> Counted(IReadOnlyDictionary<string, long> before, List<SkippedRow> skipped)
    {
        var counted = new SortedDictionary<string, long>(before.ToDictionary(), StringComparer.Ordinal);
        foreach (var row in skipped)
        {
            counted[row.Reason] = counted.GetValueOrDefault(row.Reason) + 1;
        }

        return counted;
    }
}
