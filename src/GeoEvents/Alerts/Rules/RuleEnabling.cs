using GeoEvents.Alerts.Backtests;

namespace GeoEvents.Alerts.Rules;

/// <summary>What is to be known of a version of a rule before it watches.</summary>
public sealed class RuleEnabling(Backtester backtester, TimeProvider clock)
{
    private const int Days = 365;

    /// <summary>Alerts that the worst week of the version's backtest had: over the last year, by facts as they happened, since what was imported has no other clock to tell by.</summary>
    /// <returns>Null if it has no budget.</returns>
    public async Task<double?> WorstWeek(string workspace, RuleVersion version, CancellationToken cancel)
    {
        if (version.Rule.Budget is null)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var plan = new BacktestPlan(version.Rule, version.Number, null, null, now.AddDays(-Days), now, BacktestClock.Occurred, [], 0);
        return (await backtester.Run(workspace, plan, now, (_, _) => { }, cancel)).PerWeek.Worst;
    }
}
