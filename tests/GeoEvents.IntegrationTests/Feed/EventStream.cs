using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Feed;

/// <summary>A stream of events as it comes, block by block and byte by byte: nothing is parsed that a test does not ask for.</summary>
internal sealed class EventStream(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] buffer = new byte[1 << 16];
    private string unread = "";

    public HttpResponseMessage Response => response;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the feed of a workspace.</summary>
    /// <param name="query">As in <c>?after=3</c>.</param>
    public static Task<EventStream> Open(Workspace workspace, string query = "", string? lastEventId = null) =>
        Open(workspace.Api, workspace.At($"feed{query}"), lastEventId);

    public static async Task<EventStream> Open(HttpClient api, string address, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/event-stream") } } };
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var response = await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        ((int)response.StatusCode).ShouldBe(200, await Text(response));
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventStream(response, await response.Content.ReadAsStreamAsync(Cancel));
    }

    /// <summary>The next block, up to its empty line and without it; null at the end of the stream. A block that is not whole is none.</summary>
    public async Task<string?> Block()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        int end;
        while ((end = unread.IndexOf("\n\n", StringComparison.Ordinal)) < 0)
        {
            var read = await body.ReadAsync(buffer, limit.Token);
            if (read == 0)
            {
                return null;
            }

            unread += Encoding.UTF8.GetString(buffer, 0, read);
        }

        var block = unread[..end];
        unread = unread[(end + 2)..];
        return block;
    }

    /// <summary>Value of a field of a block; null if it has none.</summary>
    public static string? Field(string block, string name) =>
        block.Split('\n').Select(line => line.Split(": ", 2)).Where(field => field[0] == name).Select(field => field[1]).SingleOrDefault();

    public static JsonElement Data(string block) => JsonDocument.Parse(Field(block, "data")!).RootElement;

    /// <summary>The ids of the next events that are neither opening, heartbeat nor progress.</summary>
    public async Task<IReadOnlyList<long>> Ids(int count)
    {
        var ids = new List<long>();
        while (ids.Count < count)
        {
            var block = (await Block()).ShouldNotBeNull();
            if (Field(block, "event") is not (null or "heartbeat"))
            {
                ids.Add(long.Parse(Field(block, "id")!, null));
            }
        }

        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
    }

    private static async Task<string> Text(HttpResponseMessage response) => response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Cancel);
}
