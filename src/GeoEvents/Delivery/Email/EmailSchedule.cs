using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Delivery.Email;

/// <summary>When an e-mail may go out, by the clocks of the zones that a subscription names.</summary>
/// <remarks>
/// Where clocks are put forward, a time of day that is skipped stands for the instant of the change; where they are put back, quiet hours reach from the
/// first showing of their beginning to the last of their end, and a digest goes out at the first showing.
/// </remarks>
public static class EmailSchedule
{
    /// <summary>The first instant at or after <paramref name="now"/> at which what was planned now goes out.</summary>
    public static DateTimeOffset NextDue(EmailChannel channel, DateTimeOffset now) => AfterQuietHours(
        channel.QuietHours, channel is { Mode: EmailMode.Digest, Digest: { } digest } ? NextDigest(digest, now) : now);

    /// <summary><paramref name="instant"/>, or the end of the quiet hours that it falls into.</summary>
    public static DateTimeOffset AfterQuietHours(QuietHours? quiet, DateTimeOffset instant)
    {
        if (quiet is null || TimeOfDay(quiet.From) is not { } from || TimeOfDay(quiet.To) is not { } to || from == to)
        {
            return instant;
        }

        var zone = ZoneOf(quiet.Zone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        for (var day = today.AddDays(-1); day <= today; day = day.AddDays(1))
        {
            var begins = First(zone, day, from);
            var ends = Last(zone, to > from ? day : day.AddDays(1), to);
            if (begins <= instant && instant < ends)
            {
                return ends;
            }
        }

        return instant;
    }

    /// <summary>The first time of a digest at or after an instant.</summary>
    public static DateTimeOffset NextDigest(DigestTimes digest, DateTimeOffset now)
    {
        var zone = ZoneOf(digest.Zone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return Enumerable.Range(-1, 4)
            .SelectMany(d => (digest.At ?? []).Select(TimeOfDay).OfType<TimeOnly>().Select(at => First(zone, today.AddDays(d), at)))
            .Where(at => at >= now)
            .Min();
    }

    /// <returns>Null if the text is no time of day.</returns>
    public static TimeOnly? TimeOfDay(string? text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static TimeZoneInfo ZoneOf(string? id) => OccurredOn.TryFindZone(id, out var zone) ? zone : TimeZoneInfo.Utc;

    private static DateTimeOffset First(TimeZoneInfo zone, DateOnly day, TimeOnly time) => new(LocalClock.First(zone, day.ToDateTime(time).Ticks), TimeSpan.Zero);

    private static DateTimeOffset Last(TimeZoneInfo zone, DateOnly day, TimeOnly time) => new(LocalClock.Last(zone, day.ToDateTime(time).Ticks), TimeSpan.Zero);
}
