using GeoEvents.Recording;

namespace GeoEvents.Watching;

/// <summary>Looks at every feed when its time has come. Each node runs one; a feed is looked at by one of them at a time.</summary>
public sealed class FeedWatcher(
    FeedStore feeds, FeedCheck check, FeedMetrics metrics, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<FeedWatcher> logger) : BackgroundService
{
    private const int MostAtOnce = 8;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string Workspace, string Feed), Task> underWay = [];
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something may be due now.</summary>
    public void Wake() => woken.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Started(stoppingToken);
            for (var reachable = true; ;)
            {
                woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                try
                {
                    Begin(await feeds.All(null, stoppingToken), stoppingToken);
                    reachable = true;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    if (reachable)
                    {
                        logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "Feeds cannot be read and wait: {Reason}", e.Message);
                    }

                    reachable = false;
                }

                await Task.WhenAny(woken.Task, Task.Delay(Poll, clock, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(underWay.Values);
        }
    }

    /// <summary>Until the rest of the service has started, the message bus among it.</summary>
    private async Task Started(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    private void Begin(IReadOnlyList<StoredFeed> all, CancellationToken stopping)
    {
        metrics.Show(all);
        foreach (var (done, _) in underWay.Where(w => w.Value.IsCompleted).ToList())
        {
            underWay.Remove(done);
        }

        var now = feeds.Now;
        foreach (var (workspace, feed, _) in all.Where(f => f.Feed.IsDue(now) && !underWay.ContainsKey((f.Workspace, f.Feed.Name))))
        {
            if (underWay.Count < MostAtOnce)
            {
                underWay[(workspace, feed.Name)] = Task.Run(() => Look(workspace, feed.Name, stopping), CancellationToken.None);
            }
        }
    }

    private async Task Look(string workspace, string feed, CancellationToken stopping)
    {
        try
        {
            await check.Run(workspace, feed, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogDebug("Feed {Feed} of {Workspace} rests while the service is stopped.", feed, workspace);
        }
        catch (Exception e) when (DatabaseAway.IsReason(e))
        {
            logger.LogWarning("Feed {Feed} of {Workspace} waits for the database: {Reason}", feed, workspace, e.Message);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Feed {Feed} of {Workspace} could not be looked at.", feed, workspace);
        }
    }
}
