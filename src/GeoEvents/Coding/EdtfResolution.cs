using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace GeoEvents.Coding;

/// <summary>Turns what an EDTF date says into the stretch of time it stands for; the contract is at <see cref="Edtf.TryResolve"/>.</summary>
internal static class EdtfResolution
{
    private static readonly Int128 FirstSecond = CalendarTime.Midnight(1, 1, 1).TotalSeconds;
    private static readonly Int128 EndSecond = CalendarTime.Midnight(10_000, 1, 1).TotalSeconds;

    public static bool TryResolve(
        ImmutableArray<EdtfRange> ranges, DateTimeOffset recordedAt, TimeZoneInfo zone,
        out ResolvedInterval interval, [NotNullWhen(false)] out string? reason)
    {
        var now = Microseconds.Floor(recordedAt.UtcTicks);
        var (earliest, latest, atOnce) = (long.MaxValue, long.MinValue, false);
        interval = default;
        reason = null;

        foreach (var range in ranges)
        {
            if (range.From is null)
            {
                reason = "The start is open or unknown.";
                return false;
            }

            if (Bounds(range.From, zone) is not { } from || (range.To is null ? (now, now) : Bounds(range.To, zone)) is not { } to)
            {
                reason = "Only the years 1 to 9999 can be placed in time.";
                return false;
            }

            if (range.To is not null && to.Latest <= from.Earliest)
            {
                reason = "The end lies before the start.";
                return false;
            }

            atOnce = from.Earliest <= earliest ? range.From.IsTimeOfDay : atOnce;
            earliest = Math.Min(earliest, from.Earliest);
            latest = Math.Max(latest, to.Latest);
        }

        if (earliest > now || (earliest == now && !atOnce))
        {
            reason = "An incident cannot lie in the future.";
            return false;
        }

        interval = new ResolvedInterval(Instant(earliest), Instant(Math.Min(latest, now)));
        return true;
    }

    /// <summary>The instants in ticks since 0001-01-01 UTC; approximation may widen a stretch to the ends of that calendar, not beyond.</summary>
    /// <returns>Null if any of what is stated lies outside the years 1 to 9999.</returns>
    private static (long Earliest, long Latest)? Bounds(EdtfPoint point, TimeZoneInfo zone)
    {
        if (point.Start.TotalSeconds < FirstSecond || point.End.TotalSeconds > EndSecond)
        {
            return null;
        }

        var (start, end) = (Ticks(point.EarliestSecond), Ticks(point.LatestSecond));
        var (earliest, latest) = point.Offset is { } offset
            ? (start - offset.Ticks, end - offset.Ticks)
            : (LocalClock.First(zone, start), LocalClock.Last(zone, end));

        // Clocks put forward may skip the whole of what is stated, which then stands for as long a stretch from the change on.
        latest = latest > earliest ? latest : earliest + (end - start);

        return latest <= 0 ? null : (Microseconds.Floor(Math.Max(earliest, 0)), Microseconds.Floor(latest));
    }

    private static long Ticks(Int128 seconds) => (long)Int128.Clamp(seconds, FirstSecond, EndSecond) * TimeSpan.TicksPerSecond;

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
