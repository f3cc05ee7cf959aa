using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <summary>A decision on one incident that is on record.</summary>
public abstract class ChangeIncident(Call call, string id) : Decision(call)
{
    private Incident? unchanged;
    private Method method = Methods.Shipped;

    protected string Id { get; } = id;

    public sealed override IReadOnlyCollection<StreamKey> Streams => [StreamKey.Incident(Id), StreamKey.Methods, .. Others];

    /// <summary>Streams that the change looks at or appends to, besides that of the incident.</summary>
    protected virtual IReadOnlyCollection<StreamKey> Others { get; } = [];

    public sealed override IReadOnlyList<Facts> Decide(RecordView record, DateTimeOffset recordedAt)
    {
        var incident = record.Incident(Id);
        Call.RefuseUnlessAt(incident.Version, "incident");
        var events = Change(incident, record, recordedAt).ToList();
        (unchanged, method) = (events.Count == 0 ? incident : null, record.Methods.Current);
        return events.Count == 0 ? [] : [.. Before(record), new Facts(StreamKey.Incident(Id), events)];
    }

    public sealed override Answer Answer(Recorded recorded) => unchanged is null
        ? IncidentView.Answer(StatusCodes.Status200OK, Call.Workspace, recorded, method)
        : IncidentView.Answer(StatusCodes.Status200OK, Call.Workspace, unchanged, method);

    /// <returns>Nothing when nothing changes; the incident is answered as it stands.</returns>
    protected abstract IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt);

    /// <summary>Facts of other streams that have to stand before the change.</summary>
    protected virtual IEnumerable<Facts> Before(RecordView record) => [];
}

/// <summary>Why something is done. Every change of the record needs one.</summary>
public sealed record ReasonDraft(string Reason = "");

/// <param name="Changes">Fields under their JSON names with the value they should have had; null takes a value away.</param>
public sealed record CorrectionDraft(string Reason = "", IReadOnlyDictionary<string, JsonElement>? Changes = null, Registrations? Register = null);

/// <summary>Corrects named fields. The record keeps the old value, the new one, who and why.</summary>
public sealed class CorrectIncident(Call call, string id, CorrectionDraft draft) : ChangeIncident(call, id)
{
    private readonly Registrations register = draft.Register ?? new Registrations();

    /// <summary>Also every actor that the corrected links could name: those in the changes.</summary>
    protected override IReadOnlyCollection<StreamKey> Others { get; } =
    [
        .. (draft.Register ?? new Registrations()).Streams,
        .. References.Actors(Patch(new IncidentContent(), draft)).Select(StreamKey.Actor),
    ];

    public static IEnumerable<FieldProblem> Check(CorrectionDraft draft)
    {
        foreach (var problem in Reasons.Check(draft.Reason))
        {
            yield return problem;
        }

        if (draft.Changes is not { Count: > 0 })
        {
            yield return FieldProblem.At("/changes", "required", "A correction names at least one field.");
        }

        foreach (var field in draft.Changes?.Keys ?? [])
        {
            if (!IncidentFields.Correctable.Contains(field))
            {
                yield return FieldProblem.At($"/changes/{field}", "unknown-field", "An incident has no such field to correct.");
            }
        }

        foreach (var problem in draft.Register?.Check("/register") ?? [])
        {
            yield return problem;
        }
    }

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        var corrected = Patch(incident.Content, draft);
        // A field that is not named may break a rule made since it was recorded, but not one that it kept until now.
        var before = IncidentRules.Check(incident.Content, Methods.Shipped, recordedAt, "/changes").Select(p => p.Pointer).ToHashSet();
        var problems = IncidentRules.Check(corrected, Methods.Shipped, recordedAt, "/changes")
            .Where(p => draft.Changes!.ContainsKey(p.Pointer!.Split('/')[2]) || !before.Contains(p.Pointer))
            .ToList();
        if (problems.Count > 0)
        {
            throw new InvalidRequestException(problems);
        }

        register.CheckNamed(record, "/register");
        References.Check(corrected, [], record, register, "/changes", References.Actors(incident.Content).ToHashSet());
        return incident.Correct(corrected, draft.Reason);
    }

    protected override IEnumerable<Facts> Before(RecordView record) => register.Decide(record, "/register");

    /// <exception cref="InvalidRequestException">A value does not fit its field.</exception>
    private static IncidentContent Patch(IncidentContent content, CorrectionDraft draft)
    {
        try
        {
            return IncidentFields.Patch(content, (draft.Changes ?? new Dictionary<string, JsonElement>()).Select(c => new FieldChange(c.Key, null, c.Value)));
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(FieldProblem.At($"/changes{Body.PointerOf(e.Path)}", "malformed", "The value does not fit this field."));
        }
    }
}

