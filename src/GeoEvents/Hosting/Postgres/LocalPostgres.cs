using System.Runtime.Versioning;
using Npgsql;

namespace GeoEvents.Hosting.Postgres;

/// <summary>
/// A PostgreSQL of our own: made in a data folder when there is none yet, started, and stopped with this process even if that is killed.
/// </summary>
/// <remarks>ADR 0004 tells why. It listens on a private Unix socket only, so it needs no port and no password.</remarks>
public sealed class LocalPostgres : IAsyncDisposable
{
    internal const string User = "geoevents";

    private const string Database = "geoevents";

    /// <summary>A Unix socket's whole path has at most 107 bytes.</summary>
    private const int LongestSocketFolder = 80;

    private readonly ServerFolder folder;

    private readonly Supervisor supervisor;

    private LocalPostgres(ServerFolder folder, Supervisor supervisor, string version, string connectionString)
    {
        this.folder = folder;
        this.supervisor = supervisor;
        Version = version;
        ConnectionString = connectionString;
    }

    /// <summary>To the database <c>geoevents</c>, as its owner. It holds while this server runs: the socket's place is new at each start.</summary>
    public string ConnectionString { get; }

    /// <summary>As PostgreSQL prints it: <c>18.4</c>.</summary>
    public string Version { get; }

    /// <summary>Where the server says what happens to it.</summary>
    public string LogFile => folder.Log.Path;

    /// <summary>Completes when the server has gone: stopped by <see cref="DisposeAsync"/>, or killed by somebody else.</summary>
    public Task Ended => supervisor.Ended;

    /// <summary>The PostgreSQL of <paramref name="dataFolder"/>, ready for connections. It takes what recovery takes after a crash.</summary>
    /// <param name="dataFolder">
    /// See <see cref="DataFolder.Default"/>. Made when missing; the server's files go into its folder <c>postgresql</c>.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting, and stops whatever was started.</param>
    /// <exception cref="PostgresUnavailableException">No server can be had, or not on this folder. The message says what to do.</exception>
    public static async Task<LocalPostgres> Start(string dataFolder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PostgresUnavailableException(
                "GeoEvents starts a PostgreSQL of its own on Linux only. Set ConnectionStrings__geoevents to a database on PostgreSQL 15 or later.");
        }

        var folder = await ServerFolder.Open(dataFolder, cancellationToken);
        Supervisor? supervisor = null;
        try
        {
            var found = await PostgresBinaries.Find(folder.Major, folder.Data, cancellationToken);
            var binaries = await found.ReadableBy(folder.User, cancellationToken);
            await folder.Prepare(binaries, cancellationToken);
            folder.Log.KeepBounded();

            var sockets = SocketFolder();
            await folder.User.Own(sockets, cancellationToken);
            supervisor = await Supervisor.Start(folder, binaries, sockets, cancellationToken);

            var server = new NpgsqlConnectionStringBuilder { Host = sockets, Port = 5432, Username = User, Database = Database };
            await CreateDatabase(server, cancellationToken);

            return new LocalPostgres(folder, supervisor, binaries.Version, server.ConnectionString);
        }
        catch
        {
            if (supervisor is not null)
            {
                await supervisor.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server and waits until it has gone. Connections still open are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await supervisor.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>A new folder that nobody else may enter, with a path short enough and plain enough for every part of the way.</summary>
    [SupportedOSPlatform("linux")]
    private static string SocketFolder()
    {
        var temporary = Path.GetTempPath();
        var suits = !Environment.IsPrivilegedProcess
            && temporary.Length < LongestSocketFolder
            && temporary.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');

        return suits ? Directory.CreateTempSubdirectory("geoevents-").FullName : Path.Combine("/tmp", $"geoevents-{Guid.CreateVersion7():N}");
    }

    private static async Task CreateDatabase(NpgsqlConnectionStringBuilder geoevents, CancellationToken cancellationToken)
    {
        var postgres = new NpgsqlConnectionStringBuilder(geoevents.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(cancellationToken);

        await using var exists = new NpgsqlCommand($"SELECT FROM pg_database WHERE datname = '{Database}'", connection);
        await using (var found = await exists.ExecuteReaderAsync(cancellationToken))
        {
            if (found.HasRows)
            {
                return;
            }
        }

        await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }
}
