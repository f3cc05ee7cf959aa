namespace GeoEvents.Coding;

/// <summary>The half-open stretch [earliest, latest) within which something happened, in UTC, to the microsecond that PostgreSQL keeps.</summary>
public readonly record struct ResolvedInterval(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>The longest interval that counts at its start: a day in any zone, and the doubt of half another.</summary>
    private static readonly TimeSpan LongestSharp = TimeSpan.FromHours(36);

    /// <summary>τ, the instant at which an incident counts: the earliest if the interval is 36 hours or shorter, else the midpoint.</summary>
    public DateTimeOffset Tau
    {
        get
        {
            var length = Latest - Earliest;
            return length <= LongestSharp ? Earliest : Earliest + TimeSpan.FromTicks(Microseconds.Floor(length.Ticks / 2));
        }
    }
}
