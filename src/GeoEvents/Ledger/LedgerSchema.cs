using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Ledger;

/// <summary>Makes the tables beside the log (<c>ledger.sql</c>, <c>ledger-table.sql</c>) where they are missing.</summary>
public static class LedgerSchema
{
    private const string IndexesBegin = "create unique index";

    public static async Task Apply(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"begin; select pg_advisory_xact_lock({CommitLog.LockKey}); {Read("ledger.sql")} {Table("ledger")} {Indexes("ledger")} commit;");
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Makes a ledger under another name, without indexes and key, which come once it is filled.</summary>
    public static string Table(string name) => Parts(name).Table;

    /// <summary>Key and indexes of a ledger of that name.</summary>
    public static string Indexes(string name) => Parts(name).Indexes;

    private static (string Table, string Indexes) Parts(string name)
    {
        var sql = Read("ledger-table.sql").Replace("{ledger}", name, StringComparison.Ordinal);
        var at = sql.IndexOf(IndexesBegin, StringComparison.Ordinal);
        return (sql[..at], sql[at..]);
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(LedgerSchema).Assembly.GetManifestResourceStream($"GeoEvents.Ledger.{resource}")!);
        return reader.ReadToEnd();
    }
}
