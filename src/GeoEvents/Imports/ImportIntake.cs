using GeoEvents.Hosting;
using Marten;
using Npgsql;
using Wolverine.Marten;

namespace GeoEvents.Imports;

/// <summary>Takes files in: keeps the bytes in the database and queues the import that will read them.</summary>
public sealed class ImportIntake(NpgsqlDataSource database, IMartenOutbox outbox)
{
    /// <param name="beginning">Bytes of the file that were read already.</param>
    /// <param name="session">Of the workspace; saved here.</param>
    /// <exception cref="RefusedException">The file is too large (413).</exception>
    public async Task Queue(
        string workspace, Import import, ReadOnlyMemory<byte> beginning, Stream rest, IDocumentSession session, CancellationToken cancel)
    {
        // The file first, in a transaction of its own: if the service dies here, the next start throws the orphan away.
        var size = await Keep(workspace, import.Id, beginning, rest, cancel);
        await Start(workspace, import with { Size = size }, session, cancel);
    }

    /// <summary>Keeps the file of an import that is not queued yet. If reading it fails, nothing is kept.</summary>
    /// <returns>How many bytes it has.</returns>
    public async Task<long> Keep(string workspace, Guid import, ReadOnlyMemory<byte> beginning, Stream rest, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var size = await ImportFile.Write(connection, workspace, import, beginning, rest, cancel);
        await transaction.CommitAsync(cancel);
        return size;
    }

    /// <summary>Queues an import whose file is kept, together with whatever else the session holds.</summary>
    /// <param name="session">Of the workspace; saved here.</param>
    public async Task Start(string workspace, Import import, IDocumentSession session, CancellationToken cancel)
    {
        outbox.Enroll(session);
        session.Store(import with { FileKept = true });
        await outbox.PublishAsync(new RunImport(import.Id, workspace));
        await session.SaveChangesAsync(cancel);
    }
}
