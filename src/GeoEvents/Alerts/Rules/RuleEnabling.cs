namespace GeoEvents.Alerts.Rules;

/// <summary>What is to be known of a version of a rule before it watches.</summary>
public sealed class RuleEnabling
{
    // For the merge: here goes the backtest. Everything else about budgets is in Rule.Enable.
    /// <summary>Alerts that the worst week of the version's backtest over the record so far had.</summary>
    /// <returns>Null if it has no budget.</returns>
    public Task<double?> WorstWeek(string workspace, RuleVersion version, CancellationToken cancel) => Task.FromResult<double?>(null);
}
