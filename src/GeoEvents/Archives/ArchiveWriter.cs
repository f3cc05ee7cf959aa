using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Archives;

/// <summary>The archive of a workspace: every fact with its time, order and metadata, as it stands in the chain.</summary>
/// <remarks>
/// JSON Lines: a first line that names the format, a line of canonical JSON for each fact (<see cref="FactLine"/>), and a last line with the number of facts and the
/// hash of the chain after them, by which a cut or altered archive is known. Nothing in it depends on the database or the name of the workspace, so
/// a workspace that was restored from an archive has the same archive.
/// </remarks>
public sealed class ArchiveWriter(LogWalk walk)
{
    public const string MediaType = "application/x-ndjson";

    public const string FirstLine = """{"geoevents":"archive","version":1}""";

    /// <param name="upTo">Last position of it.</param>
    /// <exception cref="RefusedException">The log is not as it was recorded. What was written has no last line, so nothing can be restored from it.</exception>
    public async Task Write(string workspace, long upTo, Stream to, CancellationToken cancel)
    {
        // Not disposed: what it holds when the log turns out to be damaged is not to be sent.
        var lines = new StreamWriter(to, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        await lines.WriteLineAsync(FirstLine);
        var (facts, hash) = (0L, HashChain.Beginning);
        await using var log = await walk.Begin(workspace, cancel);
        await foreach (var place in log.Places(upTo, _ => { }, cancel))
        {
            if (facts == upTo)
            {
                break;
            }

            var line = place.Event?.LineAt(place.Position) ?? [];
            var digest = HashChain.Digest(line);
            if (place.Position != facts + 1 || !digest.AsSpan().SequenceEqual(place.Digest))
            {
                throw Damaged(facts + 1);
            }

            await lines.WriteLineAsync(Encoding.UTF8.GetString(line));
            (facts, hash) = (place.Position, HashChain.Next(hash, digest));
        }

        if (facts < upTo)
        {
            throw Damaged(facts + 1);
        }

        await lines.WriteLineAsync(LastLine(facts, hash));
        await lines.FlushAsync(cancel);
    }

    public static string LastLine(long facts, byte[] hash) => $$"""{"facts":{{facts}},"hash":"{{Convert.ToHexStringLower(hash)}}"}""";

    private static RefusedException Damaged(long position) =>
        new("log-damaged", $"The log is not as it was recorded at position {position}, so it has no archive. GET …/log/verification says what is wrong.");
}
