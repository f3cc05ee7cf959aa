using System.Globalization;
using System.Text.RegularExpressions;
using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

/// <summary>Rewrites the bounds edtf.js gives into those we expect. Each method named as a sentence is one difference of meaning.</summary>
public static partial class EdtfReading
{
    /// <returns>Null where we resolve nothing: an open or unknown start, or a year outside 1 to 9999.</returns>
    public static ResolvedInterval? Adapted(EdtfVerdict verdict, DateTimeOffset recordedAt)
    {
        if (MembersCountWhereverTheyStand(verdict.Text, recordedAt) is { } set)
        {
            return set;
        }

        var (first, last) = (Milliseconds(verdict.First), Milliseconds(verdict.Last));
        if (verdict.First is "-inf" or "unknown" or "none" || verdict.Last is "none" || first < Milliseconds(DateTimeOffset.MinValue))
        {
            return null;
        }

        if (first > Milliseconds(recordedAt))
        {
            return null;
        }

        (first, last) = ASeasonIsThreeMonthsOfWeather(verdict.Text, first, last);
        last = ADateTimeStandsForItsUnit(verdict.Text, last);
        last = AnOpenOrUnknownEndIsNow(verdict.Last!, last);

        return new ResolvedInterval(
            DateTimeOffset.FromUnixTimeMilliseconds(first),
            last >= Milliseconds(recordedAt) ? Whole(recordedAt) : DateTimeOffset.FromUnixTimeMilliseconds(last + 1));
    }

    /// <summary>edtf.js takes the first and the last member as listed, and of a range its start; Level 2 asks for no order.</summary>
    /// <returns>Null for a set on which this makes no difference.</returns>
    private static ResolvedInterval? MembersCountWhereverTheyStand(string text, DateTimeOffset recordedAt)
    {
        if (!text.StartsWith('[') || text.StartsWith("[..", StringComparison.Ordinal))
        {
            return null;
        }

        var bare = text.Trim('[', ']').Replace("~", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal);
        var members = bare.Split(["..", ","], StringSplitOptions.RemoveEmptyEntries)
            .Select(member => Edtf.Parse(member).TryResolve(recordedAt, null, out var interval, out _) ? interval : (ResolvedInterval?)null)
            .ToList();

        var inOrder = members[0]?.Earliest == members.Min(member => member?.Earliest) && members[^1]?.Latest == members.Max(member => member?.Latest);
        var endsWithRange = Regex.IsMatch(bare, @"\d\.\.\d[^,]*$");
        return members.Contains(null) || (inOrder && !endsWithRange) ? null : new ResolvedInterval(
            members.Min(member => member!.Value.Earliest),
            bare.EndsWith("..", StringComparison.Ordinal) ? Whole(recordedAt) : members.Max(member => member!.Value.Latest));
    }

    /// <summary>edtf.js begins 21 in January, as a quarter; Level 1 calls 21 to 24 spring to winter, which we begin in March.</summary>
    private static (long First, long Last) ASeasonIsThreeMonthsOfWeather(string text, long first, long last) => !Season().IsMatch(text)
        ? (first, last)
        : (Milliseconds(At(first).AddMonths(2)), Milliseconds(At(last + 1).AddMonths(2)) - 1);

    /// <summary>To edtf.js a date-time is an instant; to us it is the second or minute it states.</summary>
    private static long ADateTimeStandsForItsUnit(string text, long last) => text.Split('/')[^1] switch
    {
        var end when !end.Contains('T') => last,
        var end when Regex.IsMatch(end, @"T\d\d:\d\d:\d\d") => last + 999,
        _ => last + 59_999,
    };

    /// <summary>To edtf.js an open end is infinite and an unknown one null; an incident cannot lie in the future.</summary>
    private static long AnOpenOrUnknownEndIsNow(string theirs, long last) => theirs is "inf" or "unknown" ? long.MaxValue : last;

    private static long Milliseconds(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static long Milliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset Whole(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));

    [GeneratedRegex(@"^\d{4}-2[1-4]$")]
    private static partial Regex Season();
}
