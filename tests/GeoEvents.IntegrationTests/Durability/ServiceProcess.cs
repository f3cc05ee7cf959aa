using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>The real service in a process of its own, which can be killed.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StringBuilder output = new();

    private ServiceProcess(Process process, Uri address)
    {
        this.process = process;
        Api = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public HttpClient Api { get; }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>What it printed so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <param name="connectionString">Of its database; null lets it start a PostgreSQL of its own in <paramref name="dataFolder"/>.</param>
    /// <param name="settings">Further settings, as in the environment: <c>Delivery__AllowHttp</c>.</param>
    /// <returns>When it is ready.</returns>
    public static async Task<ServiceProcess> Start(
        string? connectionString, CancellationToken cancel, string? dataFolder = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(GeoEventsService).Assembly.Location, "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Feeds__AllowPrivateAddresses"] = "true";
        start.Environment.Remove("ConnectionStrings__geoevents");
        if (connectionString is not null)
        {
            start.Environment["ConnectionStrings__geoevents"] = connectionString;
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        if (dataFolder is not null)
        {
            start.Environment["GEOEVENTS_DATA"] = dataFolder;
        }

        var process = new Process { StartInfo = start };
        var service = new ServiceProcess(process, address);
        process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await service.UntilReady(cancel);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async Task UntilReady(CancellationToken cancel)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(30, cancel))
        {
            if (process.HasExited || since.Elapsed > Patience)
            {
                throw new InvalidOperationException($"The service {(process.HasExited ? $"has exited with {process.ExitCode}" : "does not get ready")}:\n{Output}");
            }

            try
            {
                using var answer = await Api.GetAsync("/health/ready", cancel);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>SIGKILL, to the one process.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it is to stop in order.</summary>
    public async Task Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    public Task UntilExit(CancellationToken cancel) => process.WaitForExitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Kill();
        }

        Api.Dispose();
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
