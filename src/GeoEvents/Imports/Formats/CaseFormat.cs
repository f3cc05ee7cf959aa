using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Formats;

/// <summary>A case document: sources, actors and incidents of one story, in one JSON object.</summary>
public sealed class CaseFormat : IImportFormat
{
    /// <summary>Bytes. A case is a story that people wrote; anything larger is a feed, and JSON Lines is for feeds.</summary>
    private const int Largest = 64 << 20;

    private readonly List<string> notes = [];

    public string Name => "case";

    public Registrations Registrations { get; private set; } = new();

    public IReadOnlyList<string> Notes => notes;

    public bool Recognises(ReadOnlySpan<byte> firstLine) =>
        firstLine.StartsWith("{"u8) && (!firstLine.TrimEnd(" \t"u8).EndsWith("}"u8) || HasIncidents(firstLine));

    public static bool HasIncidents(ReadOnlySpan<byte> text) => text.IndexOf("\"incidents\""u8) >= 0;

    public async IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, [EnumeratorCancellation] CancellationToken cancel)
    {
        var bytes = await ReadWhole(file, cancel);
        var (document, incidents) = Parse(bytes);
        Registrations = new Registrations(
            [.. (document.Actors ?? []).Where(a => States.Find(a.Code) is null).Select(a => new ActorDraft { Code = a.Code, Name = a.Name, Kind = a.Kind, Members = a.Members, Affiliation = a.Affiliation })],
            document.Sources ?? []);
        if (Registrations.Check("").ToList() is { Count: > 0 } problems)
        {
            throw new UnreadableFileException($"{problems[0].Pointer}: {problems[0].Detail}");
        }

        if (document.Stakes is not null || document.Pathways is not null || document.Actors?.Any(a => a.Goals is not null || a.Constraints is not null) == true)
        {
            notes.Add("Goals and constraints of actors, stakes and pathways are not part of the record and were passed over.");
        }

        yield return [.. incidents.Select((incident, i) => Row(incident.Line, $"/incidents/{i}", incident.Element)).OfType<ImportRow>().Skip((int)passOver)];
    }

    /// <summary>The incidents alone: what the case registers was registered when it was loaded first. The reasons do not say which they are, since there it is another.</summary>
    public async Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        await file.WriteAsync("{\"incidents\":[\n"u8.ToArray(), cancel);
        await RejectedRows.WriteJson(file, ",\n", rows.Select(row => row with { Column = WithinIncident(row.Column) }), cancel);
        await file.WriteAsync("\n]}\n"u8.ToArray(), cancel);
    }

    /// <summary><c>/incidents/3/type</c> is <c>/type</c>.</summary>
    private static string WithinIncident(string pointer) => pointer.Split('/', 4) switch
    {
        ["", "incidents", _, var field] => $"/{field}",
        ["", "incidents", _] => "",
        _ => pointer,
    };

    /// <returns>Null for a remark on the next element.</returns>
    private static ImportRow? Row(long line, string pointer, JsonElement element)
    {
        if (RejectedRows.Unmarked(Encoding.UTF8.GetBytes(element.GetRawText())) is not { } raw)
        {
            return null;
        }

        try
        {
            return new IncidentRow(line, Body.Parse<IncidentDraft>(raw.Span), raw) { Pointer = pointer };
        }
        catch (InvalidRequestException e)
        {
            return RejectedRow.Of(line, e.Problems[0], raw, pointer);
        }
    }

    private static async Task<byte[]> ReadWhole(Stream file, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        var piece = new byte[1 << 16];
        int read;
        while ((read = await file.ReadAsync(piece, cancel)) > 0)
        {
            buffer.Write(piece, 0, read);
            if (buffer.Length > Largest)
            {
                throw new UnreadableFileException($"A case document is at most {Largest >> 20} MiB. Use JSON Lines for more.");
            }
        }

        return buffer.ToArray();
    }

    /// <summary>The document without its incidents, and these with the lines they begin at.</summary>
    private static (CaseDocument Document, List<(long Line, JsonElement Element)> Incidents) Parse(byte[] bytes)
    {
        try
        {
            var incidents = new List<(long, JsonElement)>();
            var reader = new Utf8JsonReader(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes, new JsonReaderOptions { MaxDepth = 32 });
            var (line, counted) = (1L, 0L);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("incidents"))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.StartArray)
                    {
                        throw new UnreadableFileException("/incidents: not a list.");
                    }

                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        line += bytes.AsSpan((int)counted, (int)(reader.TokenStartIndex - counted)).Count((byte)'\n');
                        counted = reader.TokenStartIndex;
                        incidents.Add((line, JsonElement.ParseValue(ref reader)));
                    }
                }
            }

            return (Body.Parse<CaseDocument>(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes), incidents);
        }
        catch (JsonException e)
        {
            throw new UnreadableFileException($"Not a JSON document: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidRequestException e)
        {
            throw new UnreadableFileException($"{e.Problems[0].Pointer}: {e.Problems[0].Detail}");
        }
    }

    private sealed record CaseDocument(
        string? Case = null,
        string? Note = null,
        IReadOnlyList<SourceDraft>? Sources = null,
        IReadOnlyList<CaseActor>? Actors = null,
        IReadOnlyList<JsonElement>? Stakes = null,
        IReadOnlyList<JsonElement>? Pathways = null,
        IReadOnlyList<JsonElement>? Incidents = null);

    private sealed record CaseActor(
        ActorCode Code = default,
        string? Name = null,
        ActorKind? Kind = null,
        IReadOnlyList<Membership>? Members = null,
        ActorCode? Affiliation = null,
        IReadOnlyList<string>? Goals = null,
        IReadOnlyList<string>? Constraints = null);
}
