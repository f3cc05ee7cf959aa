using System.Net.Sockets;
using GeoEvents.IntegrationTests.Feed;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>One who follows the feed over an unreliable line: it is cut at random moments, goes on after the last event that came whole, and keeps every number it got.</summary>
/// <param name="service">Where the service is at the moment.</param>
internal sealed class FeedClient(Func<Uri> service, Random random)
{
    /// <summary>A line holds for up to that many events.</summary>
    private const int LongestLine = 1_500;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 200 }) { Timeout = Timeout.InfiniteTimeSpan };

    public List<long> Got { get; } = [];

    /// <summary>How often the line was cut, and how often the service went away.</summary>
    public int Cuts { get; private set; }

    public int Losses { get; private set; }

    /// <summary>Follows until a number has come.</summary>
    public async Task Follow(Func<long> goal, CancellationToken cancel)
    {
        var last = "0";
        while (Got.Count == 0 || Got[^1] < goal())
        {
            try
            {
                await using var stream = await EventStream.Open(Http, $"{service()}api/v1/{Writers.Workspace}/feed", last);
                for (var left = random.Next(1, LongestLine); left > 0 && (Got.Count == 0 || Got[^1] < goal()); left--)
                {
                    if (await stream.Block() is not { } block)
                    {
                        throw new IOException("The stream ended.");
                    }

                    last = EventStream.Field(block, "id") ?? last;
                    if (EventStream.Field(block, "event") is not (null or "heartbeat"))
                    {
                        EventStream.Field(block, "event").ShouldNotBe("reset");
                        Got.Add(long.Parse(last, null));
                    }
                }

                Cuts++;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
            {
                Losses++;
                await Task.Delay(100, cancel);
            }
        }
    }
}
