using System.Diagnostics;
using GeoEvents.Hosting;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>What the service does instead of serving, in a process of its own.</summary>
internal static class ServiceVerb
{
    /// <returns>Its exit code, and what it wrote to standard output.</returns>
    public static async Task<(int Code, string Text)> Run(string connection, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(GeoEventsService).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            Environment = { ["ConnectionStrings__geoevents"] = connection },
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, text.Trim());
    }
}
