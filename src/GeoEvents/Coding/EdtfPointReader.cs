using System.Globalization;

namespace GeoEvents.Coding;

/// <summary>Reads one date, season, year or date-time; stops at the first character that cannot belong to it.</summary>
internal sealed class EdtfPointReader(EdtfCursor cursor)
{
    private const string OnlyRightmost =
        "Unspecified digits are supported only for the last one or two of a year alone, a whole day, a whole month, or both; "
        + "other places (Level 2) are not.";

    private bool uncertain;
    private EdtfUnit? approximate;

    /// <returns>Null if the cursor holds an error.</returns>
    public static EdtfPoint? Read(EdtfCursor cursor) => new EdtfPointReader(cursor).Read();

    private EdtfPoint? Read()
    {
        Qualify(cursor.TakeQualifier(), EdtfUnit.Year);
        var years = cursor.Take('Y') ? EdtfYears.ReadLong(cursor) : EdtfYears.Read(cursor);
        if (years is not { } year || !TakeGroupQualifier(EdtfUnit.Year))
        {
            return null;
        }

        if (year.IsLong || !cursor.Take('-'))
        {
            return Point(CalendarTime.Midnight(year.First, 1, 1), CalendarTime.Midnight(year.Last + 1, 1, 1), EdtfUnit.Year);
        }

        return year.First == year.Last ? ReadMonth(year.First) : cursor.Fail<EdtfPoint>(OnlyRightmost);
    }

    private EdtfPoint? ReadMonth(long year)
    {
        var left = cursor.TakeQualifier();
        var at = cursor.Position;
        var digits = cursor.TakeDigits(2);
        if (digits is ['X', 'X'])
        {
            Qualify(left, EdtfUnit.Month);
            return !TakeGroupQualifier(EdtfUnit.Month) ? null
                : cursor.Take('-') ? ReadDay(year, month: null)
                : Point(CalendarTime.Midnight(year, 1, 1), CalendarTime.Midnight(year + 1, 1, 1), EdtfUnit.Month);
        }

        switch (Number(digits))
        {
            case >= 1 and <= 12 and var month:
                Qualify(left, EdtfUnit.Month);
                var start = CalendarTime.Midnight(year, month, 1);
                return !TakeGroupQualifier(EdtfUnit.Month) ? null
                    : cursor.Take('-') ? ReadDay(year, month)
                    : Point(start, start.PlusMonths(1), EdtfUnit.Month);

            // Spring to winter, "independent of location"; an interval needs one, so these are the northern seasons of meteorology.
            case >= 21 and <= 24 and var season:
                Qualify(left, EdtfUnit.Season);
                var begin = CalendarTime.Midnight(year, (season - 20) * 3, 1);
                return !TakeGroupQualifier(EdtfUnit.Season) ? null
                    : cursor.Current == '-' ? cursor.Fail<EdtfPoint>("A season has no days.")
                    : Point(begin, begin.PlusMonths(3), EdtfUnit.Season);

            case >= 25 and <= 41:
                return cursor.Fail<EdtfPoint>("Parts of the year 25 to 41 (Level 2) are not supported; write an interval of months.", at);

            default:
                return cursor.Fail<EdtfPoint>(
                    digits.Contains('X') ? OnlyRightmost : "A month is 01 to 12 or XX, a season 21 to 24, in two digits.", at);
        }
    }

    private EdtfPoint? ReadDay(long year, int? month)
    {
        Qualify(cursor.TakeQualifier(), EdtfUnit.Day);
        var at = cursor.Position;
        var digits = cursor.TakeDigits(2);
        var days = CalendarTime.DaysIn(year, month ?? 12);
        if (digits is ['X', 'X'])
        {
            return !TakeGroupQualifier(EdtfUnit.Day) ? null
                : Point(CalendarTime.Midnight(year, month ?? 1, 1), new CalendarTime(year, month ?? 12, days, 86_400), EdtfUnit.Day);
        }

        if (digits.Contains('X') || (month is null && digits.Length == 2))
        {
            return cursor.Fail<EdtfPoint>(OnlyRightmost, at);
        }

        if (month is null || Number(digits) is not { } day || day < 1 || day > days)
        {
            return cursor.Fail<EdtfPoint>($"A day of this month is 01 to {days} or XX, in two digits.", at);
        }

        if (cursor.Current == 'T')
        {
            return uncertain || approximate is not null
                ? cursor.Fail<EdtfPoint>("A date-time takes no qualifier.")
                : EdtfTimeReader.Read(cursor, CalendarTime.Midnight(year, month.Value, day));
        }

        return !TakeGroupQualifier(EdtfUnit.Day) ? null
            : Point(CalendarTime.Midnight(year, month.Value, day), new CalendarTime(year, month.Value, day, 86_400), EdtfUnit.Day);
    }

    private EdtfPoint Point(CalendarTime start, CalendarTime end, EdtfUnit precision) =>
        new(start, end, precision, Uncertain: uncertain, Approximate: approximate);

    /// <summary>A qualifier right of a component holds for it and all to its left, so the component is the finest it holds for.</summary>
    private bool TakeGroupQualifier(EdtfUnit component)
    {
        Qualify(cursor.TakeQualifier(), component);
        return cursor.Current is not ('?' or '~' or '%') || cursor.Fail<bool>("One qualifier is enough: % means both ? and ~.");
    }

    /// <summary>Components are read from coarse to fine, so the last one marked approximate is the finest.</summary>
    private void Qualify(char? qualifier, EdtfUnit component)
    {
        uncertain |= qualifier is '?' or '%';
        approximate = qualifier is '~' or '%' ? component : approximate;
    }

    private static int? Number(string digits) =>
        digits.Length == 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
