using GeoEvents.Imports.Formats;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>Carries the imports of a workspace through, one after the other.</summary>
public sealed class ImportJobs(
    ImportDocuments imports, ImportRunner runner, NpgsqlDataSource database, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ImportJobs> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Returns when no import waits, or somebody else is at work and will see to those that do, or the service is stopping; then the next start
    /// goes on. A database that is away is waited for.
    /// </summary>
    public async Task Run(string workspace, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    // Looked at again after each turn is given back: what came meanwhile found it taken, and relies on this.
                    while (await imports.Next(workspace, stopping.Token) is not null)
                    {
                        await using var turn = await ImportTurn.Take(database, workspace, stopping.Token);
                        if (turn is null)
                        {
                            return;
                        }

                        await RunNext(workspace, turn, stopping.Token);
                    }

                    return;
                }
                catch (Exception e) when (DatabaseAway.IsReason(e))
                {
                    logger.LogWarning(e, "The imports of workspace {Workspace} wait for the database.", workspace);
                }

                await Task.Delay(pause, clock, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogInformation("The imports of workspace {Workspace} pause while the service is stopped.", workspace);
        }
    }

    private async Task RunNext(string workspace, ImportTurn turn, CancellationToken cancel)
    {
        if (await imports.Next(workspace, cancel) is not { Id: var id })
        {
            return;
        }

        await turn.Begin(id, cancel);

        using var going = CancellationTokenSource.CreateLinkedTokenSource(cancel, turn.Lost);
        try
        {
            // Read again: until the turn was begun, another could have recorded rows of it, or somebody cancelled it.
            var import = await imports.Change(workspace, id, i => i.Ended ? i : i.Begin(clock.GetUtcNow()), turn, going.Token);
            if (import.Ended)
            {
                return;
            }

            await runner.Run(import, workspace, await ImportFile.Open(database, workspace, id, going.Token), turn, going.Token);
            await ImportFile.Delete(database, workspace, id);
        }
        catch (Exception e) when (e is OvertakenException || (e is OperationCanceledException && turn.Lost.IsCancellationRequested))
        {
            logger.LogInformation("Import {Import} is not this run's any more: it was cancelled, or another goes on with it.", id);
        }
        catch (UnreadableFileException e)
        {
            await Fail(e.Message, fileKept: false);
            await ImportFile.Delete(database, workspace, id);
        }
        catch (Exception e) when (!DatabaseAway.IsReason(e) && e is not OperationCanceledException)
        {
            logger.LogError(e, "Import {Import} failed.", id);
            await Fail($"Something went wrong in the service: {e.Message}", fileKept: true);
        }

        Task Fail(string reason, bool fileKept) => imports.Change(
            workspace, id, i => i.End(ImportState.Failed, clock.GetUtcNow(), reason) with { FileKept = fileKept }, turn, CancellationToken.None);
    }
}

public static class RunImportHandler
{
    public static Task Handle(RunImport message, ImportJobs jobs, CancellationToken cancel) => jobs.Run(message.Workspace, cancel);
}
