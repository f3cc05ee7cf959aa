using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>Carries an import through, from where it stands to its end.</summary>
public sealed class ImportRunner(
    IDocumentStore store, NpgsqlDataSource database, Recorder recorder, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<ImportRunner> logger)
{
    /// <summary>A commit has as many incidents as keep others waiting for tenths of a second at most; rows that are passed over cost it little.</summary>
    private const int IncidentsInOneCommit = 250;
    private const int RowsInOneCommit = 2_500;
    private const int RejectedBytesInOneCommit = 16 << 20;

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
            await Run(import, workspace, await ImportFile.Open(database, workspace, id, cancel), cancel);
            await ImportFile.Delete(database, workspace, id);
        }
    }

    /// <summary>Carries an import through whose file is at hand.</summary>
    public async Task<Import> Run(Import import, string workspace, Stream file, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var call = new Call(workspace, import.User, null, null);
        var format = ImportFormats.Find(import.Format, import.Mapping)!;
        var done = import.Total;
        try
        {
            var (chunk, incidents, bytes, seen) = (new List<ImportRow>(), 0, 0L, 0L);
            var ids = new SeenRows();
            await foreach (var batch in format.Read(await Packing.Unpack(file, stopping.Token), stopping.Token))
            {
                foreach (var read in batch)
                {
                    var row = Checked(read, ids);
                    if (seen++ < done)
                    {
                        continue;
                    }

                    chunk.Add(row);
                    incidents += row is IncidentRow ? 1 : 0;
                    bytes += row is RejectedRow rejected ? rejected.Raw.Length : 0;
                    if (incidents == IncidentsInOneCommit || chunk.Count == RowsInOneCommit || bytes >= RejectedBytesInOneCommit)
                    {
                        import = await Take(import, chunk, last: false);
                        (chunk, incidents, bytes) = ([], 0, 0);
                        stopping.Token.ThrowIfCancellationRequested();
                    }
                }
            }

            return await Take(import, chunk, last: true);
        }
        catch (UnreadableFileException e)
        {
            import = import with { State = ImportState.Failed, Failure = e.Message, CompletedAt = clock.GetUtcNow() };
            await using var session = store.LightweightSession(workspace);
            session.Store(import);
            await session.SaveChangesAsync(cancel);
            return import;
        }

        // What a row registers is checked before the chunk, since the whole chunk names the streams of all.
        static ImportRow Checked(ImportRow row, SeenRows ids) => row is not IncidentRow incident
            ? row
            : incident.Draft.Register?.Check("/register").FirstOrDefault() is { } problem
                ? RejectedRow.Of(row.Line, problem, incident.Raw)
                : ids.Contradicts(incident.Draft)
                    ? RejectedRow.Of(row.Line, FieldProblem.At("/id", "repeated", "An earlier row of the file has this id and other content."), incident.Raw)
                    : row;

        async Task<Import> Take(Import before, List<ImportRow> rows, bool last)
        {
            var register = rows.OfType<IncidentRow>().Aggregate(format.Registrations, (all, row) => all.And(row.Draft.Register));
            var chunk = new ImportChunk(call, before with { Header = format.Header }, rows, register, last ? format.Notes : [], last);
            await recorder.Record(chunk, CancellationToken.None);
            return chunk.After!;
        }
    }
}

public static class RunImportHandler
{
    public static Task Handle(RunImport message, ImportRunner runner, CancellationToken cancel) => runner.Run(message.Import, message.Workspace, cancel);
}
