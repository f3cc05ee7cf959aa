namespace GeoEvents.Watching;

/// <summary>How long to wait after failures: twice as long each time, up to an hour, and never all at the same moment.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="failures">In a row; at least 1.</param>
    /// <param name="chance">At random in [0, 1); the pause is between half of its length and all of it.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var doubled = First * Math.Pow(2, Math.Min(failures, 20) - 1);
        return (doubled < Longest ? doubled : Longest) * (0.5 + (chance / 2));
    }
}
