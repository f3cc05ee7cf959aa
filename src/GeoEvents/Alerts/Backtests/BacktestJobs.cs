using System.Threading.Channels;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Backtests;

/// <summary>Runs backtests one after the other on the node that was asked, and says how far they are.</summary>
public sealed class BacktestJobs(BacktestStore store, Backtester backtester, TimeProvider clock, ILogger<BacktestJobs> logger) : BackgroundService
{
    private const int MostWaiting = 100;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(500);

    /// <summary>One that was not told of for so long has nobody who runs it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private readonly Channel<(string Workspace, Guid Id, BacktestPlan Plan)> waiting = Channel.CreateBounded<(string, Guid, BacktestPlan)>(MostWaiting);

    /// <exception cref="RefusedException">Too many wait already (429).</exception>
    public async Task<BacktestView> Start(string workspace, BacktestDraft draft, BacktestPlan plan, CancellationToken cancel)
    {
        var backtest = await store.Add(workspace, draft, cancel);
        if (waiting.Writer.TryWrite((workspace, backtest.Id, plan)))
        {
            return backtest;
        }

        await store.End(backtest.Id, BacktestState.Failed, "Too many were waiting.", null, cancel);
        throw new RefusedException("too-many-backtests", $"{MostWaiting} backtests are waiting. Try again when some are done.", StatusCodes.Status429TooManyRequests);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.Interrupt(Silence, stoppingToken);
            await foreach (var (workspace, id, plan) in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                await Run(workspace, id, plan, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: what waits is told to be interrupted by whoever starts next.
        }
        catch (Exception e) when (DatabaseAway.IsReason(e))
        {
            logger.LogWarning("Backtests are not run: {Reason}", e.Message);
        }
    }

    private async Task Run(string workspace, Guid id, BacktestPlan plan, CancellationToken stopping)
    {
        if (!await store.Progress(id, 0, 0, stopping))
        {
            return;
        }

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var (looked, total) = (0L, 0L);
        var running = Task.Run(
            () => backtester.Run(workspace, plan, clock.GetUtcNow(), (done, all) => (looked, total) = (done, all), cancelled.Token), CancellationToken.None);
        try
        {
            while (await Task.WhenAny(running, Task.Delay(BetweenReports, stopping)) != running)
            {
                if (!await store.Progress(id, Volatile.Read(ref looked), Volatile.Read(ref total), stopping))
                {
                    await cancelled.CancelAsync();
                }
            }

            var result = await running;
            await store.Progress(id, result.Facts, result.Facts, stopping);
            await store.End(id, BacktestState.Done, null, result, stopping);
        }
        catch (OperationCanceledException)
        {
            await store.End(id, stopping.IsCancellationRequested ? BacktestState.Interrupted : BacktestState.Cancelled, "The service was stopped while it ran.", null, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Backtest {Id} failed.", id);
            await store.End(id, BacktestState.Failed, DatabaseAway.IsReason(e) ? "The database was away." : "Something went wrong in the service.", null, stopping);
        }
    }
}
