using GeoEvents.Recording;

namespace GeoEvents.Imports;

/// <summary>How much of a file is committed at once: little while others record too, since they wait for it; more while nobody does.</summary>
/// <remarks>Whether others do is told by the numbers in the store: those of an import follow one another unless somebody, on whatever node, recorded in between.</remarks>
public sealed class ImportStride(TimeProvider clock)
{
    /// <summary>Most pieces of <see cref="ImportReading"/> in one commit.</summary>
    public const int Longest = 4;

    /// <summary>For how long somebody who has recorded something is expected to do so again.</summary>
    public static readonly TimeSpan Regard = TimeSpan.FromMinutes(1);

    private long? last;
    private long? disturbed;

    /// <summary>How many pieces the next commit may have.</summary>
    public int Pieces => disturbed is { } at && clock.GetElapsedTime(at) < Regard ? 1 : Longest;

    /// <param name="recorded">What the import has recorded just now.</param>
    public void Note(Recorded? recorded)
    {
        if (recorded?.Facts is not [var first, ..])
        {
            return;
        }

        if (first.Sequence > last + 1)
        {
            disturbed = clock.GetTimestamp();
        }

        last = recorded.Facts[^1].Sequence;
    }
}
