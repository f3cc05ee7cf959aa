using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>An SMTP server in a process of its own (npm <c>smtp-server</c>), and the messages that it took, as another mail parser reads them.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task reading;

    private SmtpServer(Process process, int port)
    {
        (this.process, Port) = (process, port);
        reading = Read();
    }

    public int Port { get; }

    public ConcurrentQueue<JsonElement> Messages { get; } = [];

    /// <summary>Settings of a service that sends by it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Delivery:Smtp:Host"] = "127.0.0.1",
        ["Delivery:Smtp:Port"] = $"{Port}",
        ["Delivery:Smtp:Tls"] = "none",
        ["Delivery:Smtp:User"] = "geoevents",
        ["Delivery:Smtp:Password"] = "secret",
        ["Delivery:Smtp:From"] = "GeoEvents <alerts@geoevents.example>",
        ["PublicAddress"] = "https://geoevents.example/",
    };

    public static async Task<SmtpServer> Start()
    {
        var process = NodeScript.Start("smtp.js");
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new SmtpServer(process, JsonDocument.Parse(first!).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>What has come, once it is that much.</summary>
    public async Task<IReadOnlyList<JsonElement>> Until(int count)
    {
        for (var since = Stopwatch.StartNew(); Messages.Count < count; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), $"{Messages.Count} of {count} messages came");
        }

        return [.. Messages];
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private async Task Read()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            Messages.Enqueue(JsonDocument.Parse(line).RootElement);
        }
    }
}
