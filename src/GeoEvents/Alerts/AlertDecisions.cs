using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <param name="Note">What is to be said with it; null is nothing.</param>
public sealed record AcknowledgementDraft(string? Note = null)
{
    public IEnumerable<FieldProblem> Check() => AlertTexts.Check("/note", Note, AlertTexts.LongestNote, required: false);
}

/// <param name="To">Who is to see to it; null: nobody any more.</param>
public sealed record AssignmentDraft(string? To = null)
{
    public IEnumerable<FieldProblem> Check() => AlertTexts.Check("/to", To, AlertTexts.LongestName, required: To is not null);
}

public sealed record AnnotationDraft(string Text = "")
{
    public IEnumerable<FieldProblem> Check() => AlertTexts.Check("/text", Text, AlertTexts.LongestNote, required: true);
}

/// <summary>Which texts go with an alert.</summary>
internal static class AlertTexts
{
    public const int LongestNote = 5_000;
    public const int LongestName = 200;

    public static IEnumerable<FieldProblem> Check(string at, string? text, int longest, bool required) =>
        TextRules.Fault(text, longest, required, multiline: longest > LongestName) is { } fault ? [FieldProblem.At(at, fault.Code, fault.Detail)] : [];
}

/// <summary>Says that somebody has seen an alert.</summary>
public sealed class AcknowledgeAlert(Call call, string id, AcknowledgementDraft draft) : StreamDecision<Alert>(call, StreamKey.Alert(id))
{
    protected override IEnumerable<object> Change(Alert? before, RecordView record, DateTimeOffset recordedAt)
    {
        var alert = before ?? throw RefusedException.NotFound("alert", id);
        Call.RefuseUnlessAt(alert.Version, "alert");
        return alert.Acknowledge(Call.User, draft.Note);
    }

    protected override Answer Answer(Alert state, Outcomes outcome) => AlertView.Answer(Call.Workspace, state);
}

/// <summary>Says who is to see to an alert.</summary>
public sealed class AssignAlert(Call call, string id, AssignmentDraft draft) : StreamDecision<Alert>(call, StreamKey.Alert(id))
{
    protected override IEnumerable<object> Change(Alert? before, RecordView record, DateTimeOffset recordedAt)
    {
        var alert = before ?? throw RefusedException.NotFound("alert", id);
        Call.RefuseUnlessAt(alert.Version, "alert");
        return alert.Assign(draft.To);
    }

    protected override Answer Answer(Alert state, Outcomes outcome) => AlertView.Answer(Call.Workspace, state);
}

/// <summary>Says something about an alert.</summary>
public sealed class AnnotateAlert(Call call, string id, AnnotationDraft draft) : StreamDecision<Alert>(call, StreamKey.Alert(id))
{
    protected override IEnumerable<object> Change(Alert? before, RecordView record, DateTimeOffset recordedAt)
    {
        var alert = before ?? throw RefusedException.NotFound("alert", id);
        Call.RefuseUnlessAt(alert.Version, "alert");
        return alert.Annotate(Call.User, draft.Text);
    }

    protected override Answer Answer(Alert state, Outcomes outcome) => AlertView.Answer(Call.Workspace, state);
}
