using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Backtests;

/// <summary>Makes a plan of what a client asks for.</summary>
public sealed class BacktestPlans(RuleReader rules, LogReader log, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365 * 200);

    /// <summary>Before any record, and far enough from the beginning of the calendar for every condition's window.</summary>
    private static readonly DateTimeOffset Earliest = new(1500, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const double MostLeadHours = 8_760;

    /// <exception cref="InvalidRequestException">The rule is not sound, or the stretch makes no sense; each fault with its pointer.</exception>
    /// <exception cref="RefusedException">There is no such rule or version (404).</exception>
    public async Task<BacktestPlan> Of(string workspace, BacktestDraft draft, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var to = draft.To ?? now;
        var from = draft.From ?? (to > Earliest ? to.AddDays(-365) : to);
        InvalidRequestException.ThrowIfAny(Check(draft, from, to, now));
        var labels = draft.Labels is null ? [] : Labels.Read(draft.Labels);
        var id = draft.RuleId ?? draft.Rule!.Id;
        var onRecord = await rules.Find(workspace, id, (await log.Head(workspace, cancel)).Position, cancel);
        if (draft.RuleId is not null && onRecord is null)
        {
            throw RefusedException.NotFound("rule", id);
        }

        var version = draft.RuleId is null ? null : onRecord!.Numbered(draft.Version ?? onRecord.Latest.Number);
        var other = draft.CompareWith is { } number
            ? (onRecord ?? throw RefusedException.NotFound("rule", id)).Numbered(number)
            : onRecord?.Watching is { } watching && watching.Number != version?.Number ? watching : null;
        return new BacktestPlan(
            version?.Rule ?? draft.Rule!, version?.Number ?? 0, other?.Rule, other?.Number, from.ToUniversalTime(), to.ToUniversalTime(), draft.Clock, labels, draft.LeadHours);
    }

    private static IEnumerable<FieldProblem> Check(BacktestDraft draft, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        if (draft.Rule is null == draft.RuleId is null)
        {
            yield return FieldProblem.At("/rule", "required", "Give a rule, or the ruleId of one on record; not both.");
        }

        foreach (var fault in draft.Rule is null ? [] : RuleRules.Check(draft.Rule))
        {
            yield return fault with { Pointer = $"/rule{fault.Pointer}" };
        }

        if (draft.Version is not null && draft.RuleId is null)
        {
            yield return FieldProblem.At("/version", "contradiction", "A version is of a rule on record; give its ruleId.");
        }

        if (to > now)
        {
            yield return FieldProblem.At("/to", "out-of-range", "It ends in the future.");
        }

        if (to < Earliest)
        {
            yield return FieldProblem.At("/to", "out-of-range", "It ends before the year 1500.");
        }
        else if (from < Earliest || from >= to || to - from > Longest)
        {
            yield return FieldProblem.At("/from", "out-of-range", "It begins before it ends, not more than 200 years before, and not before the year 1500.");
        }

        if (draft.LeadHours is not (>= 0 and <= MostLeadHours))
        {
            yield return FieldProblem.At("/leadHours", "out-of-range", "0 to 8760.");
        }
    }
}
