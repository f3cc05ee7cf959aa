using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>Rows of a file that are recorded together.</summary>
/// <param name="Register">Actors and sources that they bring.</param>
public sealed record PreparedRows(IReadOnlyList<PreparedRow> Incidents, IReadOnlyList<ImportRow> Other, Registrations Register, bool Last)
{
    /// <summary>These, and those that follow them in the file.</summary>
    public PreparedRows And(PreparedRows next) => new([.. Incidents, .. next.Incidents], [.. Other, .. next.Other], Register.And(next.Register), next.Last);
}

/// <summary>Reads a file in pieces, some ahead of who records them.</summary>
public static class ImportReading
{
    /// <summary>A piece has as many incidents as keep others waiting for some hundredths of a second; rows that are passed over cost a commit little.</summary>
    private const int IncidentsInOnePiece = 250;
    private const int RowsInOnePiece = 2_500;

    /// <summary>Rejected rows are kept whole, and may be long.</summary>
    private const int RejectedBytesInOnePiece = 4 << 20;

    /// <param name="import">Rows that it has answered for, before a stop, are passed over.</param>
    /// <param name="stated">They are added to it before anything is returned, if some of them were known; else the record tells enough of them.</param>
    /// <param name="stride">How many pieces are given together, of those that are ready.</param>
    /// <exception cref="UnreadableFileException">The file as a whole cannot be read.</exception>
    public static async IAsyncEnumerable<PreparedRows> Read(
        IImportFormat format, Stream file, Import import, StatedRows stated, ImportStride stride, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var ahead = Channel.CreateBounded<PreparedRows>(ImportStride.Longest);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.Run(() => Fill(ahead.Writer, format, file, import, stated, clock, stopping.Token), cancel);
        try
        {
            await foreach (var first in ahead.Reader.ReadAllAsync(cancel))
            {
                yield return Together(first, ahead.Reader, stride.Pieces);
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await reading;
        }
    }

    /// <summary>A piece and those that are ready after it, so many in all at most.</summary>
    public static PreparedRows Together(PreparedRows first, ChannelReader<PreparedRows> ready, int most)
    {
        var rows = first;
        for (var pieces = 1; pieces < most && ready.TryRead(out var next); pieces++)
        {
            rows = rows.And(next);
        }

        return rows;
    }

    private static async IAsyncEnumerable<ImportRow> Rows(IImportFormat format, Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var rows in format.Read(await Packing.Unpack(file, cancel), passOver, cancel))
        {
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    private static async Task Fill(
        ChannelWriter<PreparedRows> ahead, IImportFormat format, Stream file, Import import, StatedRows stated, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            var passOver = import.Known == 0 ? import.Total : 0;
            var (incidents, other, rejectedBytes, seen) = (new List<PreparedRow>(), new List<ImportRow>(), 0L, passOver);
            await foreach (var row in Rows(format, file, passOver, cancel))
            {
                if (seen++ < import.Total)
                {
                    if (row is IncidentRow { Draft.Id.Length: > 0 } earlier)
                    {
                        stated.Add(earlier.Draft.Id);
                    }

                    continue;
                }

                var (prepared, rejected) = row is IncidentRow incident ? PreparedRow.Of(incident, clock.GetUtcNow()) : (null, null);
                if (prepared is not null)
                {
                    incidents.Add(prepared);
                }
                else
                {
                    other.Add(rejected ?? row);
                }

                rejectedBytes += other is [.., RejectedRow last] && prepared is null ? last.Raw.Length : 0;
                if (incidents.Count == IncidentsInOnePiece || incidents.Count + other.Count == RowsInOnePiece || rejectedBytes >= RejectedBytesInOnePiece)
                {
                    await ahead.WriteAsync(Piece(last: false), cancel);
                    (incidents, other, rejectedBytes) = ([], [], 0);
                }
            }

            await ahead.WriteAsync(Piece(last: true), cancel);
            ahead.Complete();

            PreparedRows Piece(bool last) => new(
                incidents, other, incidents.Aggregate(new Registrations(), (all, row) => row.Row.Draft.Register is { } brought ? all.And(brought) : all), last);
        }
        catch (Exception e)
        {
            ahead.Complete(e);
        }
    }
}
