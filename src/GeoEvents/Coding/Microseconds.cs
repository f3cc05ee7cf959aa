namespace GeoEvents.Coding;

/// <summary>PostgreSQL keeps instants to the microsecond, .NET to a tenth of one; what we compute must survive being stored.</summary>
internal static class Microseconds
{
    /// <param name="ticks">Zero or more.</param>
    public static long Floor(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);

    public static DateTimeOffset Floor(DateTimeOffset instant) => new(Floor(instant.UtcTicks), TimeSpan.Zero);
}
