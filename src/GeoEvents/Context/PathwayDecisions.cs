using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>Lays out a pathway.</summary>
/// <param name="pathway">With its ids made.</param>
public sealed class LayOutPathway(Call call, PathwayContent pathway)
    : StreamDecision<Pathway>(call, StreamKey.Pathway(pathway.Id), PathwayRules.Named(pathway))
{
    protected override IEnumerable<object> Change(Pathway? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (Pathway.LayOut(pathway, before) is not { } fact)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(PathwayRules.Unknown(pathway, record, ""));
        return [fact];
    }

    protected override Answer Answer(Pathway state, Outcomes outcome) => PathwayView.Answer(Call.Workspace, state, outcome);
}

/// <param name="Add">Steps to add, at the end unless <paramref name="Order"/> says otherwise.</param>
/// <param name="Order">Ids of all steps, those added too, as they are to be taken; null leaves it.</param>
public sealed record PathwayAmendment(string Reason = "", string? Name = null, IReadOnlyList<PathwayStep>? Add = null, IReadOnlyList<string>? Order = null)
{
    public IEnumerable<FieldProblem> Check() => Reasons.Check(Reason)
        .Concat(Name is null ? [] : ContextRules.Text("/name", Name, ContextRules.LongestName, required: true))
        .Concat(Name is null && Add is not { Count: > 0 } && Order is null ? [FieldProblem.At("/add", "required", "An amendment gives a name, steps to add or an order.")] : []);
}

/// <summary>Changes a pathway's name or order, or adds steps.</summary>
public sealed class AmendPathway(Call call, string id, PathwayAmendment draft)
    : StreamDecision<Pathway>(call, StreamKey.Pathway(id), PathwayRules.Named(draft.Add ?? []))
{
    protected override IEnumerable<object> Change(Pathway? before, RecordView record, DateTimeOffset recordedAt)
    {
        var pathway = before ?? throw RefusedException.NotFound("pathway", id);
        Call.RefuseUnlessAt(pathway.Version, "pathway");
        var steps = pathway.Content.Steps;
        var added = PathwayContent.Named(draft.Add ?? [], steps);
        InvalidRequestException.ThrowIfAny(PathwayRules.Check(added, "/add")
            .Concat(ContextRules.AtMost("/add", steps.Count + added.Count))
            .Concat(added.Index().Where(a => steps.Any(s => s.Id == a.Item.Id)).Select(a => FieldProblem.At($"/add/{a.Index}/id", "repeated", "Another step has that id."))));
        InvalidRequestException.ThrowIfAny(PathwayRules.Unknown(added, record, "/add"));
        var all = steps.Concat(added).Select(s => s.Id).ToList();
        InvalidRequestException.ThrowIfAny(CheckOrder(all));
        return pathway.Amend(draft.Name ?? pathway.Content.Name, added, draft.Order ?? all, draft.Reason);
    }

    protected override Answer Answer(Pathway state, Outcomes outcome) => PathwayView.Answer(Call.Workspace, state, outcome);

    private IEnumerable<FieldProblem> CheckOrder(IReadOnlyList<string> all) => draft.Order is not { } order
        ? []
        : order.Index().Where(o => !all.Contains(o.Item)).Select(o => FieldProblem.At($"/order/{o.Index}", "unknown-step", $"There is no step '{o.Item}'."))
            .Concat(ContextRules.Repeated("/order", order))
            .Concat(all.Except(order).Any() ? [FieldProblem.At("/order", "required", $"An order names every step; missing: {string.Join(", ", all.Except(order))}.")] : []);
}

/// <param name="State">From now on; null leaves it.</param>
/// <param name="Incidents">All that prove it from now on; null leaves them.</param>
/// <param name="Due">From now on; null leaves it.</param>
/// <param name="Undated">True takes the day away.</param>
public sealed record StepProgress(string Reason = "", StepState? State = null, IReadOnlyList<string>? Incidents = null, DateOnly? Due = null, bool Undated = false)
{
    public IEnumerable<FieldProblem> Check() => Reasons.Check(Reason)
        .Concat(ContextRules.Incidents("/incidents", Incidents ?? []))
        .Concat(State is null && Incidents is null && Due is null && !Undated ? [FieldProblem.At("/state", "required", "Progress gives a state, incidents or a day, or takes the day away.")] : [])
        .Concat(Due is not null && Undated ? [FieldProblem.At("/undated", "contradiction", "Give a day or take it away.")] : [])
        .Concat(State is StepState.Done && Incidents is not { Count: > 0 }
            ? [FieldProblem.At("/incidents", "required", "A step is done when an incident proves it: name at least one.")]
            : []);
}

/// <summary>Says how far a step has come.</summary>
public sealed class ProgressStep(Call call, string id, string step, StepProgress draft)
    : StreamDecision<Pathway>(call, StreamKey.Pathway(id), (draft.Incidents ?? []).Select(StreamKey.Incident))
{
    protected override IEnumerable<object> Change(Pathway? before, RecordView record, DateTimeOffset recordedAt)
    {
        var pathway = before ?? throw RefusedException.NotFound("pathway", id);
        Call.RefuseUnlessAt(pathway.Version, "pathway");
        var earlier = pathway.Content.Steps.FirstOrDefault(s => s.Id == step) ?? throw RefusedException.NotFound("step", step);
        var to = earlier with { State = draft.State ?? earlier.State, Incidents = draft.Incidents ?? earlier.Incidents, Due = draft.Undated ? null : draft.Due ?? earlier.Due };
        // What was on record when it was named first may have been retracted since; it stays named, and is shown as what it is.
        var named = to.Incidents.Select((incident, i) => (incident, $"/incidents/{i}")).Where(i => !earlier.Incidents.Contains(i.incident));
        InvalidRequestException.ThrowIfAny(ContextRules.UnknownIncidents(record, named));
        if (to.State == StepState.Done && draft.Incidents is { } proofs && !proofs.Any(p => record.FindIncident(p) is { Standing: Standing.OnRecord }))
        {
            throw new InvalidRequestException(FieldProblem.At("/incidents", "required", "A step is done when an incident on record proves it; none of these is."));
        }

        return pathway.Progress(earlier, to, draft.Reason);
    }

    protected override Answer Answer(Pathway state, Outcomes outcome) => PathwayView.Answer(Call.Workspace, state, outcome);
}

/// <summary>A pathway as the service shows it: its content in the interchange shape, then what follows.</summary>
public sealed record PathwayView : PathwayContent
{
    public PathwayView(Pathway pathway)
        : base(pathway.Content) => (Version, RecordedAt) = (pathway.Version, pathway.RecordedAt);

    /// <summary>How many facts its stream holds; the ETag.</summary>
    public long Version { get; }

    /// <summary>When its last fact was recorded.</summary>
    public DateTimeOffset RecordedAt { get; }

    public static Answer Answer(string workspace, Pathway pathway, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        $"/api/v1/{workspace}/pathways/{pathway.Content.Id}",
        pathway.Version,
        new PathwayView(pathway));
}
