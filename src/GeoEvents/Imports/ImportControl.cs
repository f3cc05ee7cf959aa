using GeoEvents.Hosting;
using Npgsql;
using Wolverine;

namespace GeoEvents.Imports;

/// <summary>Stops imports, lets them go on, and throws their files away.</summary>
public sealed class ImportControl(ImportDocuments imports, NpgsqlDataSource database, IMessageBus bus, TimeProvider clock)
{
    /// <summary>Ends an import between two commits: what is recorded stays, and nothing is recorded after this has returned.</summary>
    /// <returns>The import; as it was if it is cancelled already.</returns>
    /// <exception cref="RefusedException">It has ended otherwise.</exception>
    public Task<Import> Cancel(string workspace, Guid id, CancellationToken cancel) => imports.Change(
        workspace,
        id,
        import => import switch
        {
            { State: ImportState.Cancelled } => import,
            { Ended: true } => throw new RefusedException("import-ended", "The import has ended; there is nothing left to cancel."),
            _ => import.End(ImportState.Cancelled, clock.GetUtcNow()),
        },
        turn: null,
        cancel);

    /// <summary>Queues a cancelled or failed import again; it goes on from where it stood.</summary>
    /// <returns>The import; as it is if it is under way.</returns>
    /// <exception cref="RefusedException">It was completed, or its file is gone.</exception>
    public async Task<Import> Resume(string workspace, Guid id, CancellationToken cancel)
    {
        var resumed = await imports.Change(
            workspace,
            id,
            import => import switch
            {
                { Ended: false } => import,
                { State: ImportState.Completed } => throw new RefusedException("import-ended", "The import was completed; there is nothing left to load."),
                { FileKept: false } => throw new RefusedException("import-file-gone", "The file could not be read or was thrown away. Send it again: what is on record is known."),
                _ => import with { State = ImportState.Queued, Failure = null, CompletedAt = null },
            },
            turn: null,
            cancel);
        await bus.PublishAsync(new RunImport(id, workspace));
        return resumed;
    }

    /// <summary>Throws the file of an import away that has ended.</summary>
    /// <exception cref="RefusedException">The import needs it still.</exception>
    public async Task Discard(string workspace, Guid id, CancellationToken cancel)
    {
        await imports.Change(
            workspace,
            id,
            import => import.Ended ? import with { FileKept = false } : throw new RefusedException("import-under-way", "The import needs its file. Cancel it first."),
            turn: null,
            cancel);
        await ImportFile.Delete(database, workspace, id);
    }
}
