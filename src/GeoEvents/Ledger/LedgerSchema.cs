using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Makes the tables beside the log (<c>ledger.sql</c>) where they are missing.</summary>
public static class LedgerSchema
{
    public static async Task Apply(NpgsqlDataSource database, CancellationToken cancel)
    {
        using var reader = new StreamReader(typeof(LedgerSchema).Assembly.GetManifestResourceStream("GeoEvents.Ledger.ledger.sql")!);
        var sql = await reader.ReadToEndAsync(cancel);
        await using var command = database.CreateCommand($"begin; select pg_advisory_xact_lock({CommitLog.LockKey}); {sql}; commit;");
        await command.ExecuteNonQueryAsync(cancel);
    }
}
