using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Imports;

namespace GeoEvents.Benchmarks;

/// <summary>The service as a user runs it: a process of its own, reached over a loopback port.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    private RunningService(Process process, HttpClient http) => (this.process, Http) = (process, http);

    public HttpClient Http { get; }

    /// <summary>Processor time that the service has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Most memory that the service has had resident so far, bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Memory that the service has resident now, bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <param name="settings">Of its environment.</param>
    public static async Task<RunningService> Start(string connectionString, params (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GeoEvents.dll"), "--urls", address])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ConnectionStrings__geoevents"] = connectionString },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(10) };
        var waiting = Stopwatch.StartNew();
        while (!await Ready(http))
        {
            if (process.HasExited || waiting.Elapsed > Patience)
            {
                throw new InvalidOperationException("The service did not start.");
            }

            await Task.Delay(50);
        }

        return new RunningService(process, http);
    }

    public async Task Post(string path, byte[] json)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await Http.PostAsync(path, content);
        await Read(response);
    }

    public async Task<byte[]> Get(string path)
    {
        using var response = await Http.GetAsync(path);
        return await Read(response);
    }

    /// <summary>Loads a file and waits until it is loaded.</summary>
    public async Task<Import> Import(string workspace, string path)
    {
        await using var file = File.OpenRead(path);
        return await Import(workspace, file);
    }

    /// <summary>Loads a file and waits until it is loaded.</summary>
    public async Task<Import> Import(string workspace, Stream file)
    {
        using var content = new StreamContent(file, 1 << 20) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await Http.PostAsync($"/api/v1/{workspace}/imports", content);
        await Read(response);
        while (true)
        {
            var import = JsonSerializer.Deserialize<Import>(await Get(response.Headers.Location!.ToString()), GeoJson.Options)!;
            switch (import.State)
            {
                case ImportState.Completed:
                    return import;
                case ImportState.Failed:
                    throw new InvalidOperationException(import.Failure);
                default:
                    await Task.Delay(50);
                    break;
            }
        }
    }

    /// <exception cref="InvalidOperationException">A compiler was loaded, so something was compiled at run time.</exception>
    public async Task RefuseCompilers()
    {
        var loaded = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");
        if (!loaded.Contains("Marten.dll", StringComparison.Ordinal) || loaded.Contains("Microsoft.CodeAnalysis", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The service has loaded a compiler.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<byte[]> Read(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
    }

    private static async Task<bool> Ready(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
