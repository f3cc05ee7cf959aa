using System.Text;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Feed;

/// <summary>What goes over a stream of events (HTML Living Standard, "Server-sent events").</summary>
public static class FeedText
{
    /// <summary>The item as an event: its number is the id, so that a client that comes back says what it has.</summary>
    public static byte[] Of(FeedItem item) => Event($"id: {item.Number}\nevent: {item.Type}\n", item);

    /// <summary>An id and nothing else. Clients keep it and tell nobody; it says how far a stream has come that had nothing to show.</summary>
    public static byte[] Progress(long number) => Encoding.UTF8.GetBytes($"id: {number}\n\n");

    /// <summary>Has no id, so that it changes nothing.</summary>
    /// <param name="head">Number of the last item of the workspace.</param>
    public static byte[] Heartbeat(long head) => Event("event: heartbeat\n", new { head });

    /// <summary>How a stream begins.</summary>
    /// <param name="retry">When to come back after a break; milliseconds.</param>
    /// <param name="after">Number that the first item comes after.</param>
    public static byte[] Opening(int retry, long after) => Encoding.UTF8.GetBytes($"retry: {retry}\nid: {after}\n\n");

    /// <summary>How a stream begins whose client asked for what comes after something that is not there.</summary>
    /// <param name="asked">What it asked for.</param>
    /// <param name="after">Number of the last item, where it begins instead.</param>
    public static byte[] Reset(int retry, string asked, long after) => Event($"retry: {retry}\nid: {after}\nevent: reset\n", new
    {
        asked,
        after,
        detail = FeedQuery.Number(asked) is null
            ? "That is no number of an item. The stream begins at the end of the log instead."
            : "The log does not go that far: it is another one, or was restored from an earlier state. The stream begins at its end instead.",
    });

    private static byte[] Event<T>(string head, T data) => [.. Encoding.UTF8.GetBytes($"{head}data: "), .. JsonSerializer.SerializeToUtf8Bytes(data, GeoJson.Options), .. "\n\n"u8];
}
