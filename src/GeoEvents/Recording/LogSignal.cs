using System.Collections.Concurrent;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Tells readers of the log that there is more of it, whichever node recorded it.</summary>
/// <remarks>
/// Every commit notifies by PostgreSQL, in its own transaction. What a signal promises is only that it is worth looking; a notification can be lost with the connection that
/// listens, so nobody waits longer than <see cref="LongestWait"/> without looking.
/// </remarks>
public sealed class LogSignal(NpgsqlDataSource database, ILogger<LogSignal> logger) : BackgroundService
{
    private const string Channel = "geoevents_log";

    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = [];

    /// <summary>Raised with the name of a workspace that may have more facts. Whoever listens returns at once.</summary>
    public event Action<string>? Told;

    /// <summary>Tells, once the transaction is committed, that workspaces have more facts.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Notify(IEnumerable<string> workspaces) =>
        workspaces.Distinct().Select(w => new NpgsqlBatchCommand("select pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = w } } });

    /// <summary>Is over when the workspace may have more facts than when this was called. Call it, look, and wait for it if there was nothing.</summary>
    public Task More(string workspace, CancellationToken cancel)
    {
        var more = waiting.GetOrAdd(workspace, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        return Task.WhenAny(more, Task.Delay(LongestWait, cancel));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseAway.IsReason(e))
            {
                logger.LogWarning("Not listening for new facts, which are looked for once a second: {Reason}", e.Message);
                await Task.Delay(LongestWait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Listen(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        connection.Notification += (_, told) =>
        {
            Told?.Invoke(told.Payload);
            if (waiting.TryRemove(told.Payload, out var those))
            {
                those.SetResult();
            }
        };
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }

        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }
}
