using System.Runtime.CompilerServices;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Imports.Formats;

/// <summary>JSON Lines: one incident per line, in the shape in which incidents are logged.</summary>
public sealed class JsonLinesFormat : IImportFormat
{
    public string Name => "jsonl";

    public bool Recognises(ReadOnlySpan<byte> firstLine) =>
        firstLine.StartsWith("{\"rejected\":"u8)
        || firstLine.TrimStart(" \t"u8).StartsWith("{"u8) && firstLine.TrimEnd(" \t"u8).EndsWith("}"u8) && firstLine.IndexOf("\"links\""u8) >= 0
        && !CaseFormat.HasIncidents(firstLine);

    public Registrations Registrations { get; } = new();

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var lines in FileLines.Read(file, cancel))
        {
            var rows = new List<ImportRow>(lines.Count);
            foreach (var line in lines)
            {
                // Null for a remark on the next line.
                if ((line.TooLong ? line.Bytes : RejectedRows.Unmarked(line.Bytes)) is { } raw && passOver-- <= 0)
                {
                    rows.Add(Row(line, raw));
                }
            }

            yield return rows;
        }
    }

    public Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel) =>
        RejectedRows.WriteJson(file, "\n", rows, cancel);

    private static ImportRow Row(FileLine line, ReadOnlyMemory<byte> raw)
    {
        if (line.TooLong)
        {
            return new RejectedRow(line.Number, "", $"The line is longer than {FileLine.LongestRow:N0} bytes.", line.Bytes);
        }

        try
        {
            return new IncidentRow(line.Number, Body.Parse<IncidentDraft>(raw.Span), raw);
        }
        catch (InvalidRequestException e)
        {
            return RejectedRow.Of(line.Number, e.Problems[0], raw);
        }
    }
}
