using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <param name="Parts">What it really was, two incidents or more. One that gives no reports takes over those of the whole.</param>
public sealed record SplitDraft(string Reason = "", IReadOnlyList<IncidentDraft>? Parts = null);

/// <summary>Says that an incident was several. They go on record each by itself, and it counts no more.</summary>
/// <param name="ids">Of the parts, given or made.</param>
public sealed class SplitIncident(Call call, string id, SplitDraft draft, IReadOnlyList<string> ids) : ChangeIncident(call, id)
{
    private const int MostParts = 50;

    private readonly IReadOnlyList<IncidentDraft> parts = draft.Parts ?? [];
    private readonly Registrations register = (draft.Parts ?? []).Aggregate(new Registrations(), (all, part) => all.And(part.Register));
    private List<Facts> before = [];

    protected override IReadOnlyCollection<StreamKey> Others { get; } =
    [
        .. ids.Select(StreamKey.Incident),
        .. (draft.Parts ?? []).SelectMany((p, i) => References.Actors(p.Named(ids[i]))).Distinct().Select(StreamKey.Actor),
        .. (draft.Parts ?? []).SelectMany(p => p.Reports).Select(r => StreamKey.Source(r.Source)).Distinct(),
        .. (draft.Parts ?? []).SelectMany(p => (p.Register ?? new Registrations()).Streams).Distinct(),
    ];

    public static IEnumerable<FieldProblem> Check(SplitDraft draft, string id, DateTimeOffset now)
    {
        var parts = draft.Parts ?? [];
        if (parts.Count is < 2 or > MostParts)
        {
            yield return FieldProblem.At("/parts", parts.Count < 2 ? "required" : "too-many", $"An incident is split into 2 to {MostParts} others.");
        }

        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Id.Length > 0 && (parts[i].Id == id || parts.Take(i).Any(p => p.Id == parts[i].Id)))
            {
                yield return FieldProblem.At($"/parts/{i}/id", "repeated", "Each part needs an id of its own, other than that of the whole.");
            }

            foreach (var problem in parts[i].Check(now))
            {
                yield return problem with { Pointer = $"/parts/{i}{problem.Pointer}" };
            }
        }

        foreach (var problem in Reasons.Check(draft.Reason))
        {
            yield return problem;
        }
    }

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        before = [];
        if (incident.SplitInto.SequenceEqual(ids) && parts.Select((p, i) => DigestOf(p, i)).SequenceEqual(ids.Select(p => record.Incident(p).Digest)))
        {
            return [];
        }

        var split = incident.Split(ids, draft.Reason);
        var problems = new List<FieldProblem>();
        for (var i = 0; i < parts.Count; i++)
        {
            problems.AddRange(record.FindIncident(ids[i]) is null ? [] : [FieldProblem.At($"/parts/{i}/id", "incident-exists", "On record already.")]);
            References.Check(parts[i].Named(ids[i]), parts[i].Reports, record, register, $"/parts/{i}");
            problems.AddRange(IncidentRules.Check(parts[i], Methods.Shipped, recordedAt, $"/parts/{i}"));
        }

        InvalidRequestException.ThrowIfAny(problems);
        register.CheckNamed(record, "/parts");
        before.AddRange(register.Decide(record, "/parts"));
        before.AddRange(parts.Select((part, i) => new Facts(StreamKey.Incident(ids[i]), Begin(part, i, incident, record))));
        return [split];
    }

    protected override IEnumerable<Facts> Before(RecordView record) => before;

    private List<IncidentEvent> Begin(IncidentDraft part, int i, Incident whole, RecordView record) =>
    [
        .. part.Begin(part.Named(ids[i]), DigestOf(part, i), source => References.Source(source, record, register)).Select(fact => fact is IncidentLogged logged
            ? logged with
            {
                Reports = part.Reports.Count > 0 ? logged.Reports : [.. whole.Reports.Select((r, n) => r with { Id = $"r{n + 1}", From = null })],
                PartOf = whole.Content.Id,
            }
            : fact),
    ];

    private string DigestOf(IncidentDraft part, int i) => IncidentFields.Digest(part.Named(ids[i]), part.Reports, part.Grade);
}

/// <summary>Undoes a split. The whole counts again as it did, and its parts no more.</summary>
/// <param name="parts">What it is split into, as read before.</param>
public sealed class UnsplitIncident(Call call, string id, IReadOnlyList<string> parts, ReasonDraft draft) : ChangeIncident(call, id)
{
    private List<Facts> ofParts = [];

    protected override IReadOnlyCollection<StreamKey> Others { get; } = [.. parts.Select(StreamKey.Incident)];

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        var (own, others) = incident.Unsplit([.. parts.Select(record.Incident)], draft.Reason);
        ofParts = [.. others.Select((fact, i) => new Facts(StreamKey.Incident(parts[i]), [fact]))];
        return [own];
    }

    protected override IEnumerable<Facts> Before(RecordView record) => ofParts;
}
