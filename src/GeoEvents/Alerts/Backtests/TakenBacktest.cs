using Npgsql;

namespace GeoEvents.Alerts.Backtests;

/// <summary>A backtest that this node runs: for as long as it holds the lock of that id, on a connection of its own, which ends with the node.</summary>
public sealed class TakenBacktest(NpgsqlConnection connection, Guid id, string workspace, BacktestDraft draft) : IAsyncDisposable
{
    public Guid Id { get; } = id;

    public string Workspace { get; } = workspace;

    public BacktestDraft Draft { get; } = draft;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var unlocking = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
            await unlocking.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the lock with it.
        }

        await connection.DisposeAsync();
    }
}
