using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>Writes a rule. It watches nothing before it is enabled.</summary>
public sealed class DraftRule(Call call, AlertRule rule) : StreamDecision<Rule>(call, StreamKey.AlertRule(rule.Id), RuleRules.Named(rule.Scope))
{
    protected override IEnumerable<object> Change(Rule? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (Rule.Draft(rule, before) is not { } fact)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(RuleRules.Unknown(rule.Scope, record));
        return [fact];
    }

    protected override Answer Answer(Rule state, Outcomes outcome) => RuleView.Answer(Call.Workspace, state, outcome);
}

/// <param name="Rule">The whole of the new version. Its id may be left out.</param>
public sealed record RuleRevision(AlertRule? Rule = null, string Reason = "")
{
    private const string At = "/rule";

    /// <summary>With the id of the rule that it is a version of.</summary>
    public RuleRevision Of(string id) => Rule is { Id: "" } ? this with { Rule = Rule with { Id = id } } : this;

    public IEnumerable<FieldProblem> Check(string id) => Reasons.Check(Reason)
        .Concat(Rule is null ? [FieldProblem.At(At, "required", "Give the whole rule as it is to be.")] : Below(RuleRules.Check(Rule)))
        .Concat(Rule is not null && Rule.Id != id ? [FieldProblem.At($"{At}/id", "contradiction", $"A version of rule '{id}' has its id.")] : []);

    /// <summary>Faults of the rule as faults of the request.</summary>
    public static IEnumerable<FieldProblem> Below(IEnumerable<FieldProblem> problems) => problems.Select(p => p with { Pointer = At + p.Pointer });
}

/// <summary>Writes another version of a rule. The version that watches goes on.</summary>
public sealed class ReviseRule(Call call, string id, RuleRevision draft) : StreamDecision<Rule>(call, StreamKey.AlertRule(id), RuleRules.Named(draft.Rule!.Scope))
{
    protected override IEnumerable<object> Change(Rule? before, RecordView record, DateTimeOffset recordedAt)
    {
        var rule = before ?? throw RefusedException.NotFound("rule", id);
        Call.RefuseUnlessAt(rule.Version, "rule");
        InvalidRequestException.ThrowIfAny(RuleRevision.Below(RuleRules.Unknown(draft.Rule!.Scope, record)));
        return rule.Revise(draft.Rule, draft.Reason);
    }

    protected override Answer Answer(Rule state, Outcomes outcome) => RuleView.Answer(Call.Workspace, state, outcome);
}

/// <param name="Version">Number of the version; the latest if not said.</param>
/// <param name="Confirm">Whether it is to watch even if its backtest is above its budget.</param>
public sealed record EnablementDraft(int? Version = null, bool Confirm = false);

/// <summary>Lets a version of a rule watch from now on, in place of the one that did.</summary>
/// <param name="worstWeek">Alerts that the worst week of its backtest had; null if it has no budget.</param>
public sealed class EnableRule(Call call, string id, int version, double? worstWeek, bool confirm) : StreamDecision<Rule>(call, StreamKey.AlertRule(id))
{
    protected override IEnumerable<object> Change(Rule? before, RecordView record, DateTimeOffset recordedAt)
    {
        var rule = before ?? throw RefusedException.NotFound("rule", id);
        Call.RefuseUnlessAt(rule.Version, "rule");
        return rule.Enable(version, worstWeek, confirm);
    }

    protected override Answer Answer(Rule state, Outcomes outcome) => RuleView.Answer(Call.Workspace, state, outcome);
}

/// <summary>Lets no version of a rule watch any more.</summary>
public sealed class DisableRule(Call call, string id, ReasonDraft draft) : StreamDecision<Rule>(call, StreamKey.AlertRule(id))
{
    protected override IEnumerable<object> Change(Rule? before, RecordView record, DateTimeOffset recordedAt)
    {
        var rule = before ?? throw RefusedException.NotFound("rule", id);
        Call.RefuseUnlessAt(rule.Version, "rule");
        return rule.Disable(draft.Reason);
    }

    protected override Answer Answer(Rule state, Outcomes outcome) => RuleView.Answer(Call.Workspace, state, outcome);
}
