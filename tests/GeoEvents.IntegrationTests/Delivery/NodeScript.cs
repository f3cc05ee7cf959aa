using System.Diagnostics;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>The scripts of <c>tests/delivery-checks</c>, which are other people's receivers of what we send. Needs Node 20 with npm; packages are installed when they are missing.</summary>
internal static class NodeScript
{
    private static readonly Lock Installing = new();

    private static readonly string Folder = Path.Combine(Top(), "tests", "delivery-checks");

    /// <summary>Starts a script; whoever does ends it by closing its standard input.</summary>
    public static Process Start(string script)
    {
        Install();
        return Run("node", script);
    }

    /// <summary>Runs a script over some lines.</summary>
    public static async Task<IReadOnlyList<string>> Lines(string script, IEnumerable<string> lines, CancellationToken cancel)
    {
        using var process = Start(script);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        foreach (var line in lines)
        {
            await process.StandardInput.WriteLineAsync(line.AsMemory(), cancel);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static void Install()
    {
        lock (Installing)
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            {
                using var npm = Run("npm", "ci", "--no-audit", "--no-fund");
                npm.StandardInput.Close();
                npm.StandardOutput.ReadToEnd();
                npm.WaitForExit();
                npm.ExitCode.ShouldBe(0, "npm ci in tests/delivery-checks failed");
            }
        }
    }

    private static Process Run(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static string Top()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GeoEvents.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
