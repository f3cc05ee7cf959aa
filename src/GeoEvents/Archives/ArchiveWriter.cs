using System.Text;
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
    public async Task Write(string workspace, long upTo, Stream to, CancellationToken cancel)
    {
        await using var lines = new StreamWriter(to, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        await lines.WriteLineAsync(FirstLine);
        var (facts, hash) = (0L, HashChain.Beginning);
        if (upTo > 0)
        {
            await foreach (var place in walk.Places(workspace, _ => { }, cancel))
            {
                if (place.Event is { } there && place.Digest is { } digest)
                {
                    await lines.WriteLineAsync(Encoding.UTF8.GetString(there.LineAt(place.Position)));
                    hash = HashChain.Next(hash, digest);
                    facts = place.Position;
                }

                if (place.Position >= upTo)
                {
                    break;
                }
            }
        }

        await lines.WriteLineAsync(LastLine(facts, hash));
    }

    public static string LastLine(long facts, byte[] hash) => $$"""{"facts":{{facts}},"hash":"{{Convert.ToHexStringLower(hash)}}"}""";
}
