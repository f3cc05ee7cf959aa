using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace GeoEvents.Hosting.Postgres;

/// <summary>A shell between us and PostgreSQL, which stops the server when we end, in whatever way we end.</summary>
/// <remarks>
/// <para>
/// It waits on a pipe that only we hold. A word on it asks for a fast shutdown, which may take as long as it needs. Its end, which the kernel
/// brings about when we are killed, asks for the same and after a second for an immediate one, from which PostgreSQL recovers at the next start.
/// Shell and server have a session of their own, so neither Ctrl-C nor a kill of our process group ends them before us.
/// </para>
/// <para><c>PR_SET_PDEATHSIG</c> would be shorter, but follows the thread that started the server, not the process.</para>
/// </remarks>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <remarks>
    /// A postmaster.pid whose number now belongs to someone else is removed, because PostgreSQL would take that process for a server.
    /// The server inherits two descriptors on purpose: 8, its data directory (see <see cref="ServerUser"/>),
    /// and 9, the lock (see <see cref="ServerFolder"/>).
    /// </remarks>
    private const string Script = """
        sockets=$1; shift 2
        trap '' HUP INT TERM; trap 'rm -rf "$sockets"' EXIT
        exec 9>>../server.lock && flock -w 30 9 || exit 75
        if [ -e postmaster.pid ] && ! [ "/proc/$(head -n 1 postmaster.pid)/cwd" -ef . ]; then rm -f postmaster.pid; fi
        exec 3<&0 4>>../postgresql.log 8<.
        cd /
        "$@" -D /proc/self/fd/8 </dev/null >&4 2>&4 3<&- 4>&- &
        server=$!
        echo $server
        {
          read -r word && kill -INT $server && read -r word
          kill -INT $server
          for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; kill -0 $server || exit; done
          kill -QUIT $server
        } <&3 >/dev/null 2>&1 4>&- 8<&- 9>&- &
        watcher=$!
        exec 3<&- 4>&- 8<&- </dev/null
        wait $server; status=$?
        kill -KILL $watcher; wait $watcher
        exit $status
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process;

    private Supervisor(Process process) => this.process = process;

    /// <summary>Completes when the server has gone, asked or not.</summary>
    public Task Ended => process.WaitForExitAsync();

    /// <returns>When the server takes connections; recovery after a crash comes before that.</returns>
    [SupportedOSPlatform("linux")]
    public static async Task<Supervisor> Start(ServerFolder folder, PostgresBinaries binaries, string sockets, CancellationToken cancellationToken)
    {
        var logStart = folder.Log.Length;
        var process = new Process
        {
            StartInfo = Command.Describe(
                [
                    .. folder.User.Prefix, "sh", "-c", Script, "geoevents-postgres", sockets, folder.Path,
                    Path.Combine(binaries.Folder, "postgres"), .. ServerSettings.For(sockets, binaries.Major),
                ],
                folder.Data),
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new PostgresUnavailableException($"PostgreSQL did not start on {folder.Data}: {e.Message}.");
        }

        var supervisor = new Supervisor(process);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var server = await process.StandardOutput.ReadLineAsync(cancellationToken);
            while (!IsReady(folder.Data, server))
            {
                if (server is null || process.HasExited)
                {
                    await process.WaitForExitAsync(cancellationToken);
                    throw folder.WhyNotStarted(process.ExitCode, await errors, logStart);
                }

                await Task.Delay(5, cancellationToken);
            }

            return supervisor;
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server and waits until it has gone.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await process.StandardInput.WriteLineAsync("stop");
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has gone already, or its final checkpoint takes too long: the end of the pipe settles both.
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Reads the status that PostgreSQL keeps in line 8 of its lock file, as <c>pg_ctl</c> does; line 1 tells whose file it is.</summary>
    private static bool IsReady(string data, string? server)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(data, "postmaster.pid"));
            return lines.Length >= 8 && lines[0] == server && lines[7].TrimEnd() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
