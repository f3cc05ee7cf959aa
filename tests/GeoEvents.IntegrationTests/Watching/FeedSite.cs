using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace GeoEvents.IntegrationTests.Watching;

/// <summary>A web site on loopback that publishes files as GDELT does, and misbehaves as it is told.</summary>
internal sealed class FeedSite : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> answers = new();
    private readonly StringBuilder all = new();
    private readonly WebApplication app;

    private FeedSite(WebApplication app)
    {
        this.app = app;
        app.Run(http =>
        {
            var name = http.Request.Path.Value!.Split('/')[^1];
            Asked.Enqueue(name);
            return answers.TryGetValue(name, out var answer) ? answer(http) : Status(404)(http);
        });
    }

    /// <summary>Names of the files that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Base address.</summary>
    public string Address => app.Urls.Single() + "/gdeltv2/";

    public static async Task<FeedSite> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = new FeedSite(builder.Build());
        await site.app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    /// <summary>Puts a file there and announces it as the newest.</summary>
    /// <param name="stamp">Such as 20180101001500.</param>
    /// <returns>Its name.</returns>
    public string Publish(string stamp, byte[] content, string ending = ".export.CSV")
    {
        var name = stamp + ending;
        Answer(name, Content(content));
        Announce(name, content);
        return name;
    }

    /// <summary>Lists the file as the newest, with those two that GDELT publishes beside it.</summary>
    public void Announce(string name, byte[] content, string? address = null)
    {
        var line = Line(name, content, address);
        var stamp = name.Split('.')[0];
        all.Append(line);
        Answer("lastupdate.txt", Text(line + Line($"{stamp}.mentions.CSV", [1]) + Line($"{stamp}.gkg.csv", [2])));
    }

    /// <summary>Publishes the list of all files announced so far.</summary>
    public void PublishWholeList() => Answer("masterfilelist.txt", Text("a line that is no line\n" + all));

    public void Remove(string name) => answers.TryRemove(name, out _);

    public void Answer(string name, RequestDelegate answer) => answers[name] = answer;

    public string Line(string name, byte[] content, string? address = null) =>
        $"{content.Length} {Convert.ToHexStringLower(MD5.HashData(content))} {address ?? Address}{name}\n";

    public static RequestDelegate Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public static RequestDelegate Text(string text) => Content(Encoding.UTF8.GetBytes(text));

    public static RequestDelegate Content(byte[] content) => async http =>
    {
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    };

    /// <summary>Without saying how much comes.</summary>
    public static RequestDelegate Chunked(byte[] content) => async http => await http.Response.Body.WriteAsync(content, http.RequestAborted);

    public static RequestDelegate Redirect(string address) => http =>
    {
        http.Response.Redirect(address);
        return Task.CompletedTask;
    };

    /// <summary>Half of it, and then the connection is reset.</summary>
    public static RequestDelegate HalfThenReset(byte[] content) => async http =>
    {
        await Half(http, content);
        http.Abort();
    };

    /// <summary>Half of it, and then nothing.</summary>
    public static RequestDelegate HalfThenStall(byte[] content) => async http =>
    {
        await Half(http, content);
        await Never(http);
    };

    /// <summary>Takes the request and says nothing.</summary>
    public static async Task Never(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static async Task Half(HttpContext http, byte[] content)
    {
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content.AsMemory(0, content.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        await Task.Delay(50, http.RequestAborted);
    }
}
