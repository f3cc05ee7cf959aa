using GeoEvents.Hosting.Postgres;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>The PostgreSQL that both sides of every comparison run on: the one given, or one of our own in a temporary folder.</summary>
public sealed class BenchServer : IAsyncDisposable
{
    private readonly string connectionString;
    private readonly LocalPostgres? own;
    private readonly string? folder;
    private readonly List<string> databases = [];

    private BenchServer(string connectionString, LocalPostgres? own, string? folder, string version) =>
        (this.connectionString, this.own, this.folder, Version) = (connectionString, own, folder, version);

    public string Version { get; }

    public static async Task<BenchServer> Start()
    {
        var given = Environment.GetEnvironmentVariable("GEOEVENTS_BENCH_POSTGRES");
        var folder = given is null ? Directory.CreateTempSubdirectory("geoevents-bench-").FullName : null;
        var own = folder is null ? null : await LocalPostgres.Start(folder, CancellationToken.None);
        var connectionString = given ?? own!.ConnectionString;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return new BenchServer(connectionString, own, folder, connection.PostgreSqlVersion.ToString());
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabase()
    {
        var name = $"geoevents_bench_{Guid.CreateVersion7():N}";
        await Execute($"create database {name}");
        databases.Add(name);
        return new NpgsqlConnectionStringBuilder(connectionString) { Database = name, MaxPoolSize = 60 }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in own is null ? databases : [])
        {
            await Execute($"drop database {name} with (force)");
        }

        if (own is not null)
        {
            await own.DisposeAsync();
            Directory.Delete(folder!, recursive: true);
        }
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
