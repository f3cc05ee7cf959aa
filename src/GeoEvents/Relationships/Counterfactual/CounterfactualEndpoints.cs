using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Hosting;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>What is supposed, and at which point it is looked at.</summary>
/// <param name="Changes">Applied after those of the overlay.</param>
/// <param name="Overlay">Name of a stored overlay.</param>
/// <param name="ValidAsOf">As in queries; null is now.</param>
/// <param name="KnownAsOf">As in queries, a position also as a number; null is now.</param>
/// <param name="Method">Null is the one that was current at K.</param>
/// <param name="Mode">As in queries.</param>
/// <param name="Series">Null for none.</param>
public sealed record CounterfactualRequest(
    OverlayChanges? Changes = null,
    string? Overlay = null,
    string? ValidAsOf = null,
    [property: JsonConverter(typeof(TextOrNumberConverter))] string? KnownAsOf = null,
    string? Method = null,
    string? Mode = null,
    SeriesRequest? Series = null)
{
    [JsonIgnore]
    public AsOfQuery Point => new() { ValidAsOf = ValidAsOf, KnownAsOf = KnownAsOf, Method = Method, Mode = Mode };
}

/// <param name="From">90 days before its end if not said.</param>
/// <param name="To">V if not said.</param>
/// <param name="Step">ISO 8601 duration; P1D if not said.</param>
public sealed record SeriesRequest(string? From = null, string? To = null, string? Step = null);

/// <summary>Takes a whole number for the text that it is written as.</summary>
public sealed class TextOrNumberConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new JsonException("Neither a text nor a whole number."),
    };

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>The address at which a relationship is asked what it would be.</summary>
public static class CounterfactualEndpoints
{
    public static void MapCounterfactual(this RouteGroupBuilder workspace) =>
        workspace.MapGroup("/relationships").WithTags("relationships").MapPost("/{dyad}/counterfactual", async (
                string workspace, string dyad, HttpContext http, CounterfactualReader reader, OverlayReader overlays, AsOfReader asOfReader, CancellationToken cancel) =>
            {
                var pair = WholeLists.DyadNamed(dyad);
                var (request, _) = await Body.Read<CounterfactualRequest>(http.Request, cancel);
                if (request is { Changes: null, Overlay: null })
                {
                    throw new InvalidRequestException(FieldProblem.At("/changes", "required", "Say what is to be supposed: changes, the name of an overlay, or both."));
                }

                var asOf = await InBody("", () => asOfReader.Read(workspace, request.Point, cancel));
                var steps = request.Series is { } series ? await InBody("/series", () => Task.FromResult(StepsOf(series, asOf))) : null;
                Layer[] layers =
                [
                    .. request.Overlay is { } name ? [await overlays.Stored(workspace, name, cancel)] : Array.Empty<Layer>(),
                    .. request.Changes is { } changes ? [overlays.Given(changes)] : Array.Empty<Layer>(),
                ];
                return Results.Json(await reader.Read(workspace, pair, asOf, layers, steps, cancel), GeoJson.Options);
            })
            .Takes<CounterfactualRequest>("Ask what would be", "What the relationship would be if incidents had been dropped, moved in time, recoded, attributed to others or added: "
                + "beside what it is, with the effect of each change alone. Nothing is recorded.")
            .Produces<CounterfactualView>();

    private static Steps StepsOf(SeriesRequest series, AsOf asOf)
    {
        var to = AsOfReader.Instant(series.To, "to") ?? asOf.Valid;
        var step = series.Step ?? "P1D";
        return new Steps(step, RelationshipEndpoints.Instants(AsOfReader.Instant(series.From, "from") ?? RelationshipEndpoints.Default(to), to, step));
    }

    /// <summary>Faults of what is a query parameter elsewhere, named where it stands in the body.</summary>
    private static async Task<T> InBody<T>(string at, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (InvalidRequestException e)
        {
            throw new InvalidRequestException([.. e.Problems.Select(p => p.Parameter is { } name ? FieldProblem.At($"{at}/{name}", p.Code, p.Detail) : p)]);
        }
    }
}
