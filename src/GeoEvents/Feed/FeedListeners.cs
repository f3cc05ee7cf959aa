using System.Collections.Concurrent;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Net.Http.Headers;

namespace GeoEvents.Feed;

/// <summary>All who listen to streams of this node: one timer for the heartbeats of all, and an end for all when the service stops.</summary>
public sealed class FeedListeners : IDisposable
{
    /// <summary>When a client is to come back after a break; milliseconds, spread so that not all come at once.</summary>
    private const int SoonestRetry = 1_000, LatestRetry = 3_000;

    /// <summary>So many streams at a time read the log to catch up.</summary>
    private const int MostReading = 4;

    /// <summary>When the service stops, connections whose clients do not take the end of a stream are cut after this.</summary>
    private static readonly TimeSpan Parting = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, FeedChannel> channels = [];
    private readonly SemaphoreSlim reading = new(MostReading);
    private readonly FeedReader reader;
    private readonly LogSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<FeedListeners> logger;
    private readonly CancellationToken stopping;
    private readonly ITimer ticking;

    public FeedListeners(FeedReader reader, LogSignal signal, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<FeedListeners> logger)
    {
        (this.reader, this.signal, this.clock, this.logger, stopping) = (reader, signal, clock, logger, lifetime.ApplicationStopping);
        ticking = clock.CreateTimer(_ => ForEach(listener => listener.Tick()), null, Tick, Tick);
    }

    /// <summary>Sends the feed until the client has gone or the service stops.</summary>
    /// <param name="seen">Number of the last item that the client has, as it says; null begins at the end of the log.</param>
    public async Task Serve(HttpContext http, string workspace, string? seen, FeedFilter filter)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var channel = Join(workspace);
        try
        {
            var ring = await channel.Opened.WaitAsync(ending.Token);
            var (opening, after) = await Beginning(workspace, ring, seen, ending.Token);
            http.Response.ContentType = Accepting.EventStream;
            http.Response.Headers.CacheControl = "no-cache";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            http.Response.Headers.Vary = HeaderNames.Accept;
            var listener = new FeedListener(channel, ring, reader, reading, filter, http.Response.BodyWriter, clock, () => Cut(http, workspace));
            await using var waking = ending.Token.UnsafeRegister(static bell => ((Bell)bell!).Ring(), listener.Bell);
            channel.Add(listener);
            try
            {
                await listener.Run(opening, after, ending.Token);
            }
            finally
            {
                channel.Remove(listener);
                await End(http, listener);
            }
        }
        catch (OperationCanceledException) when (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone or was cut, or the service stops; whoever comes back says where to go on.
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ServiceUnavailableException("The service is stopping.", null);
        }
        finally
        {
            Leave(channel);
        }
    }

    public void Dispose()
    {
        ticking.Dispose();
        reading.Dispose();
    }

    private async Task<(byte[] Opening, long After)> Beginning(string workspace, FeedRing ring, string? seen, CancellationToken cancel)
    {
        var retry = Random.Shared.Next(SoonestRetry, LatestRetry);
        if (seen is null)
        {
            return (FeedText.Opening(retry, ring.Head), ring.Head);
        }

        // Another node may have shown more than this one has read by now, so the log is asked.
        var head = ring.Head;
        return FeedQuery.Number(seen) is { } after && (after <= head || after <= (head = await reader.Head(workspace, cancel)))
            ? (FeedText.Opening(retry, after), after)
            : (FeedText.Reset(retry, seen, head), head);
    }

    private void ForEach(Action<FeedListener> action)
    {
        foreach (var channel in channels.Values)
        {
            channel.ForEach(action);
        }
    }

    private void Cut(HttpContext http, string workspace)
    {
        logger.LogInformation("A client of the feed of workspace {Workspace} took nothing for {Patience} and is cut.", workspace, FeedListener.Patience);
        http.Abort();
    }

    /// <summary>A stream ends as HTTP has it. When the service stops, nobody waits for a client that does not take that end.</summary>
    private async Task End(HttpContext http, FeedListener listener)
    {
        if (listener.IsStuck)
        {
            http.Abort();
        }
        else if (stopping.IsCancellationRequested && http.Features.Get<IConnectionLifetimeFeature>() is { } connection)
        {
            // The time is counted from when the end is on its way, so that on a busy machine nobody is cut before it.
            var ended = http.Response.CompleteAsync();
            _ = Part(connection);
            await ended;
        }
    }

    private async Task Part(IConnectionLifetimeFeature connection)
    {
        await Task.Delay(Parting, clock);
        connection.Abort();
    }

    private FeedChannel Join(string workspace)
    {
        lock (channels)
        {
            var channel = channels.GetOrAdd(workspace, name => new FeedChannel(name, reader, reading, signal, logger));
            channel.Users++;
            return channel;
        }
    }

    private void Leave(FeedChannel channel)
    {
        lock (channels)
        {
            if (--channel.Users == 0)
            {
                channels.TryRemove(channel.Workspace, out _);
                channel.Dispose();
            }
        }
    }
}
