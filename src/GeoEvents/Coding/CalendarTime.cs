namespace GeoEvents.Coding;

/// <summary>A reading of calendar and clock without a zone, in the proleptic Gregorian calendar of ISO 8601; year 0 is 1 BCE.</summary>
/// <param name="Year">Any year of up to eighteen digits.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to the length of the month.</param>
/// <param name="Second">Of the day, 0 to 86,400; the last is the midnight at the day's end.</param>
internal readonly record struct CalendarTime(long Year, int Month, int Day, int Second)
{
    private const int SecondsPerDay = 86_400;

    /// <summary>Seconds since the start of 0001-01-01; below zero before it. Wide, because years may have eighteen digits.</summary>
    public Int128 TotalSeconds
    {
        get
        {
            if (Year is >= 1 and <= 9999)
            {
                // The usual case, without wide arithmetic.
                return ((long)new DateOnly((int)Year, Month, Day).DayNumber * SecondsPerDay) + Second;
            }

            Int128 years = (Int128)Year - 1;
            var days = (years * 365) + Floor(years, 4) - Floor(years, 100) + Floor(years, 400) + Day - 1;
            for (var month = 1; month < Month; month++)
            {
                days += DaysIn(Year, month);
            }

            return (days * SecondsPerDay) + Second;
        }
    }

    public static CalendarTime Midnight(long year, int month, int day) => new(year, month, day, 0);

    public static int DaysIn(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    /// <summary>The same day of another month, or that month's last day where it is shorter.</summary>
    public CalendarTime PlusMonths(int months)
    {
        var month = Month - 1 + months;
        var year = Year + (long)Math.Floor(month / 12.0);
        month = ((month % 12) + 12) % 12 + 1;

        return new CalendarTime(year, month, Math.Min(Day, DaysIn(year, month)), Second);
    }

    private static Int128 Floor(Int128 value, int divisor) => (value - (((value % divisor) + divisor) % divisor)) / divisor;
}
