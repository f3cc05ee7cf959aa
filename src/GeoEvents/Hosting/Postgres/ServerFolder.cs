using System.Globalization;
using System.Runtime.Versioning;

namespace GeoEvents.Hosting.Postgres;

/// <summary>The folder <c>postgresql</c> in the data folder: <c>data</c>, the log and the locks. The server's user owns it.</summary>
/// <remarks>
/// Two locks that the kernel drops with their holder. <c>service.lock</c> is ours: one service per folder. <c>server.lock</c> is held by the
/// supervisor and every process of the server, so it is free exactly when a previous server has gone, however that ended.
/// </remarks>
internal sealed class ServerFolder : IDisposable
{
    private const int ServerStillThere = 75;

    private readonly FileStream serviceLock;

    private ServerFolder(string path, ServerUser user, FileStream serviceLock)
    {
        Path = path;
        User = user;
        this.serviceLock = serviceLock;
        Log = new ServerLog(System.IO.Path.Combine(path, "postgresql.log"));
    }

    public string Path { get; }

    public ServerUser User { get; }

    public ServerLog Log { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    /// <summary>Null when there are no data yet.</summary>
    public int? Major => File.Exists(VersionFile) ? int.Parse(File.ReadAllText(VersionFile), CultureInfo.InvariantCulture) : null;

    private string VersionFile => System.IO.Path.Combine(Data, "PG_VERSION");

    /// <exception cref="PostgresUnavailableException">It cannot be written, or another service uses it.</exception>
    [SupportedOSPlatform("linux")]
    public static async Task<ServerFolder> Open(string dataFolder, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(dataFolder), "postgresql");
        try
        {
            Directory.CreateDirectory(path);
            var user = await ServerUser.For(path, cancellationToken);
            await user.Own(path, cancellationToken);

            return new ServerFolder(path, user, Lock(path, dataFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresUnavailableException(
                $"The data folder {dataFolder} cannot be used: {e.Message} Make it writable, or set {DataFolder.Variable} to another folder.");
        }
    }

    /// <summary>Makes the data directory when there is none: about a second. Killed half-way it leaves only what the next start removes.</summary>
    [SupportedOSPlatform("linux")]
    public async Task Prepare(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        if (Major is not null)
        {
            return;
        }

        const string Script = """
            exec 9>>server.lock && flock -w 30 9 || exit 75
            if [ -e data ]; then exit; fi
            rm -rf data.new && mkdir -m 700 data.new && exec 8<data.new || exit
            (cd / && "$@" -D /proc/self/fd/8) && mv data.new data && sync .
            """;
        string[] locale = binaries.Major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
        var made = await Command.Run(
            [
                .. User.Prefix, "sh", "-c", Script, "geoevents-initdb", System.IO.Path.Combine(binaries.Folder, "initdb"),
                $"--username={LocalPostgres.User}", "--encoding=UTF8", "--locale=C", .. locale,
                "--data-checksums", "--auth-local=trust", "--auth-host=reject",
            ],
            Path, cancellationToken);

        if (!made.Succeeded)
        {
            throw made.ExitCode == ServerStillThere
                ? StillThere()
                : new PostgresUnavailableException($"PostgreSQL {binaries.Version} could not make its data in {Path}: {Complaint.In(made.Output)}");
        }
    }

    /// <exception cref="PostgresUnavailableException">Says what the supervisor or PostgreSQL said.</exception>
    public PostgresUnavailableException WhyNotStarted(int exitCode, string errors, long logStart)
    {
        if (exitCode == ServerStillThere)
        {
            return StillThere();
        }

        var said = Complaint.In($"{errors}\n{Log.Since(logStart)}");
        return new PostgresUnavailableException(
            $"PostgreSQL did not start on {Data}: {(said.Length > 0 ? said : $"exit code {exitCode}.")} (Its log is {Log.Path}.)");
    }

    public void Dispose()
    {
        Log.Dispose();
        serviceLock.Dispose();
    }

    private static FileStream Lock(string path, string dataFolder)
    {
        var holder = System.IO.Path.Combine(path, "service.pid");
        try
        {
            var taken = new FileStream(System.IO.Path.Combine(path, "service.lock"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.None);
            File.Delete(holder);
            File.WriteAllText(holder, $"{Environment.ProcessId}");
            return taken;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(holder))
        {
            throw new PostgresUnavailableException(
                $"The data folder {dataFolder} is in use by another GeoEvents, process {File.ReadAllText(holder)}. " +
                $"Stop that one, or set {DataFolder.Variable} to another folder.");
        }
    }

    private PostgresUnavailableException StillThere() =>
        new($"A PostgreSQL started earlier still runs on {Data} and did not stop within half a minute. Stop it, then start again.");
}
