using System.Buffers;
using System.Globalization;
using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>CSV by RFC 4180, safe to open in a spreadsheet: a header, then a row per incident and link.</summary>
public sealed class CsvExport(ExportScope scope, ExportRegistry registry) : IExportFormat
{
    private readonly StringBuilder row = new();
    private bool inRow;

    public void Begin(IBufferWriter<byte> to, ExportedIncident? first)
    {
        foreach (var name in FlatColumns.OfIncident.Select(c => c.Name).Concat(FlatColumns.OfLink.Select(c => c.Name)).Concat(FlatColumns.OfScope.Select(c => c.Name)))
        {
            Add(name);
        }

        EndRow(to);
    }

    public void Write(IBufferWriter<byte> to, ExportedIncident exported)
    {
        var incident = new FlatIncident(exported, scope, registry);
        for (var link = 0; link < exported.Content.Links.Count; link++)
        {
            AddAll(FlatColumns.OfIncident, incident);
            AddAll(FlatColumns.OfLink, (incident, link));
            AddAll(FlatColumns.OfScope, scope);
            EndRow(to);
        }
    }

    public void End(IBufferWriter<byte> to)
    {
    }

    private void AddAll<T>(IReadOnlyList<Column<T>> columns, T of)
    {
        foreach (var column in columns)
        {
            Add(column.Value(of));
        }
    }

    private void Add(object? value)
    {
        row.Append(inRow ? "," : "").Append(CsvCell.Of(value));
        inRow = true;
    }

    private void EndRow(IBufferWriter<byte> to)
    {
        row.Append("\r\n");
        Encoding.UTF8.GetBytes(row.ToString(), to);
        row.Clear();
        inRow = false;
    }
}

/// <summary>One cell of a CSV row.</summary>
public static class CsvCell
{
    /// <summary>
    /// What a spreadsheet takes for the beginning of a formula: also full-width, and after white space, which some pass over.
    /// Source: OWASP, CSV Injection; ASVS 5.0, 1.2.10.
    /// </summary>
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");

    /// <returns>
    /// Numbers, truths and instants as they are. Every text in quotation marks, doubled within; before one that could be a formula stands an apostrophe,
    /// which makes a spreadsheet show it as text. Nothing for null.
    /// </returns>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => $"\"{(IsFormula(text) ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        bool truth => truth ? "true" : "false",
        DateTimeOffset instant => InstantConverter.Text(instant),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell holds no {value.GetType().Name}.", nameof(value)),
    };

    private static bool IsFormula(string text) =>
        text.Length > 0 && (Formula.Contains(text[0]) || text.AsSpan().TrimStart() is [var first, ..] && Formula.Contains(first));
}
