using System.Buffers;
using System.IO.Pipelines;

namespace GeoEvents.Feed;

/// <summary>Sends one client what passes its filter, in order and without a gap: from the ring, or if it has fallen out of that, from the log until it has caught up.</summary>
/// <param name="abort">Ends its connection.</param>
public sealed class FeedListener(
    FeedChannel channel, FeedRing ring, FeedReader reader, SemaphoreSlim reading, FeedFilter filter, PipeWriter body, TimeProvider clock, Action abort)
{
    /// <summary>Proxies and clients take a silent connection for a dead one.</summary>
    public static readonly TimeSpan BetweenHeartbeats = TimeSpan.FromSeconds(15);

    /// <summary>A client that takes nothing for so long is cut.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that are sent together. The service holds no more for a client than these and what Kestrel buffers.</summary>
    private const int Together = 1 << 14;

    private const int MostTaken = 64, PageSize = 100;

    private long writingSince;
    private long writtenAt = clock.GetTimestamp();

    /// <summary>The number that it has come to, and the last that the client was told.</summary>
    private long cursor, told;

    /// <summary>Rings when there is more to send, or a heartbeat is due.</summary>
    public Bell Bell { get; } = new();

    /// <summary>Whether the client takes nothing at the moment.</summary>
    public bool IsStuck => Volatile.Read(ref writingSince) != 0;

    /// <summary>Looks, about once a second, whether the client is to be cut, or told that the stream is alive.</summary>
    public void Tick()
    {
        if (Volatile.Read(ref writingSince) is var since and not 0)
        {
            if (clock.GetElapsedTime(since) >= Patience)
            {
                abort();
            }
        }
        else if (IsHeartbeatDue)
        {
            Bell.Ring();
        }
    }

    private bool IsHeartbeatDue => clock.GetElapsedTime(Volatile.Read(ref writtenAt)) >= BetweenHeartbeats;

    /// <summary>Sends until the client has gone or the service stops.</summary>
    /// <param name="opening">What the stream begins with.</param>
    /// <param name="after">Number that the first item comes after.</param>
    /// <exception cref="OperationCanceledException">That is so.</exception>
    public async Task Run(byte[] opening, long after, CancellationToken cancel)
    {
        cursor = told = after;
        body.Write(opening);
        await Flush(cancel);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var looked = PutNewest();
            if (looked is null)
            {
                await CatchUp(cancel);
            }
            else if (body.UnflushedBytes > 0)
            {
                await Flush(cancel);
            }
            else if (IsHeartbeatDue)
            {
                TellProgress();
                body.Write(FeedText.Heartbeat(ring.Head));
                await Flush(cancel);
            }
            else if (looked == 0)
            {
                await Bell.Wait();
            }
        }
    }

    /// <summary>Writes what the ring has, up to what is sent together.</summary>
    /// <returns>How many items were looked at; null if the next one is in the ring no more.</returns>
    private int? PutNewest()
    {
        var batch = ArrayPool<RenderedItem>.Shared.Rent(MostTaken);
        try
        {
            if (ring.Take(cursor, batch.AsSpan(0, MostTaken)) is not { } count)
            {
                return null;
            }

            var looked = 0;
            while (looked < count && body.UnflushedBytes < Together)
            {
                var (item, text) = batch[looked++];
                cursor = item.Number;
                if (filter.Passes(item))
                {
                    body.Write(text);
                    told = cursor;
                }
            }

            return looked;
        }
        finally
        {
            ArrayPool<RenderedItem>.Shared.Return(batch, clearArray: true);
        }
    }

    /// <summary>Sends a stretch of the log that is in memory no more. Whoever chooses few items reads by the filter, the others share what they read.</summary>
    private async Task CatchUp(CancellationToken cancel)
    {
        if (filter.IsNone)
        {
            foreach (var (item, text) in await channel.Older.After(cursor, cancel))
            {
                await Put(item.Number, text, cancel);
                cursor = item.Number;
            }
        }
        else
        {
            var page = await Page(cancel);
            foreach (var item in page.Items)
            {
                await Put(item.Number, FeedText.Of(item), cancel);
            }

            cursor = page.Last;
            TellProgress();
        }

        await Flush(cancel);
    }

    private async Task<FeedPage> Page(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        try
        {
            return await reader.After(channel.Workspace, cursor, PageSize, filter, cancel);
        }
        finally
        {
            reading.Release();
        }
    }

    private async ValueTask Put(long number, byte[] text, CancellationToken cancel)
    {
        body.Write(text);
        told = number;
        if (body.UnflushedBytes >= Together)
        {
            await Flush(cancel);
        }
    }

    private void TellProgress()
    {
        if (told != cursor)
        {
            body.Write(FeedText.Progress(told = cursor));
        }
    }

    private async ValueTask Flush(CancellationToken cancel)
    {
        var now = clock.GetTimestamp();
        Volatile.Write(ref writtenAt, now);
        var flushing = body.FlushAsync(cancel);
        if (!flushing.IsCompleted)
        {
            Volatile.Write(ref writingSince, now);
        }

        var flushed = await flushing;
        Volatile.Write(ref writingSince, 0);
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new OperationCanceledException("The client has gone.");
        }
    }
}
