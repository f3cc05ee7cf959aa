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
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var size = await ImportFile.Write(connection, workspace, import.Id, beginning, rest, cancel);
        await transaction.CommitAsync(cancel);

        // The file first, in a transaction of its own: if the service dies here, the next start throws the orphan away.
        outbox.Enroll(session);
        session.Store(import with { Size = size, FileKept = true });
        await outbox.PublishAsync(new RunImport(import.Id, workspace));
        await session.SaveChangesAsync(cancel);
    }
}
