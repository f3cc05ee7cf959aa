using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>Loads a file, from where its import stands to the end.</summary>
public sealed class ImportRunner(Recorder recorder, MissingRows missing, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>A commit has as many incidents as keep others waiting for tenths of a second at most; rows that are passed over cost it little.</summary>
    private const int IncidentsInOneCommit = 250;
    private const int RowsInOneCommit = 2_500;

    /// <param name="file">From its beginning.</param>
    /// <param name="turn">What every commit depends on; null for an import that nobody else can have.</param>
    /// <exception cref="UnreadableFileException">What was recorded until then stays.</exception>
    public async Task<Import> Run(Import import, string workspace, Stream file, ImportTurn? turn, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var call = new Call(workspace, import.User, null, null);
        var format = ImportFormats.Find(import.Format)!;
        var done = import.Total;
        var progress = new ImportProgress(clock, file);
        var (chunk, incidents, seen) = (new List<ImportRow>(), 0, 0L);
        var ids = new SeenRows();
        await foreach (var read in format.Read(file, stopping.Token))
        {
            var row = Checked(read, ids);
            if (seen++ < done)
            {
                continue;
            }

            chunk.Add(row);
            incidents += row is IncidentRow ? 1 : 0;
            if (incidents == IncidentsInOneCommit || chunk.Count == RowsInOneCommit)
            {
                import = await Take(import, chunk, last: false);
                (chunk, incidents) = ([], 0);
                stopping.Token.ThrowIfCancellationRequested();
            }
        }

        import = await Take(import, chunk, last: true);
        return import.Complete ? await missing.Flag(call, import, turn, stopping.Token) : import;

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
            var now = progress.Of(before, before.Total + rows.Count);
            var chunk = new ImportChunk(call, last && !before.Complete ? now with { Rate = null, TimeLeft = null, FileKept = false } : now, rows, register, last ? format.Notes : [], last) { Turn = turn };
            await recorder.Record(chunk, CancellationToken.None);
            return chunk.After!;
        }
    }
}
