namespace GeoEvents.Coding;

/// <summary>What the clocks of a zone show, turned into instants, where they are put forward or back too.</summary>
/// <remarks>
/// <para>All values are ticks since 0001-01-01. A zone is taken to change its offset at most once within 30 hours.</para>
/// <para>
/// Where clocks are put back, a reading is shown twice and the stretch reaches from the first showing to the last, since either may be meant.
/// Where they are put forward, a reading that is never shown stands for the instant of the change, the earliest valid one after it.
/// </para>
/// </remarks>
internal static class LocalClock
{
    /// <summary>More than any offset from UTC that .NET allows.</summary>
    private static readonly long Reach = TimeSpan.FromHours(15).Ticks;

    /// <summary>The first instant at which the clock shows <paramref name="local"/> or later.</summary>
    public static long First(TimeZoneInfo zone, long local)
    {
        var (before, after, change) = ChangeNear(zone, local);
        return local - before < change ? local - before : Math.Max(change, local - after);
    }

    /// <summary>The last instant before which the clock shows less than <paramref name="local"/>.</summary>
    public static long Last(TimeZoneInfo zone, long local)
    {
        var (before, after, change) = ChangeNear(zone, local);
        return local - after > change ? local - after : Math.Min(change, local - before);
    }

    private static (long Before, long After, long Change) ChangeNear(TimeZoneInfo zone, long local)
    {
        var (low, high) = (local - Reach, local + Reach);
        var (before, after) = (Offset(zone, low), Offset(zone, high));
        if (before == after)
        {
            return (before, after, high);
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Offset(zone, middle) == before ? (middle, high) : (low, middle);
        }

        return (before, after, high);
    }

    private static long Offset(TimeZoneInfo zone, long utc) =>
        zone.GetUtcOffset(new DateTime(Math.Clamp(utc, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc)).Ticks;
}
