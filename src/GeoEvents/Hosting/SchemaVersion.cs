using Marten;
using Npgsql;
using Wolverine;

namespace GeoEvents.Hosting;

/// <summary>Remembers which build brought the schema up to date, so that a start on a database of this build need not compare every table.</summary>
public static class SchemaVersion
{
    /// <summary>Changes with every build of the service or of a library that has tables.</summary>
    private static readonly string Current = string.Join(
        ' ', new[] { typeof(SchemaVersion), typeof(DocumentStore), typeof(WolverineOptions) }.Select(t => t.Module.ModuleVersionId.ToString("N")));

    /// <returns>False if the schema is missing, or another build made it.</returns>
    public static async Task<bool> IsCurrent(NpgsqlDataSource database, CancellationToken cancel)
    {
        try
        {
            await using var command = database.CreateCommand("select build from geo.schema_version");
            return await command.ExecuteScalarAsync(cancel) as string == Current;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }

    public static async Task Save(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "insert into geo.schema_version (one, build) values (true, $1) on conflict (one) do update set build = excluded.build");
        command.Parameters.Add(new() { Value = Current });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
