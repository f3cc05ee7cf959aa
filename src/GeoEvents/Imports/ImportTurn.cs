using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>The right to load rows into a workspace. One import at a time has it, on all nodes.</summary>
/// <remarks>
/// A lock of a database session says that somebody has it, and goes when its holder dies. But a session can end while its holder lives on.
/// So the holder's run also stands in <c>geo.import_turn</c>, and every commit of rows checks in its own transaction that it still does.
/// </remarks>
public sealed class ImportTurn : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlConnection guard;
    private readonly string workspace;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource over = new();
    private Task watching = Task.CompletedTask;

    private ImportTurn(NpgsqlConnection guard, string workspace) => (this.guard, this.workspace) = (guard, workspace);

    /// <summary>Cancelled when the turn has gone to somebody else, or the session that guards it has ended.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Names this holder among all that there ever were.</summary>
    private Guid Run { get; } = Guid.CreateVersion7();

    /// <returns>Null if somebody has it.</returns>
    public static async Task<ImportTurn?> Take(NpgsqlDataSource database, string workspace, CancellationToken cancel)
    {
        var guard = await database.OpenConnectionAsync(cancel);
        try
        {
            await using var locking = Locking("pg_try_advisory_lock", guard, workspace);
            if (await locking.ExecuteScalarAsync(cancel) is true)
            {
                return new ImportTurn(guard, workspace);
            }
        }
        catch
        {
            await guard.DisposeAsync();
            throw;
        }

        await guard.DisposeAsync();
        return null;
    }

    /// <summary>Puts this run on record as the one that loads an import. From then on no other run's commit goes through.</summary>
    public async Task Begin(Guid import, CancellationToken cancel)
    {
        await using var transaction = await guard.BeginTransactionAsync(cancel);
        await ImportDocuments.Alone(guard, cancel);
        await using var begin = new NpgsqlCommand(
            """
            insert into geo.import_turn (workspace, import, run) values ($1, $2, $3)
            on conflict (workspace) do update set import = excluded.import, run = excluded.run
            """, guard)
        {
            Parameters = { new() { Value = workspace }, new() { Value = import }, new() { Value = Run } },
        };
        await begin.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        watching = Watch(over.Token);
    }

    /// <summary>Looks whether the turn is still this run's. Until the connection's transaction ends nobody can take it then.</summary>
    /// <exception cref="OvertakenException">It is not.</exception>
    public async Task Check(NpgsqlConnection connection)
    {
        await using var look = Looking(connection, "for share");
        if (await look.ExecuteScalarAsync(CancellationToken.None) is not true)
        {
            throw new OvertakenException("The import is not this run's any more.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await over.CancelAsync();
            await watching;
            await using var unlocking = Locking("pg_advisory_unlock", guard, workspace);
            await unlocking.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // The session has ended, and its lock with it.
        }

        await guard.DisposeAsync();
        lost.Dispose();
        over.Dispose();
    }

    private static NpgsqlCommand Locking(string function, NpgsqlConnection connection, string workspace) =>
        new($"select {function}(hashtextextended('import ' || $1, 0))", connection) { Parameters = { new() { Value = workspace } } };

    private NpgsqlCommand Looking(NpgsqlConnection connection, string locking) =>
        new($"select true from geo.import_turn where workspace = $1 and run = $2 {locking}", connection)
        {
            Parameters = { new() { Value = workspace }, new() { Value = Run } },
        };

    /// <summary>Looks now and then whether the run still has its turn, on the very session that guards it.</summary>
    private async Task Watch(CancellationToken cancel)
    {
        try
        {
            using var timer = new PeriodicTimer(BetweenLooks);
            await using var look = Looking(guard, "");
            while (await timer.WaitForNextTickAsync(cancel))
            {
                if (await look.ExecuteScalarAsync(CancellationToken.None) is not true)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            // Without its session it is lost as well.
        }

        await lost.CancelAsync();
    }
}
