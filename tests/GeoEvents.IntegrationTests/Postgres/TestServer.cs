using GeoEvents.Hosting.Postgres;
using Npgsql;
using Testcontainers.PostgreSql;

namespace GeoEvents.IntegrationTests.Postgres;

/// <summary>A real PostgreSQL for tests, and as many empty databases on it as they ask for.</summary>
/// <remarks>
/// <c>GEOEVENTS_TEST_POSTGRES</c>, a connection string whose user may create databases; else a container, when a Docker engine answers
/// (image <c>GEOEVENTS_TEST_IMAGE</c>, else <c>postgres:18</c>); else <see cref="LocalPostgres"/> in a temporary folder.
/// </remarks>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan TimeToPullAnImage = TimeSpan.FromMinutes(3);

    private readonly string connectionString;

    private readonly Func<ValueTask> stop;

    private readonly List<string> databases = [];

    private TestServer(string connectionString, Func<ValueTask> stop)
    {
        this.connectionString = connectionString;
        this.stop = stop;
    }

    public static async Task<TestServer> Start()
    {
        if (Environment.GetEnvironmentVariable("GEOEVENTS_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return new TestServer(given, () => ValueTask.CompletedTask);
        }

        return (await DockerEngine.Answers() ? await InContainer() : null) ?? await OfOurOwn();
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabase()
    {
        var database = $"geoevents_{Guid.CreateVersion7():N}";
        await Execute($"CREATE DATABASE {database}");
        lock (databases)
        {
            databases.Add(database);
        }

        return new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;
    }

    /// <summary>Drops every database it made, also those in use, and stops the server if it started one.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var database in databases)
            {
                await Execute($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            }
        }
        finally
        {
            await stop();
        }
    }

    private static async Task<TestServer?> InContainer()
    {
        var image = Environment.GetEnvironmentVariable("GEOEVENTS_TEST_IMAGE") is { Length: > 0 } chosen ? chosen : "postgres:18";
        PostgreSqlContainer? container = null;
        try
        {
            container = new PostgreSqlBuilder(image).WithDatabase("postgres").Build();
            using var patience = new CancellationTokenSource(TimeToPullAnImage);
            await container.StartAsync(patience.Token);

            return new TestServer(container.GetConnectionString(), container.DisposeAsync);
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(
                $"A Docker engine answers, but {image} cannot be had from it ({e.Message.ReplaceLineEndings(" ")}): " +
                "testing on a PostgreSQL of our own.");
            if (container is not null)
            {
                await container.DisposeAsync();
            }

            return null;
        }
    }

    private static async Task<TestServer> OfOurOwn()
    {
        var folder = Directory.CreateTempSubdirectory("geoevents-test-").FullName;
        var postgres = await LocalPostgres.Start(folder, CancellationToken.None);

        return new TestServer(postgres.ConnectionString, async () =>
        {
            await postgres.DisposeAsync();
            TestFolder.Delete(folder);
        });
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
