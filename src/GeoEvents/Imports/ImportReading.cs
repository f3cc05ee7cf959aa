using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoEvents.Imports.Formats;
using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>Rows of a file that are recorded together.</summary>
/// <param name="Register">Actors and sources that they bring.</param>
public sealed record PreparedRows(IReadOnlyList<PreparedRow> Incidents, IReadOnlyList<ImportRow> Other, Registrations Register, bool Last);

/// <summary>Reads a file in pieces of a commit each, one piece ahead of who records them.</summary>
public static class ImportReading
{
    /// <summary>A commit has as many incidents as keep others waiting for a tenth of a second; rows that are passed over cost it little.</summary>
    private const int IncidentsInOneCommit = 1_000;
    private const int RowsInOneCommit = 10_000;

    /// <summary>Rejected rows are kept whole, and may be long.</summary>
    private const int RejectedBytesInOneCommit = 16 << 20;

    /// <param name="import">Rows that it has answered for, before a stop, are passed over.</param>
    /// <param name="stated">They are added to it before anything is returned, if some of them were known; else the record tells enough of them.</param>
    /// <exception cref="UnreadableFileException">The file as a whole cannot be read.</exception>
    public static async IAsyncEnumerable<PreparedRows> Read(
        IImportFormat format, Stream file, Import import, StatedRows stated, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var ahead = Channel.CreateBounded<PreparedRows>(1);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.Run(() => Fill(ahead.Writer, format, file, import, stated, clock, stopping.Token), cancel);
        try
        {
            await foreach (var rows in ahead.Reader.ReadAllAsync(cancel))
            {
                yield return rows;
            }
        }
        finally
        {
            await stopping.CancelAsync();
            await reading;
        }
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
                if (incidents.Count == IncidentsInOneCommit || incidents.Count + other.Count == RowsInOneCommit || rejectedBytes >= RejectedBytesInOneCommit)
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
