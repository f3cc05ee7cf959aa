using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Backtests;

/// <summary>Runs the backtests that wait, one after the other on each node, and says how far they are.</summary>
/// <remarks>Whichever node is free takes the next, so those that wait outlive the node that was asked. One that ran when its node went is interrupted by another, or by the next that starts.</remarks>
public sealed class BacktestJobs(BacktestStore store, BacktestPlans plans, Backtester backtester, TimeProvider clock, ILogger<BacktestJobs> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a node looks for what was asked of another.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim asked = new(0);

    /// <exception cref="InvalidRequestException">The draft makes no sense; see <see cref="BacktestPlans.Of"/>.</exception>
    /// <exception cref="RefusedException">There is no such rule (404), or too many of the workspace wait already (429).</exception>
    public async Task<BacktestView> Start(string workspace, BacktestDraft draft, CancellationToken cancel)
    {
        var backtest = await store.Add(workspace, (await plans.Of(workspace, draft, cancel)).Pinned(draft), cancel);
        asked.Release();
        return backtest;
    }

    public override void Dispose()
    {
        asked.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        OverAndOver(async () =>
        {
            await store.Interrupt(stoppingToken);
            await Task.Delay(BetweenSearches, stoppingToken);
        }, stoppingToken),
        OverAndOver(async () =>
        {
            if (await store.Take(stoppingToken) is not { } taken)
            {
                await asked.WaitAsync(BetweenLooks, stoppingToken);
                return;
            }

            await using (taken)
            {
                await Run(taken, stoppingToken);
            }
        }, stoppingToken));

    private async Task OverAndOver(Func<Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // What waits is run by whoever starts next.
            }
            catch (Exception e)
            {
                logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "Backtests are not run: {Reason}", e.Message);
                await Task.Delay(BetweenLooks, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Run(TakenBacktest taken, CancellationToken stopping)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            var plan = await plans.Of(taken.Workspace, taken.Draft, cancelled.Token);
            var (looked, total) = (0L, 0L);
            var running = Task.Run(
                () => backtester.Run(taken.Workspace, plan, clock.GetUtcNow(), (done, all) => (looked, total) = (done, all), cancelled.Token), CancellationToken.None);
            while (await Task.WhenAny(running, Task.Delay(BetweenReports, stopping)) != running)
            {
                if (!await store.Progress(taken.Id, Volatile.Read(ref looked), Volatile.Read(ref total), stopping))
                {
                    await cancelled.CancelAsync();
                }
            }

            var result = await running;
            await store.Progress(taken.Id, result.Facts, result.Facts, stopping);
            await store.End(taken.Id, BacktestState.Done, null, result, stopping);
        }
        catch (OperationCanceledException)
        {
            await store.End(taken.Id, BacktestState.Interrupted, BacktestStore.Stopped, null, CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidRequestException or RefusedException)
        {
            await store.End(taken.Id, BacktestState.Failed, e.Message, null, stopping);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Backtest {Id} failed.", taken.Id);
            await store.End(taken.Id, BacktestState.Failed, DatabaseAway.IsReason(e) ? "The database was away." : "Something went wrong in the service.", null, stopping);
        }
    }
}
