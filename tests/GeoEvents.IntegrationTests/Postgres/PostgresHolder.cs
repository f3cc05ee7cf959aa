using System.Diagnostics;
using System.Runtime.CompilerServices;
using GeoEvents.Hosting.Postgres;

namespace GeoEvents.IntegrationTests.Postgres;

/// <summary>Another process that has started a <see cref="LocalPostgres"/> and holds it until it is killed.</summary>
/// <remarks>It is this test program again, which holds a server instead of running tests when a variable names the folder.</remarks>
internal sealed class PostgresHolder : IDisposable
{
    private const string Folder = "GEOEVENTS_HOLD_POSTGRES";

    private readonly Process process;

    private PostgresHolder(Process process, string connectionString)
    {
        this.process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public int ProcessId => process.Id;

    public static async Task<PostgresHolder> Start(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(PostgresHolder).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Folder] = folder;
        var process = Process.Start(start)!;
        try
        {
            return new PostgresHolder(process, (await process.StandardOutput.ReadLineAsync(cancellationToken)).ShouldNotBeNull());
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>SIGKILL, to the one process.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

#pragma warning disable CA2255 // The generated entry point belongs to the test framework; this is the one place before it.
    [ModuleInitializer]
    internal static void HoldWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(Folder) is { Length: > 0 } folder)
        {
            Console.WriteLine(LocalPostgres.Start(folder, CancellationToken.None).GetAwaiter().GetResult().ConnectionString);
            Thread.Sleep(Timeout.Infinite);
        }
    }
#pragma warning restore CA2255
}
