using GeoEvents.Recording;

namespace GeoEvents.Feed;

/// <summary>Reads what is new in one workspace, once for all who listen, as long as anybody does.</summary>
public sealed class FeedChannel : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource closing = new();
    private readonly HashSet<FeedListener> listeners = [];
    private readonly TaskCompletionSource<FeedRing> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FeedReader reader;
    private readonly LogSignal signal;
    private readonly ILogger logger;

    public FeedChannel(string workspace, FeedReader reader, SemaphoreSlim reading, LogSignal signal, ILogger logger)
    {
        (Workspace, this.reader, this.signal, this.logger) = (workspace, reader, signal, logger);
        Older = new FeedBlocks(workspace, reader, reading);
        _ = Task.Run(Read, CancellationToken.None);
    }

    public string Workspace { get; }

    /// <summary>The newest items, once those are in it that there were. Fails if the database could not tell them.</summary>
    /// <remarks>After a restart all clients come back within seconds, each a little behind; so what they lack is there before they are.</remarks>
    public Task<FeedRing> Opened => opened.Task;

    /// <summary>What the ring has no more.</summary>
    public FeedBlocks Older { get; }

    /// <summary>How many use it; whoever counts holds a lock.</summary>
    public int Users { get; set; }

    /// <summary>From here on the listener's bell rings when there is more.</summary>
    public void Add(FeedListener listener)
    {
        lock (listeners)
        {
            listeners.Add(listener);
        }
    }

    public void Remove(FeedListener listener)
    {
        lock (listeners)
        {
            listeners.Remove(listener);
        }
    }

    /// <summary>Does something quick for each who listens.</summary>
    public void ForEach(Action<FeedListener> action)
    {
        lock (listeners)
        {
            foreach (var listener in listeners)
            {
                action(listener);
            }
        }
    }

    public void Dispose()
    {
        closing.Cancel();
        closing.Dispose();
    }

    private async Task Read()
    {
        var cancel = closing.Token;
        FeedRing ring;
        try
        {
            ring = new FeedRing(Math.Max(0, await reader.Head(Workspace, cancel) - FeedRing.MostItems));
            while (!await ReadNext(ring, cancel))
            {
            }

            opened.SetResult(ring);
        }
        catch (Exception e)
        {
            opened.SetException(e);
            return;
        }

        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await ReadOn(ring, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it is, streams stay open and get their heartbeats; they lack nothing once it is over.
                logger.LogWarning(DatabaseAway.IsReason(e) ? null : e, "The feed of workspace {Workspace} does not get on: {Reason}", Workspace, e.Message);
                await Task.Delay(Pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ReadOn(FeedRing ring, CancellationToken cancel)
    {
        while (true)
        {
            var more = signal.More(Workspace, cancel);
            if (await ReadNext(ring, cancel))
            {
                await more;
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    /// <returns>Whether the log went no further.</returns>
    private async Task<bool> ReadNext(FeedRing ring, CancellationToken cancel)
    {
        var page = await reader.After(Workspace, ring.Head, FeedReader.MostTogether, FeedFilter.None, cancel);
        foreach (var item in page.Items)
        {
            ring.Add(RenderedItem.Of(item));
        }

        if (page.Items.Count > 0)
        {
            ForEach(listener => listener.Bell.Ring());
        }

        return page.IsLast;
    }
}
