namespace GeoEvents.Recording;

/// <summary>A point K of the log: authoritative position, and the time shown for it.</summary>
/// <param name="Position">Number of a fact in its workspace, 1, 2, 3 … without gaps; 0 before the first.</param>
public readonly record struct LogPosition(long Position, DateTimeOffset? RecordedAt);

/// <summary>Where the log of a workspace ends.</summary>
/// <param name="Hash">Of the chain after its last fact; see <see cref="HashChain"/>.</param>
public sealed record LogHead(LogPosition At, byte[] Hash)
{
    public static readonly LogHead Empty = new(default, HashChain.Beginning);
}
