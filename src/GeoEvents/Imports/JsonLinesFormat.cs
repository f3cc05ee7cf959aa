using System.Runtime.CompilerServices;
using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>JSON Lines: one incident per line, in the shape in which incidents are logged.</summary>
public sealed class JsonLinesFormat : IImportFormat
{
    public string Name => "jsonl";

    public bool Recognises(ReadOnlySpan<byte> firstLine) =>
        firstLine.TrimStart(" \t"u8).StartsWith("{"u8) && firstLine.TrimEnd(" \t"u8).EndsWith("}"u8) && firstLine.IndexOf("\"links\""u8) >= 0
        && !CaseFormat.HasIncidents(firstLine);

    public Registrations Registrations { get; } = new();

    public async IAsyncEnumerable<ImportRow> Read(Stream file, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in FileLines.Read(file, cancel))
        {
            yield return Row(line);
        }
    }

    public Task WriteRejected(Stream to, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel) => RejectedFile.WriteJsonLines(to, rows, cancel);

    private static ImportRow Row(FileLine line)
    {
        var raw = Encoding.UTF8.GetString(line.Bytes);
        if (line.TooLong)
        {
            return new RejectedRow(line.Number, "", $"The line is longer than {FileLines.Longest:N0} bytes.", RejectedRow.Cut(raw));
        }

        try
        {
            return new IncidentRow(line.Number, Body.Parse<IncidentDraft>(line.Bytes), raw);
        }
        catch (InvalidRequestException e)
        {
            return RejectedRow.Of(line.Number, e, raw);
        }
    }
}
