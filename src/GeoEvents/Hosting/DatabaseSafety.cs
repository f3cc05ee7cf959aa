using Npgsql;

namespace GeoEvents.Hosting;

/// <summary>Refuses a database that may forget what it has acknowledged.</summary>
public static class DatabaseSafety
{
    /// <summary>Set to <c>true</c>, it accepts that a crash may lose acknowledged incidents.</summary>
    public const string Override = "GEOEVENTS_ACCEPT_A_DATABASE_THAT_MAY_LOSE_DATA";

    private const int OldestMajor = 15;

    /// <exception cref="StartupException">fsync, full_page_writes or synchronous_commit is off, or the server is too old.</exception>
    public static async Task Check(NpgsqlDataSource database, bool acceptLoss, CancellationToken cancel)
    {
        await using var connection = await Open(database, cancel);
        if (connection.PostgreSqlVersion.Major < OldestMajor)
        {
            throw new StartupException($"The database is PostgreSQL {connection.PostgreSqlVersion}; GeoEvents needs {OldestMajor} or later.");
        }

        await using var command = new NpgsqlCommand(
            "select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name", connection);
        var off = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            off.Add(reader.GetString(0));
        }

        if (off.Count > 0 && !acceptLoss)
        {
            throw new StartupException(
                $"The database runs with {string.Join(" and ", off)} off, so a crash may lose what was acknowledged. Switch it on, or set {Override}=true.");
        }
    }

    private static async Task<NpgsqlConnection> Open(NpgsqlDataSource database, CancellationToken cancel)
    {
        try
        {
            return await database.OpenConnectionAsync(cancel);
        }
        catch (NpgsqlException e)
        {
            throw new StartupException($"The database of ConnectionStrings__geoevents cannot be opened: {e.Message}");
        }
    }
}
