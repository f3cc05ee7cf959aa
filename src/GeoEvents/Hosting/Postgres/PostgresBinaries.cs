using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace GeoEvents.Hosting.Postgres;

/// <summary>A folder with <c>postgres</c> and <c>initdb</c> that run on this machine.</summary>
/// <param name="Version">As PostgreSQL prints it: <c>18.4</c>.</param>
[SupportedOSPlatform("linux")]
internal sealed partial record PostgresBinaries(string Folder, string Version)
{
    /// <summary>The oldest major version that Marten and our own SQL are tested with.</summary>
    public const int OldestMajor = 15;

    public int Major => int.Parse(MajorVersion().Match(Version).Value, CultureInfo.InvariantCulture);

    /// <summary>The PostgreSQL that the build brought from npm, else the newest installed.</summary>
    /// <param name="major">The version that made the data: no other can read them. Null when there are none yet.</param>
    public static async Task<PostgresBinaries> Find(int? major, string dataDirectory, CancellationToken cancellationToken)
    {
        var others = new List<PostgresBinaries>();
        await foreach (var binaries in Installed(cancellationToken))
        {
            if (binaries.Major == (major ?? binaries.Major) && binaries.Major >= OldestMajor)
            {
                return binaries;
            }

            others.Add(binaries);
        }

        var found = others.Count == 0
            ? "none was found"
            : $"found: {string.Join(", ", others.Select(other => $"{other.Version} in {other.Folder}"))}";
        throw new PostgresUnavailableException(major is null
            ? $"GeoEvents needs PostgreSQL {OldestMajor} or later; {found}. One of these helps: install npm and build again, which brings one; " +
              "install a server, as with `apt-get install postgresql`; " +
              "or set ConnectionStrings__geoevents to a database, as in \"Host=localhost;Database=geoevents;Username=geoevents;Password=…\"."
            : $"The data in {dataDirectory} were made by PostgreSQL {major} and only that version can read them; {found}. " +
              $"Install PostgreSQL {major}, or set {DataFolder.Variable} to another folder to begin anew; these data stay untouched.");
    }

    /// <summary>These binaries, or a copy where <paramref name="user"/> can read them.</summary>
    /// <remarks>The copy is owned by root and is made once per version and place; about 60 MB.</remarks>
    public async Task<PostgresBinaries> ReadableBy(ServerUser user, CancellationToken cancellationToken)
    {
        if (user.Account is null || IsOpenToAll(Path.Combine(Folder, "postgres")))
        {
            return this;
        }

        var made = File.GetLastWriteTimeUtc(Path.Combine(Folder, "postgres")).Ticks;
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Folder} {made}")))[..12];
        var copy = $"/var/cache/geoevents/postgresql-{Version}-{key}";
        if (!Directory.Exists(copy))
        {
            const string Script = """
                umask 022 && mkdir -p "${2%/*}" && cp -R "$1" "$2.$$" && chmod -R go=u-w "${2%/*}" && mv -T "$2.$$" "$2" || rm -rf "$2.$$"
                """;
            var copied = await Command.Run(["sh", "-c", Script, "sh", Path.GetDirectoryName(Folder)!, copy], "/", cancellationToken);
            if (!Directory.Exists(copy))
            {
                throw new PostgresUnavailableException(
                    $"PostgreSQL does not run as root, and its files in {Folder} could not be copied to {copy}, " +
                    $"where another user can read them: {copied.Output}");
            }
        }

        return this with { Folder = Path.Combine(copy, Path.GetFileName(Folder)) };
    }

    private static async IAsyncEnumerable<PostgresBinaries> Installed([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in Candidates().Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Distinct())
        {
            var version = await Command.Run([Path.Combine(folder, "postgres"), "--version"], "/", cancellationToken);
            if (version.Succeeded && Printed().Match(version.Output) is { Success: true } printed)
            {
                yield return new PostgresBinaries(folder, printed.Groups[1].Value);
            }
        }
    }

    private static IEnumerable<string> Candidates()
    {
        var metadata = typeof(PostgresBinaries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        foreach (var package in metadata.Where(a => a.Key == "EmbeddedPostgres"))
        {
            yield return Path.Combine(package.Value!, "bin");
        }

        foreach (var folder in Versions("/usr/lib/postgresql").Concat(Versions("/usr", "pgsql-*")))
        {
            yield return Path.Combine(folder, "bin");
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }
    }

    private static IEnumerable<string> Versions(string folder, string pattern = "*") => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, pattern).OrderByDescending(path => MajorVersion().Match(Path.GetFileName(path)).Value.PadLeft(3))
        : [];

    private static bool IsOpenToAll(string file)
    {
        const UnixFileMode ReadAndRun = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        var open = (File.GetUnixFileMode(file) & ReadAndRun) == ReadAndRun;
        for (var folder = Directory.GetParent(file); open && folder is not null; folder = folder.Parent)
        {
            open = folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute);
        }

        return open;
    }

    [GeneratedRegex(@"^postgres \(PostgreSQL\) (\S+)")]
    private static partial Regex Printed();

    [GeneratedRegex(@"\d+")]
    private static partial Regex MajorVersion();
}
