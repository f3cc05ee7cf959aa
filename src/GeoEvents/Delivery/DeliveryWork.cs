using System.Diagnostics;
using GeoEvents.Delivery.Email;
using GeoEvents.Delivery.Webhooks;
using GeoEvents.Recording;

namespace GeoEvents.Delivery;

/// <summary>Delivers what waits for one subscription, for a while, until an attempt fails.</summary>
public sealed class DeliveryWork(
    DeliveryQueues queue, DeliveryContents contents, WebhookSender webhooks, EmailSender emails, RetrySchedule schedule, TimeProvider clock, ILogger<DeliveryWork> logger)
{
    private const int Together = 20;

    /// <summary>A window that brings more goes out as several mails.</summary>
    private const int MostInDigest = 200;

    /// <summary>After this, others that are due have their turn.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    public async Task Run(Leased leased, CancellationToken stopping)
    {
        for (var (since, began) = (clock.GetTimestamp(), false); ; began = true)
        {
            var now = clock.GetUtcNow();
            var email = leased.Subscription.Content.Email;
            if (email is not null && EmailSchedule.AfterQuietHours(email.QuietHours, now) is var allowed && allowed > now)
            {
                await queue.Release(leased, allowed, CancellationToken.None);
                return;
            }

            var isDigest = email?.Mode == EmailMode.Digest;
            var waiting = await queue.Waiting(leased, isDigest ? MostInDigest : Together, stopping);
            if (isDigest && !began && waiting is [{ Tries: 0 }, ..])
            {
                // A window begins: all that waits now goes out with it, and what comes in from now on with the next.
                await queue.Bind(leased, MostInDigest, stopping);
                waiting = await queue.Waiting(leased, MostInDigest, stopping);
            }

            foreach (var group in Groups(waiting, email))
            {
                if (clock.GetElapsedTime(since) > Turn)
                {
                    await queue.Release(leased, clock.GetUtcNow(), CancellationToken.None);
                    return;
                }

                if (!await Attempt(leased, group, stopping))
                {
                    return;
                }
            }

            if (waiting.Count == 0 || (isDigest && waiting[0].Batch is null))
            {
                await queue.Release(leased, email is null ? now : EmailSchedule.NextDue(email, now.AddMicroseconds(1)), CancellationToken.None);
                return;
            }
        }
    }

    /// <summary>What goes out in one message.</summary>
    private static IEnumerable<IReadOnlyList<DeliveryRecord>> Groups(IReadOnlyList<DeliveryRecord> waiting, EmailChannel? email) =>
        email?.Mode != EmailMode.Digest ? waiting.Select(w => (IReadOnlyList<DeliveryRecord>)[w])
        : waiting is not [{ Batch: not null }, ..] ? []
        : [[.. waiting.TakeWhile(w => w.Batch == waiting[0].Batch)]];

    /// <returns>Whether to go on with the next.</returns>
    private async Task<bool> Attempt(Leased leased, IReadOnlyList<DeliveryRecord> group, CancellationToken stopping)
    {
        var at = clock.GetUtcNow();
        var began = Stopwatch.GetTimestamp();
        var result = await TrySend(leased, group, stopping);
        // Once the receiver has answered, it is put on record, whether the service stops or not.
        return await queue.Record(
            leased, [.. group.Select(d => d.Number)], at, Stopwatch.GetElapsedTime(began), result, FateOf(result, group[0].Tries + 1), CancellationToken.None);
    }

    /// <summary>A message that cannot be made is an attempt that fails: it must not stop the subscription without a trace.</summary>
    private async Task<AttemptResult> TrySend(Leased leased, IReadOnlyList<DeliveryRecord> group, CancellationToken stopping)
    {
        try
        {
            return await Send(leased, group, stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.IsReason(e))
        {
            logger.LogError(e, "Delivery {Number} of subscription {Subscription} of {Workspace} could not be made.", group[0].Number, leased.Subscription.Id, leased.Workspace);
            return new AttemptResult(false, Error: "The message could not be made; the service's own log says why.");
        }
    }

    private async Task<AttemptResult> Send(Leased leased, IReadOnlyList<DeliveryRecord> group, CancellationToken stopping)
    {
        if (leased.Subscription.Content.Webhook is not { } webhook)
        {
            return await emails.Send(leased, group, stopping);
        }

        var secrets = queue.Secrets(leased.Workspace, leased.Subscription.Id, stopping);
        var body = CloudEvent.Write(await contents.Of(leased.Workspace, leased.Subscription.Id, group[0], stopping), await contents.SourceOf(leased.Workspace, stopping));
        return await webhooks.Post(webhook.Url, group[0].Message, body, await secrets, stopping);
    }

    private Fate FateOf(AttemptResult result, int tries) => result switch
    {
        { Delivered: true } => new Fate(DeliveryState.Delivered),
        { Gone: true } => new Fate(DeliveryState.GivenUp, Disabled: DisabledBecause.Gone),
        _ when schedule.After(tries, result.RetryAfter) is { } wait => new Fate(null, clock.GetUtcNow() + wait),
        _ => new Fate(DeliveryState.GivenUp, Disabled: DisabledBecause.GaveUp),
    };
}
