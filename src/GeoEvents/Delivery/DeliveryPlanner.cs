using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Threading.Channels;
using GeoEvents.Feed;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Goes through the log behind its writers and queues what subscriptions get. Each node runs one; a workspace is gone through by one of them at a time.</summary>
/// <remarks>
/// What is queued and how far the log was gone through are one commit, so that no fact is passed over and none queued twice. A commit wakes it; what a lost
/// wake-up leaves is found within a second.
/// </remarks>
public sealed class DeliveryPlanner(
    NpgsqlDataSource database, FeedReader feed, PlannedItems items, DeliveryContents contents, Deliverer deliverer, LogSignal signal, TimeProvider clock, ILogger<DeliveryPlanner> logger) : BackgroundService
{
    private const int Together = 500;
    private const int MostPrepared = 4;

    /// <summary>So many facts that concern nobody are passed before it is noted that they were.</summary>
    private const int UnnotedProgress = 5_000;

    private readonly Channel<string> work = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, bool> queued = new();
    private readonly ConcurrentDictionary<string, Progress> workspaces = new();

    /// <summary>How far this node has seen that nothing concerns anybody, and for which types that is true.</summary>
    private sealed record Progress(long Seen, string[] Types);

    private static readonly Progress Unknown = new(-1, []);

    /// <summary>A workspace has its first subscription, or more of its log than was gone through.</summary>
    public void Look(string workspace)
    {
        workspaces.TryAdd(workspace, Unknown);
        Enqueue(workspace);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Told += Heard;
        try
        {
            for (var reachable = true; !stoppingToken.IsCancellationRequested;)
            {
                try
                {
                    await Refresh(stoppingToken);
                    reachable = true;
                    using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                    pause.CancelAfter(LogSignal.LongestWait);
                    while (await Next(pause.Token) is { } workspace)
                    {
                        queued.TryRemove(workspace, out _);
                        await Plan(workspace, stoppingToken);
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    if (reachable)
                    {
                        logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "Deliveries cannot be planned and wait: {Reason}", e.Message);
                    }

                    reachable = false;
                    await Task.Delay(LogSignal.LongestWait, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogDebug("Deliveries are planned no further: the service stops.");
        }
        finally
        {
            signal.Told -= Heard;
        }
    }

    private void Heard(string workspace)
    {
        if (workspaces.ContainsKey(workspace))
        {
            Enqueue(workspace);
        }
    }

    private void Enqueue(string workspace)
    {
        if (queued.TryAdd(workspace, true))
        {
            work.Writer.TryWrite(workspace);
        }
    }

    /// <returns>Null when it is time to look by ourselves.</returns>
    private async Task<string?> Next(CancellationToken pause)
    {
        try
        {
            return await work.Reader.ReadAsync(pause);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Looks which workspaces there are, and which have more facts than anybody looked at.</summary>
    private async Task Refresh(CancellationToken cancel)
    {
        await using var command = database.Command(
            """
            select c.workspace, c.position, c.types, coalesce(h.position, 0) from geo.delivery_cursor c
            left join lateral (select position from geo.recording where workspace = c.workspace order by position desc limit 1) h on true
            """);
        foreach (var (workspace, position, types, head) in await SubscriptionRows.All(
            command, row => (row.GetString(0), row.GetInt64(1), row.GetFieldValue<string[]>(2), row.GetInt64(3)), cancel))
        {
            var progress = workspaces.AddOrUpdate(workspace, _ => new Progress(position, types), (_, known) => After(known, position, types));
            if (head > progress.Seen)
            {
                Enqueue(workspace);
            }
        }
    }

    private static Progress After(Progress known, long position, string[] types) =>
        !known.Types.SequenceEqual(types) || known.Seen < position ? new Progress(position, types) : known;

    private async Task Plan(string workspace, CancellationToken cancel)
    {
        for (var more = true; more && !cancel.IsCancellationRequested;)
        {
            var progress = workspaces[workspace];
            if (progress == Unknown)
            {
                await Refresh(cancel);
                return;
            }

            var page = await feed.After(workspace, progress.Seen, Together, FilterOf(progress.Types), cancel);
            more = !page.IsLast;
            if (page.Items.Count > 0 || page.Last - progress.Seen > UnnotedProgress)
            {
                await using var turn = await PlanningTurn.Begin(database, workspace, wait: false, cancel);
                if (turn is null)
                {
                    return; // Another plans it, or looks again within a second.
                }

                if (turn.Position > progress.Seen || !turn.Types.SequenceEqual(progress.Types))
                {
                    workspaces[workspace] = new Progress(turn.Position, turn.Types);
                    more = true;
                    continue;
                }

                await Queue(workspace, turn, page, cancel);
            }

            workspaces[workspace] = progress with { Seen = page.Last };
        }
    }

    private async Task Queue(string workspace, PlanningTurn turn, FeedPage page, CancellationToken cancel)
    {
        var subscriptions = page.Items.Count > 0 ? await turn.Active(cancel) : [];
        IReadOnlyList<Planned> planned = [];
        if (subscriptions.Count > 0)
        {
            var facts = await items.Of(workspace, page.Items, subscriptions, cancel);
            planned = DeliveryPlan.Of(facts, [.. subscriptions.Select(s => (s.Id, s.Filter, s.Position))], await turn.Told(PlannedItems.Following(facts), cancel));
        }

        // What the first of them say is put together while they are queued.
        foreach (var item in planned.Select(p => p.Item).DistinctBy(i => i.Number).Take(MostPrepared))
        {
            contents.Prepare(workspace, item);
        }

        await turn.Finish(planned, subscriptions, page.Last, clock.GetUtcNow(), cancel);
        deliverer.Wake();
    }

    private static FeedFilter FilterOf(string[] types) => new(FrozenSet<Coding.Dyad>.Empty, DeliveryPlan.AlertTypes.Concat(types).ToFrozenSet(), FrozenSet<string>.Empty);
}
