using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>A webhook as it came.</summary>
/// <param name="At">When, by <see cref="Stopwatch"/>.</param>
internal sealed record Received(string Path, long At, string Id, string Timestamp, string Signature, string ContentType, string Body)
{
    public JsonElement Event { get; } = JsonDocument.Parse(Body).RootElement;

    public long Number => Event.GetProperty("data").GetProperty("number").GetInt64();

    public JsonElement Data => Event.GetProperty("data");
}

/// <summary>A receiver of webhooks on loopback, which answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;

    private Receiver(WebApplication app)
    {
        this.app = app;
        app.Run(Take);
    }

    public ConcurrentQueue<Received> All { get; } = [];

    public string Address => app.Urls.Single();

    /// <summary>What becomes of a request; 204 if not said.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = Status(204);

    /// <param name="port">0 for any.</param>
    public static async Task<Receiver> Start(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var receiver = new Receiver(builder.Build());
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public static Func<Received, HttpContext, Task> Status(int status, string? header = null, string? value = null) => (_, http) =>
    {
        http.Response.StatusCode = status;
        if (header is not null)
        {
            http.Response.Headers[header] = value;
        }

        return Task.CompletedTask;
    };

    /// <summary>Takes the request and says nothing.</summary>
    public static async Task Never(Received received, HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public static Task Reset(Received received, HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Says 200, and goes on speaking for ever.</summary>
    public static async Task SlowBody(Received received, HttpContext http)
    {
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync("still here\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(200, http.RequestAborted);
        }
    }

    /// <summary>What has come, once it is that much.</summary>
    public async Task<IReadOnlyList<Received>> Until(int count)
    {
        for (var since = Stopwatch.StartNew(); All.Count < count; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            since.Elapsed.ShouldBeLessThan(Patience, $"{All.Count} of {count} webhooks came");
        }

        return [.. All];
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        var at = Stopwatch.GetTimestamp();
        using var reader = new StreamReader(http.Request.Body);
        var received = new Received(
            http.Request.Path.Value!, at, http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(), http.Request.ContentType!, await reader.ReadToEndAsync(http.RequestAborted));
        All.Enqueue(received);
        await Answer(received, http);
    }
}
