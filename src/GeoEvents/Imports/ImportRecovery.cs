using Npgsql;

namespace GeoEvents.Imports;

/// <summary>Goes on with imports that a stop or crash of any node interrupted, and throws away files that nobody needs any more.</summary>
public sealed class ImportRecovery(
    NpgsqlDataSource database, ImportJobs jobs, IServiceScopeFactory scopes, TimeProvider clock, ILogger<ImportRecovery> logger) : BackgroundService
{
    /// <summary>How long a file is kept by which a cancelled or failed import could be resumed.</summary>
    public static readonly TimeSpan FileKeptFor = TimeSpan.FromDays(7);

    /// <summary>After that no upload is under way still to which pieces of a file could belong.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenTidyings = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<string, Task>();
        var tidied = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(BetweenSweeps);
        try
        {
            do
            {
                try
                {
                    foreach (var workspace in await Waiting(stoppingToken))
                    {
                        if (running.GetValueOrDefault(workspace) is null or { IsCompleted: true })
                        {
                            running[workspace] = Run(workspace, stoppingToken);
                        }
                    }

                    if (clock.GetUtcNow() - tidied > BetweenTidyings)
                    {
                        await Tidy(stoppingToken);
                        tidied = clock.GetUtcNow();
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    logger.LogWarning(e, "Imports could not be looked after; it is tried again.");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping: what runs ends with its present commit.
        }

        await Task.WhenAll(running.Values);
    }

    /// <summary>Workspaces with imports that have not ended.</summary>
    private async Task<List<string>> Waiting(CancellationToken cancel)
    {
        var workspaces = new List<string>();
        await using var command = database.CreateCommand("select distinct tenant_id from geo.mt_doc_import where data ->> 'state' in ('queued', 'running')");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            workspaces.Add(reader.GetString(0));
        }

        return workspaces;
    }

    private async Task Run(string workspace, CancellationToken cancel)
    {
        try
        {
            await jobs.Run(workspace, cancel);
        }
        catch (Exception e)
        {
            logger.LogError(e, "The imports of workspace {Workspace} stopped; it is tried again.", workspace);
        }
    }

    private async Task Tidy(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var control = scope.ServiceProvider.GetRequiredService<ImportControl>();
        foreach (var (workspace, import) in await Outdated(now - FileKeptFor, cancel))
        {
            await control.Discard(workspace, import, cancel);
        }

        await using var orphans = database.CreateCommand(
            """
            delete from geo.import_chunk c where written_at < $1 and not exists (
                select from geo.mt_doc_import i where i.tenant_id = c.workspace and i.id = c.import and (i.data ->> 'fileKept')::boolean)
            """);
        orphans.Parameters.Add(new() { Value = (now - Abandoned).UtcDateTime });
        await orphans.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Imports that ended before an instant and could be resumed still.</summary>
    private async Task<List<(string Workspace, Guid Import)>> Outdated(DateTimeOffset before, CancellationToken cancel)
    {
        var found = new List<(string, Guid)>();
        await using var command = database.CreateCommand(
            """
            select tenant_id, id from geo.mt_doc_import
            where data ->> 'state' in ('cancelled', 'failed') and (data ->> 'fileKept')::boolean and (data ->> 'completedAt')::timestamptz < $1
            """);
        command.Parameters.Add(new() { Value = before.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetString(0), reader.GetGuid(1)));
        }

        return found;
    }
}
