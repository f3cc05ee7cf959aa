using System.Globalization;

namespace GeoEvents.Coding;

/// <summary>The years a year component may stand for: one, or ten or a hundred where digits are unspecified.</summary>
/// <param name="IsLong">Written with the letter Y, so that neither month nor day may follow.</param>
internal readonly record struct EdtfYears(long First, long Last, bool IsLong)
{
    /// <summary>Of a year written with Y. A limit of ours, so that calendar arithmetic stays exact.</summary>
    private const int MostDigits = 18;

    /// <summary>Reads four digits, of which the last one or two may be X, and a minus sign before them.</summary>
    public static EdtfYears? Read(EdtfCursor cursor)
    {
        var at = cursor.Position;
        var negative = cursor.Take('-');
        var digits = cursor.TakeDigits(4);
        if (digits.Length < 4)
        {
            return cursor.Fail<EdtfYears?>(at == cursor.Position ? "A date is expected here; a year has four digits." : "A year has four digits.");
        }

        var known = digits.TrimEnd('X');
        if (known.Length < 2 || known.Contains('X'))
        {
            return cursor.Fail<EdtfYears?>("Of a year, only the last one or two digits may be unspecified; others (Level 2) are not supported.", at);
        }

        switch (cursor.Current)
        {
            case >= '0' and <= '9':
                return cursor.Fail<EdtfYears?>("A year of more than four digits begins with Y.");
            case 'S':
                return cursor.Fail<EdtfYears?>("Significant digits (Level 2) are not supported.");
            case 'E':
                return cursor.Fail<EdtfYears?>("Exponential years (Level 2) are not supported.");
        }

        var low = Number(known.PadRight(4, '0'));
        var high = Number(known.PadRight(4, '9'));
        return !negative ? new EdtfYears(low, high, IsLong: false)
            : high == 0 ? cursor.Fail<EdtfYears?>("The year 0000 takes no minus sign.", at)
            : new EdtfYears(-high, -low, IsLong: false);
    }

    /// <summary>Reads what follows the letter Y: five to eighteen digits, the first not 0, and a minus sign before them.</summary>
    public static EdtfYears? ReadLong(EdtfCursor cursor)
    {
        var negative = cursor.Take('-');
        var at = cursor.Position;
        var digits = cursor.TakeDigits(int.MaxValue);
        if (cursor.Current is 'E' or 'S')
        {
            return cursor.Fail<EdtfYears?>("Exponential years and significant digits (Level 2) are not supported.");
        }

        if (digits.Contains('X'))
        {
            return cursor.Fail<EdtfYears?>("Unspecified digits are not supported in a year that begins with Y.", at);
        }

        if (digits.Length < 5 || digits[0] == '0')
        {
            return cursor.Fail<EdtfYears?>("A year that begins with Y has more than four digits, the first not 0.", at);
        }

        if (digits.Length > MostDigits)
        {
            return cursor.Fail<EdtfYears?>($"A year has at most {MostDigits} digits.", at);
        }

        var year = negative ? -Number(digits) : Number(digits);
        return new EdtfYears(year, year, IsLong: true);
    }

    private static long Number(string digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
