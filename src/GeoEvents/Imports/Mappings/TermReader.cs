using System.Text.RegularExpressions;

namespace GeoEvents.Imports.Mappings;

/// <summary>A term made ready to be read from many rows.</summary>
internal sealed class TermReader
{
    /// <summary>Linear in the value's length whatever the expression: mappings come from anybody.</summary>
    public const RegexOptions Matching = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Template template;
    private readonly Regex[] match;
    private readonly IReadOnlyDictionary<string, string>? table;
    private readonly string? otherwise;

    /// <param name="term">Of a mapping that <see cref="MappingRules"/> found sound.</param>
    public TermReader(Term term, CsvMapping mapping)
    {
        template = new Template(term.Of);
        match = [.. (term.Match ?? []).Select(m => new Regex(m, Matching))];
        table = term.Values ?? (term.Table is { } name ? mapping.Tables[name] : null);
        otherwise = term.Otherwise;
    }

    /// <summary>The column to look at where the value is wrong; empty if there is none.</summary>
    public string Column => template.Columns.FirstOrDefault() ?? "";

    /// <returns>The value, never empty; null if the row has none.</returns>
    public string? Read(Func<string, string> valueOf)
    {
        var value = template.Fill(valueOf);
        if (value is not null && match.Length > 0)
        {
            value = match.Select(m => m.Match(value)).FirstOrDefault(m => m.Success) is { } found ? found.Groups[found.Groups.Count > 1 ? 1 : 0].Value : null;
        }

        if (value is not null && table is not null)
        {
            value = table.GetValueOrDefault(value);
        }

        return string.IsNullOrWhiteSpace(value) ? otherwise : value;
    }
}
