using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Relationships;

/// <summary>How a playback is written.</summary>
public enum PlaybackFormat
{
    /// <summary>A step a line, then the end.</summary>
    NdJson,

    /// <summary>Server-Sent Events: <c>step</c> with an id to go on after it, <c>end</c>, and <c>heartbeat</c> in between.</summary>
    EventStream,
}

/// <summary>Writes a playback as it comes: at once in blocks, or at a pace step by step.</summary>
public sealed class PlaybackWriter(TimeProvider clock)
{
    /// <summary>However long nothing happened, a viewer waits no longer for the next step.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Proxies and clients take a silent connection for a dead one.</summary>
    public static readonly TimeSpan BetweenHeartbeats = TimeSpan.FromSeconds(15);

    /// <summary>Bytes that are sent together.</summary>
    private const int Together = 1 << 16;

    /// <param name="idOf">Id of a step's event.</param>
    /// <param name="pace">Seconds of the record's time in a second of the stream; greater than zero; null writes all at once.</param>
    public async Task Write(PipeWriter body, PlaybackFormat format, IAsyncEnumerable<PlaybackStep> steps, Func<PlaybackStep, string> idOf, double? pace, CancellationToken cancel)
    {
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = GeoJson.Options.Encoder, SkipValidation = true });
        var (count, paused) = (0L, TimeSpan.Zero);
        PlaybackStep? last = null;
        await foreach (var step in steps.WithCancellation(cancel))
        {
            if (pace is { } speed && last is not null)
            {
                await Pause(PauseBetween(last.At, step.At, speed));
            }

            Put(step, "step", idOf(step));
            (count, last) = (count + 1, step);
            if (pace is not null || body.UnflushedBytes >= Together)
            {
                await body.FlushAsync(cancel);
            }
        }

        Put(new PlaybackEnd(true, count, last?.Step), "end", null);
        await body.FlushAsync(cancel);

        async Task Pause(TimeSpan pause)
        {
            while (pause > TimeSpan.Zero)
            {
                var untilHeartbeat = BetweenHeartbeats - paused;
                var part = pause < untilHeartbeat ? pause : untilHeartbeat;
                await Task.Delay(part, clock, cancel);
                (pause, paused) = (pause - part, paused + part);
                if (paused >= BetweenHeartbeats)
                {
                    paused = TimeSpan.Zero;
                    if (format == PlaybackFormat.EventStream)
                    {
                        Put(new { after = last!.Step }, "heartbeat", null);
                        await body.FlushAsync(cancel);
                    }
                }
            }
        }

        void Put<T>(T what, string kind, string? id)
        {
            if (format == PlaybackFormat.EventStream)
            {
                Text(id is not null ? $"id: {id}\nevent: {kind}\ndata: " : $"event: {kind}\ndata: ");
            }

            JsonSerializer.Serialize(json, what, GeoJson.Options);
            json.Flush();
            json.Reset();
            Text(format == PlaybackFormat.EventStream ? "\n\n" : "\n");
        }

        void Text(string text) => Encoding.UTF8.GetBytes(text, body);
    }

    /// <summary>As long as nothing happened, at that speed, but no longer than <see cref="LongestPause"/>.</summary>
    public static TimeSpan PauseBetween(DateTimeOffset earlier, DateTimeOffset later, double pace) =>
        TimeSpan.FromSeconds(Math.Min((later - earlier).TotalSeconds / pace, LongestPause.TotalSeconds));
}
