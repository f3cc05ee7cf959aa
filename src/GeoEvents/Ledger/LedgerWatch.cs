using System.Diagnostics.Metrics;
using GeoEvents.Recording;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GeoEvents.Ledger;

/// <summary>Checks the ledger against the log now and then, for monitors: the gauge <c>geoevents.ledger.difference</c> and <c>/health/ledger</c>.</summary>
/// <remarks>At the start what was recorded last, then what has been recorded since: looking must not cost more the longer the log is. All of it is what <c>check</c> looks at.</remarks>
public sealed class LedgerWatch : BackgroundService, IHealthCheck
{
    public const string Meter = "GeoEvents.Ledger";

    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMinutes(10);

    /// <summary>Events that are looked at first.</summary>
    private const long First = 100_000;

    private readonly LedgerCheck check;
    private readonly TimeProvider clock;
    private readonly ILogger<LedgerWatch> logger;
    private IReadOnlyList<LedgerCount>? last;

    /// <summary>Up to this event of the store nothing has to be looked at any more; null before the first look.</summary>
    private long? sound;

    public LedgerWatch(LedgerCheck check, IMeterFactory meters, TimeProvider clock, ILogger<LedgerWatch> logger)
    {
        (this.check, this.clock, this.logger) = (check, clock, logger);
        var meter = meters.Create(Meter);
        meter.CreateObservableGauge(
            "geoevents.ledger.difference", () => Measure(c => c.Missing + c.Surplus), "{fact}", "Facts of the log that the ledger lacks, and rows of it that no fact made. Anything but 0 is a fault.");
        meter.CreateObservableGauge("geoevents.ledger.checked", () => Measure(c => c.Facts), "{fact}", "Facts of incidents that the last look compared.");
    }

    /// <summary>Unhealthy if the last look found a difference; degraded before the first.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(last switch
    {
        null => HealthCheckResult.Degraded("Not checked yet."),
        var counts when counts.All(c => c.Agrees) => HealthCheckResult.Healthy(),
        var counts => HealthCheckResult.Unhealthy(string.Join(' ', counts.Where(c => !c.Agrees).Select(c => $"{c.Workspace}: {c.Missing} missing, {c.Surplus} surplus."))),
    });

    /// <summary>Looks now, at what was recorded since all was sound.</summary>
    public async Task Look(CancellationToken cancel)
    {
        var head = await check.Head(cancel);
        var counts = await check.Run(sound ?? Math.Max(0, head - First), cancel);
        last = counts;
        if (counts.All(c => c.Agrees))
        {
            sound = head;
        }

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
        (last ?? []).Select(c => new Measurement<long>(value(c), new KeyValuePair<string, object?>("workspace", c.Workspace)));
}
