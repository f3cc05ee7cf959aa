using System.Collections.Concurrent;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Delivers what waits. Each node runs one; a subscription is delivered by one of them at a time, in order.</summary>
/// <remarks>However many subscriptions there are, there is one timer, and no more than <see cref="MostAtOnce"/> are worked on at once.</remarks>
public sealed class Deliverer(NpgsqlDataSource database, DeliveryQueues queue, DeliveryWork work, TimeProvider clock, ILogger<Deliverer> logger) : BackgroundService
{
    private const int MostAtOnce = 64;

    /// <summary>The longest between looks at what is due: another node may have planned it, or died over it.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>After a fault of ours or of the database, which is no attempt.</summary>
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Workspace, string Subscription), Task> underWay = [];
    private volatile TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something may be due now.</summary>
    public void Wake() => woken.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var reachable = true; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await using var node = await DeliveryNode.Join(database, stoppingToken);
                reachable = true;
                await Deliver(node, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug("Nothing more is delivered: the service stops.");
            }
            catch (Exception e)
            {
                if (reachable)
                {
                    logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "Deliveries wait: {Reason}", e.Message);
                }

                reachable = false;
                await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(underWay.Values);
    }

    private async Task Deliver(DeliveryNode node, CancellationToken stopping)
    {
        while (!node.Lost.IsCompleted)
        {
            stopping.ThrowIfCancellationRequested();
            woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var free = MostAtOnce - underWay.Count;
            var claimed = free > 0 ? await queue.Claim(node.Number, free, stopping) : [];
            foreach (var leased in claimed)
            {
                var key = (leased.Workspace, leased.Subscription.Id);
                var done = new TaskCompletionSource();
                underWay[key] = done.Task;
                _ = Task.Run(() => Work(leased, key, done, stopping), CancellationToken.None);
            }

            if (claimed.Count < free || free <= 0)
            {
                var pause = await queue.NextDue(stopping) - clock.GetUtcNow() is { } wait && wait < Poll && free > 0 ? wait : Poll;
                if (pause > TimeSpan.Zero)
                {
                    using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                    await Task.WhenAny(woken.Task, node.Lost, Task.Delay(pause, clock, over.Token));
                    await over.CancelAsync();
                }
            }
        }
    }

    private async Task Work(Leased leased, (string, string) key, TaskCompletionSource done, CancellationToken stopping)
    {
        try
        {
            await work.Run(leased, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogDebug("Subscription {Subscription} of {Workspace} rests while the service is stopped.", leased.Subscription.Id, leased.Workspace);
        }
        catch (Exception e)
        {
            await Rest(leased);
            logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "Subscription {Subscription} of {Workspace} waits: {Reason}", leased.Subscription.Id, leased.Workspace, e.Message);
        }
        finally
        {
            underWay.TryRemove(key, out _);
            done.SetResult();
            Wake();
        }
    }

    /// <summary>Lets go of a subscription for a moment. If that fails too, its lease ends by itself.</summary>
    private async Task Rest(Leased leased)
    {
        try
        {
            await queue.Release(leased, clock.GetUtcNow() + RestAfterFault, CancellationToken.None);
        }
        catch (Exception e) when (DatabaseAway.IsReason(e))
        {
            logger.LogDebug("Subscription {Subscription} of {Workspace} stays leased for a while: {Reason}", leased.Subscription.Id, leased.Workspace, e.Message);
        }
    }
}
