using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Sources;

namespace GeoEvents.Imports.Formats;

/// <summary>A case document: sources, actors, incidents and context of one story, in one JSON object.</summary>
public sealed class CaseFormat : IImportFormat
{
    /// <summary>Bytes. A case is a story that people wrote; anything larger is a feed, and JSON Lines is for feeds.</summary>
    private const int Largest = 64 << 20;

    public string Name => "case";

    public Registrations Registrations { get; private set; } = new();

    public CaseContext Context { get; private set; } = CaseContext.None;

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
        Context = ContextOf(document, incidents.Select(i => i.Element));
        if (Registrations.Check("").Concat(Context.Check()).FirstOrDefault() is { } problem)
        {
            throw new UnreadableFileException($"{problem.Pointer}: {problem.Detail}");
        }

        yield return [.. incidents.Select((incident, i) => Row(incident.Line, $"/incidents/{i}", incident.Element)).OfType<ImportRow>().Skip((int)passOver)];
    }

    private static CaseContext ContextOf(CaseDocument document, IEnumerable<JsonElement> incidents) => new(
        [.. from actor in (document.Actors ?? []).Index()
            where actor.Item.Goals is { Count: > 0 } || actor.Item.Constraints is { Count: > 0 } || actor.Item.Note is not null
            select new CaseProfile($"/actors/{actor.Index}", actor.Item.Code, new ProfileDraft(CaseContext.Reason, actor.Item.Goals, actor.Item.Constraints, actor.Item.Note))],
        document.Stakes ?? [],
        [.. (document.Pathways ?? []).Select(p => p.Named())],
        [.. (document.InfluenceClaims ?? []).Select(c => c.Id.Length > 0 ? c : c with { Id = $"{c.Influencer}:{c.Incident}" })],
        incidents.Select(IdOf).OfType<string>().ToHashSet());

    /// <returns>Null where a row has none, or is none.</returns>
    private static string? IdOf(JsonElement incident) =>
        incident.ValueKind == JsonValueKind.Object && incident.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

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
        IReadOnlyList<StakeContent>? Stakes = null,
        IReadOnlyList<PathwayContent>? Pathways = null,
        IReadOnlyList<InfluenceClaimContent>? InfluenceClaims = null,
        IReadOnlyList<JsonElement>? Incidents = null);

    private sealed record CaseActor(
        ActorCode Code = default,
        string? Name = null,
        ActorKind? Kind = null,
        IReadOnlyList<Membership>? Members = null,
        ActorCode? Affiliation = null,
        IReadOnlyList<string>? Goals = null,
        IReadOnlyList<string>? Constraints = null,
        string? Note = null);
}
