using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Finds when a function of time changes its sign, by bisection between its turning point.</summary>
public static class Crossing
{
    /// <summary>After that many half-lives nothing is left that decays.</summary>
    private const double Lives = 60;

    /// <param name="f">With at most one turning point after <paramref name="from"/>.</param>
    /// <param name="turnsAfterDays">Where that is, days after <paramref name="from"/>; NaN or out of range: there is none.</param>
    /// <param name="until">From here on it is another function.</param>
    /// <returns>The first whole second at which the sign is another than at <paramref name="from"/>, or else <paramref name="until"/>, if that is in sight.</returns>
    public static DateTimeOffset? First(Func<DateTimeOffset, double> f, DateTimeOffset from, double turnsAfterDays, DateTimeOffset until, double halfLifeDays)
    {
        var sight = TimeSpan.FromDays(Math.Min(Lives * halfLifeDays, Instants.MostDays(from)));
        var end = until - from > sight ? from + sight : until;
        var turn = double.IsFinite(turnsAfterDays) && turnsAfterDays > 0 && turnsAfterDays < (end - from).TotalDays ? from + TimeSpan.FromDays(turnsAfterDays) : end;
        var positive = f(from) >= 0;
        foreach (var (low, high) in new[] { (from, turn), (turn, end) })
        {
            if (f(high) >= 0 != positive)
            {
                return Bisect(f, low, high, positive);
            }
        }

        return end == until ? until : null;
    }

    private static DateTimeOffset Bisect(Func<DateTimeOffset, double> f, DateTimeOffset low, DateTimeOffset high, bool positive)
    {
        while ((high - low).Ticks > TimeSpan.TicksPerMicrosecond)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = f(middle) >= 0 == positive ? (middle, high) : (low, middle);
        }

        return Instants.Up(high);
    }
}
