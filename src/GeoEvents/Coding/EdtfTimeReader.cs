using System.Globalization;

namespace GeoEvents.Coding;

/// <summary>Reads the time of day that makes a date a date-time.</summary>
/// <remarks>
/// EDTF Level 0, "Date and Time": hours, minutes and seconds, then nothing (local), Z, or an offset in hours or hours and minutes.
/// ISO 8601-1 also lets the seconds be left out; we take that, since reports often say no more.
/// </remarks>
internal static class EdtfTimeReader
{
    /// <returns>Null if the cursor, which stands at the T, holds an error.</returns>
    public static EdtfPoint? Read(EdtfCursor cursor, CalendarTime day)
    {
        cursor.Take('T');
        if (ReadNumber(cursor, 23, "An hour is 00 to 23; the midnight that ends a day is 00:00 of the next.") is not { } hour)
        {
            return null;
        }

        if (!cursor.Take(':'))
        {
            return cursor.Fail<EdtfPoint>("Minutes are expected here, as in T06:28.");
        }

        if (ReadNumber(cursor, 59, "A minute is 00 to 59.") is not { } minute)
        {
            return null;
        }

        var toTheSecond = cursor.Take(':');
        var second = toTheSecond ? ReadNumber(cursor, 59, "A second is 00 to 59; leap seconds are not supported.") : 0;
        if (second is null || !TryReadOffset(cursor, out var offset))
        {
            return null;
        }

        var start = day with { Second = (hour * 3600) + (minute * 60) + second.Value };
        var end = start with { Second = start.Second + (toTheSecond ? 1 : 60) };
        return new EdtfPoint(start, end, toTheSecond ? EdtfUnit.Second : EdtfUnit.Minute, offset);
    }

    /// <param name="offset">Null if none is stated; −12:00 to +14:00, the offsets in use.</param>
    private static bool TryReadOffset(EdtfCursor cursor, out TimeSpan? offset)
    {
        offset = null;
        switch (cursor.Current)
        {
            case '.' or ',':
                return cursor.Fail<bool>("Fractions of a second are not part of EDTF.");
            case '?' or '~' or '%':
                return cursor.Fail<bool>("A date-time takes no qualifier.");
            case 'Z':
                offset = TimeSpan.Zero;
                return cursor.Take('Z');
            case not ('+' or '-'):
                return true;
        }

        var at = cursor.Position;
        var west = cursor.Take('-');
        _ = west || cursor.Take('+');
        if (ReadNumber(cursor, west ? 12 : 14, "An offset lies between -12:00 and +14:00.") is not { } hours)
        {
            return false;
        }

        var minutes = cursor.Take(':') ? ReadNumber(cursor, 59, "A minute is 00 to 59.") : 0;
        if (minutes is null)
        {
            return false;
        }

        var size = new TimeSpan(hours, minutes.Value, 0);
        offset = west ? -size : size;
        return size > TimeSpan.FromHours(west ? 12 : 14) ? cursor.Fail<bool>("An offset lies between -12:00 and +14:00.", at)
            : !west || size > TimeSpan.Zero || cursor.Fail<bool>("An offset of nothing is Z or +00:00.", at);
    }

    private static int? ReadNumber(EdtfCursor cursor, int most, string message)
    {
        var at = cursor.Position;
        var digits = cursor.TakeDigits(2);
        return digits.Length == 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : cursor.Fail<int?>(message, at);
    }
}
