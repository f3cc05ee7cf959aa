using System.ComponentModel;
using System.Diagnostics;

namespace GeoEvents.Hosting.Postgres;

/// <summary>A tool run to its end.</summary>
/// <param name="Output">Standard output and standard error, trimmed.</param>
internal sealed record Command(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <returns>Exit code 127, as a shell would say, when there is no such tool.</returns>
    /// <exception cref="OperationCanceledException">The tool and what it had started were ended.</exception>
    public static async Task<Command> Run(IReadOnlyList<string> words, string workingDirectory, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(words, workingDirectory) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new Command(127, e.Message);
        }

        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);

            return new Command(process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>How to start a tool for PostgreSQL: in English, in UTC, and without any <c>PG…</c> variable meant for another server.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> words, string workingDirectory)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        return start;
    }
}
