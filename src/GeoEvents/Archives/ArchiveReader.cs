using System.Text;
using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Archives;

/// <summary>The archive cannot be restored; the message says why, and at which line.</summary>
public sealed class UnreadableArchiveException(string reason) : Exception(reason);

/// <summary>A fact of an archive.</summary>
/// <param name="Stream">As in <c>incident/yekaterinburg-raid</c>.</param>
public sealed record ArchivedFact(JsonElement Data, Guid Id, string Kind, long Position, DateTimeOffset RecordedAt, string Stream, string? User = null)
{
    public byte[] DataBytes => Encoding.UTF8.GetBytes(Data.GetRawText());

    public StreamKey StreamKey => Stream.IndexOf('/') is > 0 and var slash ? new StreamKey(Stream[..slash], Stream[(slash + 1)..]) : default;
}

/// <summary>Reads archives, and tells one that was cut or altered.</summary>
public static class ArchiveReader
{
    /// <summary>The facts of a sound archive, in order.</summary>
    /// <param name="now">No fact was recorded later than that; one that says so would move the clock of every workspace.</param>
    /// <exception cref="UnreadableArchiveException">A line is not what the last line's hash is over, or facts are missing or out of order.</exception>
    public static IEnumerable<ArchivedFact> Read(Stream archive, DateTimeOffset now)
    {
        using var lines = new StreamReader(archive, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16, leaveOpen: true);
        if (lines.ReadLine() != ArchiveWriter.FirstLine)
        {
            throw new UnreadableArchiveException("Not an archive of GeoEvents, or of a later version: line 1 does not say so.");
        }

        var (hash, facts, last) = (HashChain.Beginning, 0L, DateTimeOffset.MinValue);
        for (var number = 2; ; number++)
        {
            var line = lines.ReadLine() ?? throw new UnreadableArchiveException($"The archive ends before its last line, after {facts:N0} facts: it was cut.");
            if (line == ArchiveWriter.LastLine(facts, hash))
            {
                if (lines.ReadLine() is not null)
                {
                    throw new UnreadableArchiveException($"Line {number + 1}: there is more after the last line.");
                }

                yield break;
            }

            var fact = Parse(line, number);
            if (fact.Position != facts + 1 || fact.RecordedAt < last)
            {
                throw new UnreadableArchiveException($"Line {number}: fact {fact.Position} does not follow fact {facts} in order and time.");
            }

            if (fact.RecordedAt > now)
            {
                throw new UnreadableArchiveException($"Line {number}: fact {fact.Position} was recorded at {fact.RecordedAt:O}, and the clock here says {now:O}.");
            }

            hash = HashChain.Next(hash, HashChain.Digest(Encoding.UTF8.GetBytes(line)));
            (facts, last) = (fact.Position, fact.RecordedAt);
            yield return fact;
        }
    }

    private static ArchivedFact Parse(string line, int number)
    {
        try
        {
            var fact = JsonSerializer.Deserialize<ArchivedFact>(line, GeoJson.Options);
            if (fact?.Stream is not null && FactTypes.ByName.ContainsKey(fact.Kind) && fact.StreamKey != default
                && FactLine.Of(fact.Id, fact.Kind, fact.Position, fact.RecordedAt, fact.StreamKey, fact.User, fact.DataBytes).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(line)))
            {
                return fact;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new UnreadableArchiveException(
            $"Line {number}: neither a fact in the form of an archive nor the last line that the facts before it call for. The archive was altered, or comes from a later version.");
    }
}
