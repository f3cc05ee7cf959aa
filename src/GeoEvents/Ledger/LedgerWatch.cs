using System.Diagnostics.Metrics;
using GeoEvents.Recording;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GeoEvents.Ledger;

/// <summary>Checks the ledger against the log now and then, for monitors: the gauge <c>geoevents.ledger.difference</c> and <c>/health/ledger</c>.</summary>
public sealed class LedgerWatch : BackgroundService, IHealthCheck
{
    public const string Meter = "GeoEvents.Ledger";

    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMinutes(10);

    private readonly LedgerCheck check;
    private readonly TimeProvider clock;
    private readonly ILogger<LedgerWatch> logger;
    private (IReadOnlyList<LedgerCount> Counts, DateTimeOffset At)? last;

    public LedgerWatch(LedgerCheck check, IMeterFactory meters, TimeProvider clock, ILogger<LedgerWatch> logger)
    {
        (this.check, this.clock, this.logger) = (check, clock, logger);
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge(
            "geoevents.ledger.difference", () => Measure(c => c.Missing + c.Surplus), "{fact}", "Facts of the log that the ledger lacks, and rows of it that no fact made. Anything but 0 is a fault.");
        meter.CreateObservableGauge("geoevents.ledger.facts", () => Measure(c => c.Facts), "{fact}", "Facts of incidents in the log.");
    }

    /// <summary>Unhealthy if the last check found a difference; degraded before the first.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(last switch
    {
        null => HealthCheckResult.Degraded("Not checked yet."),
        ({ } counts, _) when counts.All(c => c.Agrees) => HealthCheckResult.Healthy(),
        ({ } counts, _) => HealthCheckResult.Unhealthy(string.Join(' ', counts.Where(c => !c.Agrees).Select(c => $"{c.Workspace}: {c.Missing} missing, {c.Surplus} surplus."))),
    });

    /// <summary>Looks now.</summary>
    public async Task Look(CancellationToken cancel)
    {
        var counts = await check.Run(cancel);
        last = (counts, clock.GetUtcNow());
        foreach (var wrong in counts.Where(c => !c.Agrees))
        {
            logger.LogError(
                "The ledger of workspace {Workspace} does not agree with the log: {Missing} facts are missing, {Surplus} rows are surplus, the first at position {First}. Rebuild it.",
                wrong.Workspace,
                wrong.Missing,
                wrong.Surplus,
                wrong.First);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenChecks, clock);
        try
        {
            do
            {
                try
                {
                    await Look(stoppingToken);
                }
                catch (Exception e) when (DatabaseAway.IsReason(e))
                {
                    logger.LogWarning("The ledger was not checked: {Reason}", e.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private IEnumerable<Measurement<long>> Measure(Func<LedgerCount, long> value) =>
        (last?.Counts ?? []).Select(c => new Measurement<long>(value(c), new KeyValuePair<string, object?>("workspace", c.Workspace)));
}
