using System.Globalization;

namespace GeoEvents.Imports.Mappings;

/// <summary>Reads the dates of a file's rows as EDTF.</summary>
internal sealed class DateReader(MappedDate date, CsvMapping mapping)
{
    private const string AsItStands = "edtf";

    private readonly TermReader from = new(date.From!, mapping);
    private readonly TermReader? to = date.To is { } end ? new(end, mapping) : null;
    private readonly TermReader? precision = date.Precision is { } unit ? new(unit, mapping) : null;
    private readonly string[] patterns = [.. (date.Formats ?? ["YYYY-MM-DD"]).Where(f => f != AsItStands).Select(Net)];
    private readonly bool verbatim = date.Formats?.Contains(AsItStands) == true;

    /// <summary>Whether a day that is written with it is read back the same.</summary>
    public static bool IsPattern(string pattern)
    {
        if (pattern == AsItStands)
        {
            return true;
        }

        var day = new DateTime(2019, 11, 28);
        try
        {
            return DateTime.TryParseExact(
                day.ToString(Net(pattern), CultureInfo.InvariantCulture), Net(pattern), CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) && read == day;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <returns>EDTF; or the column at fault.</returns>
    public (string? Edtf, string Column) Read(Func<string, string> valueOf)
    {
        var unit = precision?.Read(valueOf) ?? "day";
        if (from.Read(valueOf) is not { } begin || One(begin, unit) is not { } earliest)
        {
            return (null, from.Column);
        }

        if (to?.Read(valueOf) is not { } end)
        {
            return (earliest, "");
        }

        return One(end, unit) switch
        {
            null => (null, to.Column),
            var latest when latest == earliest => (earliest, ""),
            var latest => ($"{earliest}/{latest}", ""),
        };
    }

    /// <summary>An ISO 8601 pattern as .NET writes it.</summary>
    private static string Net(string pattern) => pattern.Replace("YYYY", "yyyy", StringComparison.Ordinal).Replace("DD", "dd", StringComparison.Ordinal);

    private string? One(string text, string unit)
    {
        if (!DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return verbatim ? text : null;
        }

        return day.ToString(unit switch { "month" => "yyyy-MM", "year" => "yyyy", "about" => "yyyy-MM-dd~", _ => "yyyy-MM-dd" }, CultureInfo.InvariantCulture);
    }
}
