using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>Loads a file, from where its import stands to the end.</summary>
public sealed class ImportRunner(Recorder recorder, MissingRows missing, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <param name="file">From its beginning.</param>
    /// <param name="turn">What every commit depends on; null for an import that nobody else can have.</param>
    /// <exception cref="UnreadableFileException">What was recorded until then stays.</exception>
    public async Task<Import> Run(Import import, string workspace, Stream file, ImportTurn? turn, CancellationToken cancel)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        var call = new Call(workspace, import.User, null, null);
        var format = ImportFormats.Find(import.Format, import.Mapping)!;
        var progress = new ImportProgress(clock, file);
        var stated = new StatedRows();
        var stride = new ImportStride(clock);
        var registered = false;
        await foreach (var rows in ImportReading.Read(format, file, import, stated, stride, clock, stopping.Token))
        {
            IReadOnlyList<string> notes = rows.Last ? format.Notes : [];
            var register = registered ? rows.Register : format.Registrations.And(rows.Register);
            if (register.Streams.Any())
            {
                var registrations = new ImportRegistrations(call, register);
                stride.Note((await recorder.Record(registrations, CancellationToken.None)).Recorded);
                notes = [.. notes, .. registrations.Conflicts];
            }

            if (!registered && format.Context.Streams.Any())
            {
                var context = new ImportContext(call, format.Context, import.Id.ToString());
                stride.Note((await recorder.Record(context, CancellationToken.None)).Recorded);
                notes = [.. notes, .. context.Conflicts];
            }

            registered = true;
            var now = progress.Of(import, import.Total + rows.Incidents.Count + rows.Other.Count);
            now = rows.Last ? now with { Bytes = import.Size ?? now.Bytes } : now;
            now = rows.Last && !import.Complete ? now with { Rate = null, TimeLeft = null, FileKept = false } : now;
            var chunk = new ImportChunk(call, now with { Header = format.Header }, rows.Incidents, rows.Other, stated, notes, rows.Last) { Turn = turn };
            stride.Note((await recorder.Record(chunk, CancellationToken.None)).Recorded);
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

        return import.Complete ? await missing.Flag(call, import, turn, stopping.Token) : import;
    }
}
