using System.Runtime.CompilerServices;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Imports.Formats;

/// <summary>JSON Lines: one incident per line, in the shape in which incidents are logged.</summary>
public sealed class JsonLinesFormat : IImportFormat
{
    public string Name => "jsonl";

    public bool Recognises(ReadOnlySpan<byte> firstLine) =>
        firstLine.TrimStart(" \t"u8).StartsWith("{"u8) && firstLine.TrimEnd(" \t"u8).EndsWith("}"u8) && firstLine.IndexOf("\"links\""u8) >= 0
        && !CaseFormat.HasIncidents(firstLine);

    public Registrations Registrations { get; } = new();

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var lines in FileLines.Read(file, cancel))
        {
            yield return [.. lines.Select(Row)];
        }
    }

    private static ImportRow Row(FileLine line)
    {
        if (line.TooLong)
        {
            return new RejectedRow(line.Number, "", $"The line is longer than {FileLine.LongestRow:N0} bytes.", line.Bytes);
        }

        try
        {
            return new IncidentRow(line.Number, Body.Parse<IncidentDraft>(line.Bytes.Span), line.Bytes);
        }
        catch (InvalidRequestException e)
        {
            return RejectedRow.Of(line.Number, e, line.Bytes);
        }
    }
}