/// <summary>Takes an incident off the record without erasing that it was there.</summary>
public sealed class RetractIncident(Call call, string id, ReasonDraft draft) : ChangeIncident(call, id)
{
    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt) => incident.Retract(draft.Reason);
}

/// <summary>Puts a retracted incident back.</summary>
public sealed class ReinstateIncident(Call call, string id, ReasonDraft draft) : ChangeIncident(call, id)
{
    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt) => incident.Reinstate(draft.Reason);
}

/// <param name="Credibility">c, 0 to 1; null gives it back to the reports.</param>
public sealed record GradeDraft(double? Credibility = null, string Reason = "");

/// <summary>Sets the credibility by an analyst's judgement. What the reports give is kept beside it.</summary>
public sealed class GradeIncident(Call call, string id, GradeDraft draft) : ChangeIncident(call, id)
{
    public static IEnumerable<FieldProblem> Check(GradeDraft draft, string at = "")
    {
        if (draft.Credibility is { } c && !(c >= 0 && c <= 1))
        {
            yield return FieldProblem.At($"{at}/credibility", "out-of-range", "A credibility is 0 to 1, or null to give it back to the reports.");
        }

        foreach (var problem in Reasons.Check(draft.Reason, at))
        {
            yield return problem;
        }
    }

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt) =>
        incident.Grade(draft.Credibility, draft.Reason);
}

public sealed record ReportAttachment(
    string Source = "",
    int? Credibility = null,
    Stance Stance = Stance.Supports,
    string? Url = null,
    string? Quote = null,
    DateTimeOffset? PublishedAt = null,
    int? IndependentSources = null,
    Registrations? Register = null)
{
    [JsonIgnore]
    public ReportDraft Report => new(Source, Credibility, Stance, Url, Quote, PublishedAt, IndependentSources);
}

/// <summary>Attaches what one more source says.</summary>
public sealed class AttachReport(Call call, string id, ReportAttachment draft) : ChangeIncident(call, id)
{
    private readonly Registrations register = draft.Register ?? new Registrations();

    protected override IReadOnlyCollection<StreamKey> Others { get; } =
        [StreamKey.Source(draft.Source), .. (draft.Register ?? new Registrations()).Streams];

    public static IEnumerable<FieldProblem> Check(ReportAttachment draft) =>
        IncidentRules.Check(draft.Report, "").Concat(draft.Register?.Check("/register") ?? []);

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        if (record.FindSource(draft.Source) is null && register.SourceNamed(draft.Source) is null)
        {
            throw new InvalidRequestException(
                FieldProblem.At("/source", "unknown-source", $"There is no source '{draft.Source}'. Register it, also within this request."));
        }

        register.CheckNamed(record, "/register");
        return incident.Attach(draft.Report, source => References.Source(source, record, register));
    }

    protected override IEnumerable<Facts> Before(RecordView record) => register.Decide(record, "/register");
}

/// <summary>Withdraws a report that was attached by mistake, or that its source took back.</summary>
public sealed class WithdrawReport(Call call, string id, string reportId, ReasonDraft draft) : ChangeIncident(call, id)
{
    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt) =>
        incident.Withdraw(reportId, draft.Reason);
}

/// <summary>Lets an incident's reports take over the grades that their sources have by now.</summary>
/// <param name="sources">Sources of the incident's reports, as read before; one that was attached since keeps its grade, which is current anyway.</param>
public sealed class RegradeReports(Call call, string id, IReadOnlyCollection<string> sources, ReasonDraft draft) : ChangeIncident(call, id)
{
    protected override IReadOnlyCollection<StreamKey> Others { get; } = [.. sources.Select(StreamKey.Source)];

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt) =>
        incident.Regrade(record.FindSource, draft.Reason);
}

/// <summary>The rule for reasons.</summary>
public static class Reasons
{
    private const int Longest = 2_000;

    /// <summary>A request whose body says why, and nothing else.</summary>
    /// <exception cref="InvalidRequestException">The body or a header is wrong; see <see cref="Body.Read{T}"/> and <see cref="Call.Of"/> for what else is refused.</exception>
    public static async Task<(Call Call, ReasonDraft Draft)> Read(HttpContext http, CancellationToken cancel)
    {
        var (draft, bytes) = await Body.Read<ReasonDraft>(http.Request, cancel);
        InvalidRequestException.ThrowIfAny(Check(draft.Reason));
        return (Call.Of(http, bytes), draft);
    }

    public static IEnumerable<FieldProblem> Check(string reason, string at = "") =>
        TextRules.Fault(reason, Longest, required: true, multiline: true) is { } fault ? [FieldProblem.At($"{at}/reason", fault.Code, fault.Detail)] : [];
}
