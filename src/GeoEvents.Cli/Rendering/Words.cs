using System.Globalization;
using System.Text.Json;
using GeoEvents.Coding;

namespace GeoEvents.Cli.Rendering;

/// <summary>Numbers, instants and codes as a person reads them.</summary>
public static class Words
{
    public static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Signed(double value) => value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    public static string Share(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Count(long count, string one) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {one}{(count == 1 ? "" : "s")}";

    /// <summary>In UTC, to the second; midnight as the date alone.</summary>
    public static string Instant(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var format = utc.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : utc.Second == 0 ? "yyyy-MM-dd HH:mm'Z'" : "yyyy-MM-dd HH:mm:ss'Z'";
        return utc.ToString(format, CultureInfo.InvariantCulture);
    }

    public static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>As a query takes it, to the microsecond.</summary>
    public static string Exact(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>1st, 2nd, 97th.</summary>
    public static string Ordinal(double value)
    {
        var number = (int)Math.Round(value);
        var ending = (number % 100) is 11 or 12 or 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };
        return $"{number}{ending}";
    }

    /// <summary>A state's name; another actor's code, whose name the workspace knows.</summary>
    public static string Name(ActorCode code) => States.Find(code)?.Name ?? code.ToString();

    public static string Kebab<T>(T value) where T : struct, Enum => KebabCaseEnumConverter.NameOf(value);

    /// <summary>Colour of a band or rung, by how bad it is.</summary>
    public static string Tint(double tension) => tension switch { < 10 => "green", < 25 => "default", < 45 => "yellow", < 60 => "darkorange", < 80 => "red", _ => "red bold" };

    /// <summary>A longer value of a field is cut.</summary>
    private const int LongestValue = 60;

    /// <summary>A field's value: links as <c>RUS→AZE 60 %</c>, anything else as it stands.</summary>
    public static string Value(JsonElement? value)
    {
        var text = value switch
        {
            null => "none",
            { ValueKind: JsonValueKind.Array } list => string.Join(", ", list.EnumerateArray().Select(item => Value(item))),
            { ValueKind: JsonValueKind.Object } item when item.TryGetProperty("actor", out var actor) && item.TryGetProperty("recipient", out var recipient) =>
                $"{actor}→{recipient}{(item.TryGetProperty("attribution", out var share) && share.GetDouble() < 1 ? $" {Percent(share.GetDouble())}" : "")}",
            { } other => other.ToString(),
        };
        return text.Length > LongestValue ? $"{text[..LongestValue]}…" : text;
    }
}
