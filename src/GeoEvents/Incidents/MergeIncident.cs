using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Incidents;

/// <param name="Into">Id of the incident that goes on for both.</param>
public sealed record MergeDraft(string Into = "", string Reason = "");

/// <summary>Says that an incident is the same as another. That one keeps its content and takes over the reports.</summary>
public sealed class MergeIncident(Call call, string id, MergeDraft draft) : ChangeIncident(call, id)
{
    private Facts? other;

    protected override IReadOnlyCollection<StreamKey> Others { get; } = [StreamKey.Incident(draft.Into)];

    public static IEnumerable<FieldProblem> Check(MergeDraft draft, string id)
    {
        if (!IncidentRules.IsId(draft.Into))
        {
            yield return FieldProblem.At("/into", draft.Into.Length == 0 ? "required" : "malformed", "Name the incident that goes on for both.");
        }
        else if (draft.Into == id)
        {
            yield return FieldProblem.At("/into", "contradiction", "An incident cannot be merged into itself.");
        }

        foreach (var problem in Reasons.Check(draft.Reason))
        {
            yield return problem;
        }
    }

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        var into = record.FindIncident(draft.Into)
            ?? throw new InvalidRequestException(FieldProblem.At("/into", "unknown-incident", $"There is no incident '{draft.Into}'."));
        if (incident.MergeInto(into, draft.Reason) is not var (own, others))
        {
            return [];
        }

        other = new Facts(StreamKey.Incident(draft.Into), [others]);
        return [own];
    }

    protected override IEnumerable<Facts> Before(RecordView record) => [other!];
}

/// <summary>Undoes a merge. Both are again what they would be without it; what was changed of the other meanwhile stays.</summary>
/// <param name="survivor">What it is merged into, as read before.</param>
public sealed class UnmergeIncident(Call call, string id, string? survivor, ReasonDraft draft) : ChangeIncident(call, id)
{
    private Facts? other;

    protected override IReadOnlyCollection<StreamKey> Others { get; } = survivor is null ? [] : [StreamKey.Incident(survivor)];

    protected override IEnumerable<IncidentEvent> Change(Incident incident, RecordView record, DateTimeOffset recordedAt)
    {
        var (own, others) = incident.Unmerge(survivor is null ? incident : record.Incident(survivor), draft.Reason);
        other = new Facts(StreamKey.Incident(survivor!), [others]);
        return [own];
    }

    protected override IEnumerable<Facts> Before(RecordView record) => [other!];
}
