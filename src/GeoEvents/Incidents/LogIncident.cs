using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <summary>An incident to be put on record: its content, what sources say, and actors and sources not yet known.</summary>
public sealed record IncidentDraft : IncidentContent
{
    public IReadOnlyList<ReportDraft> Reports { get; init; } = [];

    /// <summary>Actors and sources to be registered along with it.</summary>
    public Registrations? Register { get; init; }
}

/// <summary>Puts one incident on the record.</summary>
/// <remarks>The same id with the same content is answered as the first time; with other content it is refused.</remarks>
/// <param name="suggestions">Looked for meanwhile. With an idempotency key they are to be there, since the answer is made while all others wait.</param>
public sealed class LogIncident(Call call, IncidentDraft draft, string id, Task<IReadOnlyList<Suggestion>> suggestions) : Decision(call)
{
    private readonly IncidentContent content = draft.Named(id);
    private readonly Registrations register = draft.Register ?? new Registrations();
    private Incident? known;
    private Method method = Methods.Shipped;

    public override IReadOnlyCollection<StreamKey> Streams { get; } =
    [
        StreamKey.Incident(id),
        StreamKey.Methods,
        .. (draft.Register ?? new Registrations()).Streams,
        .. References.Actors(draft.Named(id)).Select(StreamKey.Actor),
        .. draft.Reports.Select(r => StreamKey.Source(r.Source)).Distinct(),
    ];

    /// <summary>What is wrong with a draft by itself; all of it.</summary>
    public static IReadOnlyList<FieldProblem> Check(IncidentDraft draft, DateTimeOffset now) =>
    [
        .. IncidentRules.Check(draft, Methods.Shipped, now),
        .. IncidentRules.Check(draft.Reports),
        .. draft.Register?.Check("/register") ?? [],
    ];

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var digest = IncidentFields.Digest(content, draft.Reports);
        known = record.FindIncident(id);
        method = record.Methods.Current;
        if (known is not null)
        {
            return known.Digest == digest
                ? []
                : throw new RefusedException(
                    "incident-exists",
                    $"Incident '{id}' is on record with other content. Correct it, or choose another id.",
                    problems: [FieldProblem.At("/id", "incident-exists", "On record with other content.")]);
        }

        register.CheckNamed(record, "/register");
        References.Check(content, draft.Reports, record, register);
        if (IncidentRules.Check(content, Methods.Shipped, recordedAt).ToList() is { Count: > 0 } problems)
        {
            throw new InvalidRequestException(problems);
        }

        var reports = draft.Reports.Select((r, i) => References.Source(r.Source, record, register).Report($"r{i + 1}", r)).ToList();
        return
        [
            .. register.Decide(record, "/register"),
            new Facts(StreamKey.Incident(id), [new IncidentLogged(content, reports, digest)]),
        ];
    }

    public override Task Besides => suggestions;

    public override Answer Answer(Recorded recorded) => known is null
        ? IncidentView.Answer(StatusCodes.Status201Created, Call.Workspace, recorded, method, Suggestions)
        : IncidentView.Answer(StatusCodes.Status200OK, Call.Workspace, known, method, Suggestions);

    private IReadOnlyList<Suggestion> Suggestions => suggestions.IsCompletedSuccessfully ? suggestions.Result : [];
}
