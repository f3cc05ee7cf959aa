using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>An incident to be put on record: its content, what sources say, and actors and sources not yet known.</summary>
public sealed record IncidentDraft : IncidentContent
{
    public IncidentDraft()
    {
    }

    public IncidentDraft(IncidentContent content)
        : base(content)
    {
    }

    public IReadOnlyList<ReportDraft> Reports { get; init; } = [];

    /// <summary>An analyst's own credibility with its reason, recorded as a fact of its own right after the incident; null leaves it to the reports.</summary>
    public GradeDraft? Grade { get; init; }

    /// <summary>Actors and sources to be registered along with it.</summary>
    public Registrations? Register { get; init; }

    /// <summary>The overlay under which it was exported. What it says did not happen so, and it is refused.</summary>
    public string? Counterfactual { get; init; }

    /// <summary>What is wrong with it by itself; all of it.</summary>
    /// <param name="now">No incident lies after it.</param>
    public IEnumerable<FieldProblem> Check(DateTimeOffset now)
    {
        if (Counterfactual is { } overlay)
        {
            yield return FieldProblem.At(
                "/counterfactual", "counterfactual", $"Exported under overlay '{overlay}': what did not happen so is not put on record.");
        }

        var problems = (Register?.Check("/register") ?? [])
            .Concat(IncidentRules.Check(this, Methods.Shipped, now))
            .Concat(IncidentRules.Check(Reports))
            .Concat(CheckGrade("/grade"));
        foreach (var problem in problems)
        {
            yield return problem;
        }
    }

    /// <summary>What is wrong with its grade.</summary>
    /// <param name="at">JSON pointer to the grade.</param>
    public IEnumerable<FieldProblem> CheckGrade(string at) => Grade switch
    {
        null => [],
        { Credibility: null } => [FieldProblem.At($"{at}/credibility", "required", "A grade sets a credibility, 0 to 1."), .. GradeIncident.Check(Grade, at)],
        _ => GradeIncident.Check(Grade, at),
    };

    /// <summary>The facts with which the incident begins: that it was logged and, if it has a grade, that an analyst set it.</summary>
    /// <param name="named">Its content under the id that it has.</param>
    /// <param name="digest">Of the draft.</param>
    public IReadOnlyList<IncidentEvent> Begin(IncidentContent named, string digest, Func<string, Source> sourceOf, string? import = null)
    {
        var reports = Reports.Select((r, i) => sourceOf(r.Source).Report($"r{i + 1}", r)).ToArray();
        var logged = new IncidentLogged(named, reports, digest, import);
        return Grade is null
            ? [logged]
            : [logged, new IncidentGraded(Grade.Credibility, Credibility.Of(reports), Grade.Reason, [.. named.Dyads], import)];
    }
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

    public override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var digest = IncidentFields.Digest(content, draft.Reports, draft.Grade);
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

        return
        [
            .. register.Decide(record, "/register"),
            new Facts(StreamKey.Incident(id), draft.Begin(content, digest, source => References.Source(source, record, register))),
        ];
    }

    public override Task Besides => suggestions;

    public override Answer Answer(Recorded recorded) => known is null
        ? IncidentView.Answer(StatusCodes.Status201Created, Call.Workspace, recorded, method, Suggestions)
        : IncidentView.Answer(StatusCodes.Status200OK, Call.Workspace, known, method, Suggestions);

    private IReadOnlyList<Suggestion> Suggestions => suggestions.IsCompletedSuccessfully ? suggestions.Result : [];
}
