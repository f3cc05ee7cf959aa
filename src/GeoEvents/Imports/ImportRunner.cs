using GeoEvents.Hosting;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>Carries an import through, from where it stands to its end.</summary>
public sealed class ImportRunner(
    IDocumentStore store, NpgsqlDataSource database, Recorder recorder, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ImportRunner> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the import has ended, or the service is stopping; then the next start goes on with it. A database that is away is waited for.</summary>
    public async Task Run(Guid id, string workspace, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await GoOn(id, workspace, stopping.Token);
                    return;
                }
                catch (Exception e) when (DatabaseAway.IsReason(e))
                {
                    logger.LogWarning(e, "Import {Import} waits for the database.", id);
                }

                await Task.Delay(pause, clock, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            logger.LogInformation("Import {Import} pauses while the service is stopped.", id);
        }
    }

    private async Task GoOn(Guid id, string workspace, CancellationToken cancel)
    {
        // One runner per import on all nodes: the lock goes with the connection.
        await using var guard = await database.OpenConnectionAsync(cancel);
        await using var locking = new NpgsqlCommand("select pg_try_advisory_lock($1)", guard) { Parameters = { new() { Value = BitConverter.ToInt64(id.ToByteArray()) } } };
        if (await locking.ExecuteScalarAsync(cancel) is not true)
        {
            return;
        }

        await using var session = store.QuerySession(workspace);
        if (await session.LoadAsync<Import>(id, cancel) is { Ended: false } import)
        {
            await Run(import, workspace, ImportFile.Open(database, workspace, id), cancel);
            await ImportFile.Delete(database, workspace, id);
        }
    }

    /// <summary>Carries an import through whose file is at hand.</summary>
    public async Task<Import> Run(Import import, string workspace, Stream file, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var call = new Call(workspace, import.User, null, null);
        var format = ImportFormats.Find(import.Format)!;
        try
        {
            var registered = false;
            var stated = new StatedRows();
            await foreach (var rows in ImportReading.Read(format, file, import.Total, stated, clock, stopping.Token))
            {
                IReadOnlyList<string> notes = rows.Last ? format.Notes : [];
                var register = registered ? rows.Register : format.Registrations.And(rows.Register);
                if (register.Streams.Any())
                {
                    var registrations = new ImportRegistrations(call, register);
                    await recorder.Record(registrations, CancellationToken.None);
                    notes = [.. notes, .. registrations.Conflicts];
                }

                registered = true;
                var chunk = new ImportChunk(call, import, rows.Incidents, rows.Other, stated, notes, rows.Last);
                await recorder.Record(chunk, CancellationToken.None);
                import = chunk.After!;
                foreach (var id in chunk.Known)
                {
                    stated.Add(id);
                }

                if (!rows.Last)
                {
                    stopping.Token.ThrowIfCancellationRequested();
                }
            }

            return import;
        }
        catch (UnreadableFileException e)
        {
            import = import with { State = ImportState.Failed, Failure = e.Message, CompletedAt = clock.GetUtcNow() };
            await using var session = store.LightweightSession(workspace);
            session.Store(import);
            await session.SaveChangesAsync(cancel);
            return import;
        }
    }
}

public static class RunImportHandler
{
    public static Task Handle(RunImport message, ImportRunner runner, CancellationToken cancel) => runner.Run(message.Import, message.Workspace, cancel);
}
