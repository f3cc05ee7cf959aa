using System.Globalization;

namespace GeoEvents.Alerts.Backtests;

/// <summary>What the firings of a backtest come to.</summary>
public static class BacktestSummary
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <param name="known">Log position up to which facts were looked at.</param>
    /// <param name="facts">How many were.</param>
    /// <param name="firings">All of them, in order.</param>
    public static BacktestResult Of(BacktestPlan plan, long known, long facts, int relationships, IReadOnlyList<BacktestFiring> firings, BacktestDifference? difference)
    {
        var perWeek = PerWeek([.. firings.Select(f => f.FiredAt)], plan.From, plan.To);
        var (hours, firing) = TimeFiring(firings, plan.To);
        return new BacktestResult(
            plan.Clock switch
            {
                BacktestClock.Known => $"What the rule would have sent from {Text(plan.From)} to {Text(plan.To)}, by facts as they were recorded.",
                BacktestClock.Reported => $"What the rule would have sent from {Text(plan.From)} to {Text(plan.To)}, by facts as sources first told of them, as known now.",
                _ => $"What the rule would have sent from {Text(plan.From)} to {Text(plan.To)}, by facts as they happened, with hindsight.",
            },
            plan.Clock,
            plan.From,
            plan.To,
            known,
            facts,
            relationships,
            firings.Count,
            perWeek,
            plan.Rule.Budget is { } budget ? perWeek.Worst > budget.AlertsPerWeek : null,
            hours,
            plan.To > plan.From ? firing / (plan.To - plan.From) : 0,
            [.. firings.Take(BacktestResult.MostFirings)],
            plan.Labels.Count == 0 ? null : Labels.Score(plan, firings),
            difference);

        static string Text(DateTimeOffset t) => t.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>The median by weeks from the beginning on; the worst of any seven days, so that it does not depend on where the stretch begins.</summary>
    /// <param name="fired">In order.</param>
    public static AlertsPerWeek PerWeek(IReadOnlyList<DateTimeOffset> fired, DateTimeOffset from, DateTimeOffset to)
    {
        var weeks = Math.Max(1, (int)Math.Ceiling((to - from) / Week));
        var counts = new double[weeks];
        var (worst, worstFrom, first) = (0, (DateTimeOffset?)null, 0);
        for (var i = 0; i < fired.Count; i++)
        {
            counts[Math.Min(weeks - 1, (int)((fired[i] - from) / Week))]++;
            while (fired[i] - fired[first] >= Week)
            {
                first++;
            }

            if (i - first + 1 > worst)
            {
                (worst, worstFrom) = (i - first + 1, fired[first]);
            }
        }

        return new AlertsPerWeek(Labels.Median(counts), worst, worstFrom, weeks);
    }

    /// <returns>Open episodes added up, and the time in which at least one was open.</returns>
    private static (double Hours, TimeSpan AnyOpen) TimeFiring(IReadOnlyList<BacktestFiring> firings, DateTimeOffset end)
    {
        var (hours, any, until) = (0.0, TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var f in firings)
        {
            var ended = f.EndedAt ?? end;
            hours += (ended - f.FiredAt).TotalHours;
            var from = f.FiredAt > until ? f.FiredAt : until;
            any += ended > from ? ended - from : TimeSpan.Zero;
            until = ended > until ? ended : until;
        }

        return (hours, any);
    }
}
