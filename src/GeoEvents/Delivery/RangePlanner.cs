using System.Collections.Frozen;
using GeoEvents.Feed;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery;

/// <summary>Queues for one subscription what it gets of a stretch of the feed that was gone through already.</summary>
public sealed class RangePlanner(FeedReader feed, PlannedItems items, TimeProvider clock)
{
    /// <summary>So many deliveries at most are queued at once.</summary>
    public const int Most = 10_000;

    private const int Together = 500;

    /// <param name="after">Feed number before the first.</param>
    /// <param name="to">The last.</param>
    /// <returns>How many were queued.</returns>
    /// <exception cref="RefusedException">More than <see cref="Most"/> (409).</exception>
    public async Task<int> Queue(PlanningTurn turn, string workspace, Subscription subscription, long after, long to, bool replay, CancellationToken cancel)
    {
        var filter = new FeedFilter(FrozenSet<Coding.Dyad>.Empty, DeliveryPlan.AlertTypes.Concat(subscription.Filter.Types ?? []).ToFrozenSet(), FrozenSet<string>.Empty);
        var queued = 0;
        while (after < to)
        {
            var page = await feed.After(workspace, after, Together, filter, cancel);
            var facts = await items.Of(workspace, [.. page.Items.Where(i => i.Number <= to)], [subscription], cancel);
            var told = (await turn.Told(PlannedItems.Following(facts), cancel)).Where(t => t.Subscription == subscription.Id);
            var planned = DeliveryPlan.Of(facts, [(subscription.Id, subscription.Filter, after)], told);
            queued += await turn.Queue(planned, [subscription], replay, clock.GetUtcNow(), cancel);
            if (queued > Most)
            {
                throw new RefusedException("too-many-deliveries", $"That is more than {Most:N0} deliveries. Take a shorter stretch of the feed.");
            }

            after = page.IsLast ? to : page.Last;
        }

        return queued;
    }
}
