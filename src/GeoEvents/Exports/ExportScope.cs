using System.Globalization;
using System.Text;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Exports;

/// <summary>What an export shows, so that it can say so.</summary>
/// <param name="Valid">Nothing that happened later is shown; null shows all that was known.</param>
/// <param name="Filters">As the request gives them, in a fixed order.</param>
/// <param name="Counterfactual">Name of the overlay that lies over the record; null shows the record itself.</param>
public sealed record ExportScope(
    string Workspace, DateTimeOffset? Valid, LogPosition Known, Method Method, IReadOnlyList<(string Name, string Value)> Filters, string? Counterfactual)
{
    /// <summary>The mark that every line, row, feature, entry and object of a counterfactual export carries; null for the record itself.</summary>
    public string? Mark => Counterfactual is null ? null : $"counterfactual: {Counterfactual}";

    /// <summary>One sentence for a person. It holds no time but those of the scope, so that the same export has the same bytes.</summary>
    public string Words
    {
        get
        {
            var words = new StringBuilder($"Workspace {Workspace}, as known at position {Known.Position}");
            words.Append(Known.RecordedAt is { } at ? $" ({Spoken(at)})" : " (before the first fact)");
            words.Append(Valid is { } valid ? $", up to {Spoken(valid)}" : "");
            words.Append(CultureInfo.InvariantCulture, $", method {Method.Id}");
            words.Append(Filters.Count > 0 ? $", only {string.Join(", ", Filters.Select(f => $"{f.Name} {f.Value}"))}" : "");
            return words.Append(Mark is null ? "" : $"; {Mark}").ToString();
        }
    }

    /// <summary>A name for the file: workspace, what, position, and what else sets it apart from the whole record.</summary>
    /// <param name="what">Such as <c>incidents</c>.</param>
    public string FileName(string what, string ending)
    {
        var dyad = Filters.FirstOrDefault(f => f.Name == "dyad").Value;
        var parts = new[]
        {
            Workspace,
            what,
            dyad,
            Filters.Any(f => f.Name != "dyad") ? "selected" : null,
            $"at-{Known.Position}",
            Valid is { } valid ? $"until-{valid.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}" : null,
            Counterfactual is null ? null : $"counterfactual-{Counterfactual}",
        };
        var name = string.Join('-', parts.OfType<string>());
        return $"{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '_'))}.{ending}";
    }

    private static string Spoken(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("d MMMM yyyy, HH:mm:ss.FFFFFF 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>Instants as text, in UTC, as STIX has them.</summary>
public static class InstantText
{
    /// <summary>To the millisecond, always with three digits.</summary>
    public static string Milliseconds(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
