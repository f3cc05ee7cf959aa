namespace GeoEvents.Alerts.Engine;

/// <summary>When the positions of a stretch of the log were recorded.</summary>
/// <param name="before">The last position before the stretch.</param>
/// <param name="commits">Of each commit its last position and its time, in order.</param>
public sealed class RecordedTimes(long before, IReadOnlyList<(long Position, DateTimeOffset RecordedAt)> commits)
{
    /// <summary>When a position of the stretch was recorded.</summary>
    public DateTimeOffset Of(long position)
    {
        var (low, high) = (0, commits.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = commits[middle].Position < position ? (middle + 1, high) : (low, middle);
        }

        return commits[low].RecordedAt;
    }

    /// <summary>The last position recorded before an instant that is not before the stretch.</summary>
    public long Before(DateTimeOffset instant)
    {
        var (low, high) = (0, commits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = commits[middle].RecordedAt < instant ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? before : commits[low - 1].Position;
    }
}
