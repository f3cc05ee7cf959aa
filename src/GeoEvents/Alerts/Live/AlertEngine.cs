using System.Collections.Concurrent;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Rules;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using Npgsql;

namespace GeoEvents.Alerts.Live;

/// <summary>Runs the rules of all workspaces, on one node at a time.</summary>
/// <remarks>The node that holds an advisory lock does it; another takes over once the lock is free. That only saves work: the cursor keeps two from deciding the same.</remarks>
public sealed class AlertEngine(
    NpgsqlDataSource database,
    LogReader log,
    LogSignal signal,
    LedgerReader ledger,
    LedgerImage image,
    DyadTurns turns,
    EngineStore store,
    Recorder recorder,
    TimeProvider clock,
    ILogger<AlertEngine> logger) : BackgroundService
{
    private const long LockKey = 0x616C657274730001; // "alerts"

    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private static readonly string EnabledFact = FactTypes.NameOf(typeof(AlertRuleEnabled));

    private readonly ConcurrentDictionary<string, Task> running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Lead(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseAway.IsReason(e))
            {
                logger.LogWarning("The rules for alerts wait for the database: {Reason}", e.Message);
            }

            await Task.Delay(BetweenTries, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs all workspaces while this node holds the lock.</summary>
    private async Task Lead(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        await using var locking = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
        if (!(bool)(await locking.ExecuteScalarAsync(stopping))!)
        {
            return;
        }

        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            while (true)
            {
                // One that is found late is gone through from where its first rule was enabled, so nothing is missed.
                await using var workspaces = new NpgsqlCommand("select distinct tenant_id from geo.mt_events where type = $1", connection) { Parameters = { new() { Value = EnabledFact } } };
                await using (var reader = await workspaces.ExecuteReaderAsync(stopping))
                {
                    while (await reader.ReadAsync(stopping))
                    {
                        _ = running.GetOrAdd(reader.GetString(0), workspace => Task.Run(() => Run(workspace, leading.Token), CancellationToken.None));
                    }
                }

                await Task.Delay(BetweenTries, stopping);
            }
        }
        finally
        {
            await leading.CancelAsync();
            await Task.WhenAll(running.Values);
            running.Clear();
        }
    }

    private async Task Run(string workspace, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Watch(workspace, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, nothing of it is recorded; from its cursor on the engine does it again.
                logger.LogError(DatabaseAway.IsReason(e) || e is OvertakenException ? null : e, "The rules of workspace {Workspace} start over: {Reason}", workspace, e.Message);
                await Task.Delay(BetweenTries, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Watch(string workspace, CancellationToken cancel)
    {
        var engine = new WorkspaceEngine(workspace, log, ledger, image, turns, store, recorder, clock);
        await engine.Begin(cancel);
        while (true)
        {
            var more = signal.More(workspace, cancel);
            if (!await engine.Step(cancel))
            {
                await Task.WhenAny(more, Until(engine.Due, cancel));
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private Task Until(DateTimeOffset? due, CancellationToken cancel)
    {
        var wait = due is null || due - clock.GetUtcNow() > LogSignal.LongestWait ? LogSignal.LongestWait : due.Value - clock.GetUtcNow();
        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancel) : Task.CompletedTask;
    }
}
