using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>Rows of a file that are recorded together.</summary>
/// <param name="Register">Actors and sources that they bring.</param>
public sealed record PreparedRows(IReadOnlyList<PreparedRow> Incidents, IReadOnlyList<ImportRow> Other, Registrations Register, bool Last);

/// <summary>Reads a file in pieces of a commit each, one piece ahead of who records them.</summary>
public static class ImportReading
{
    /// <summary>A commit has as many incidents as keep others waiting for a tenth of a second or two; rows that are passed over cost it little.</summary>
    private const int IncidentsInOneCommit = 2_000;
    private const int RowsInOneCommit = 10_000;

    /// <param name="skip">How many rows were answered for already, before a stop; they are added to <paramref name="stated"/> before anything is returned.</param>
    /// <exception cref="UnreadableFileException">The file as a whole cannot be read.</exception>
    public static async IAsyncEnumerable<PreparedRows> Read(
        IImportFormat format, Stream file, long skip, StatedRows stated, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var ahead = Channel.CreateBounded<PreparedRows>(1);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.Run(() => Fill(ahead.Writer, format, file, skip, stated, clock, stopping.Token), cancel);
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

    private static async Task Fill(
        ChannelWriter<PreparedRows> ahead, IImportFormat format, Stream file, long skip, StatedRows stated, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            var (incidents, other, seen) = (new List<PreparedRow>(), new List<ImportRow>(), 0L);
            await foreach (var row in format.Read(file, cancel))
            {
                if (seen++ < skip)
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

                if (incidents.Count == IncidentsInOneCommit || incidents.Count + other.Count == RowsInOneCommit)
                {
                    await ahead.WriteAsync(Piece(last: false), cancel);
                    (incidents, other) = ([], []);
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
