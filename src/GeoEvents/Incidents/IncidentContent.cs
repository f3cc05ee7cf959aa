using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Incidents;

/// <summary>What is said of one incident, in the interchange shape. Codes are kept, scores are derived.</summary>
/// <remarks>
/// Property names and order are a stored and an exchanged format. A property that a request leaves out has the default written here;
/// <see cref="IncidentRules"/> says which combinations are an incident.
/// </remarks>
public record IncidentContent
{
    /// <summary>Names the incident within its workspace; chosen by the client (its idempotency key) or made by the service. A feed's rows carry its name and a colon before it.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it happened: EDTF text, exactly as given.</summary>
    public string Occurred { get; init; } = "";

    /// <summary>IANA time zone in which a date without offset is meant; null is UTC.</summary>
    public string? Zone { get; init; }

    public string Title { get; init; } = "";

    public string? Summary { get; init; }

    /// <summary>Type on the ladder. An incident has a type, a CAMEO code or both; the type decides.</summary>
    public string? Type { get; init; }

    /// <summary>CAMEO code, two to four digits.</summary>
    public string? Cameo { get; init; }

    public IReadOnlyList<Link> Links { get; init; } = [];

    public IReadOnlyList<OtherParty> Others { get; init; } = [];

    public Place? Place { get; init; }

    public Estimate? Deaths { get; init; }

    public Estimate? Injured { get; init; }

    public Estimate? Detained { get; init; }

    public Intent? Intent { get; init; }

    public Measure? Measure { get; init; }

    /// <summary>Id of the incident that this one answers.</summary>
    public string? RespondsTo { get; init; }

    /// <summary>Free tags. A tag is made by its first use.</summary>
    public IReadOnlyList<string> Issues { get; init; } = [];

    public Handling? Handling { get; init; }

    public Assessment? Assessment { get; init; }

    /// <summary>When the source that this came from recorded it; neither V nor K.</summary>
    public DateTimeOffset? SourceRecordedAt { get; init; }

    /// <summary>The dyads of the links, each once.</summary>
    [JsonIgnore]
    public IEnumerable<Dyad> Dyads => Links.Select(l => l.Dyad).Distinct();

    /// <summary>The content alone, without what a derived record adds to it, under the given id.</summary>
    public IncidentContent Named(string id) => new(this) { Id = id };
}

/// <summary>Actor did something to recipient.</summary>
/// <param name="Attribution">ℓ, 0 to 1: how far the act is the actor's.</param>
/// <param name="ActorRole">Sub-state role of the acting side as the feed codes it (CAMEO: <c>COP</c>, <c>MIL</c>).</param>
public sealed record Link(ActorCode Actor, ActorCode Recipient, double Attribution = 1, string? ActorRole = null, string? RecipientRole = null)
{
    [JsonIgnore]
    public Dyad Dyad => Dyad.Between(Actor, Recipient);
}

[JsonConverter(typeof(KebabCaseEnumConverter<PartyRole>))]
public enum PartyRole { Mediator, Host, Victim, AllegedInfluence }

/// <summary>An actor that had a part in it without being on either end of a link.</summary>
public sealed record OtherParty(ActorCode Actor, PartyRole Role);

[JsonConverter(typeof(KebabCaseEnumConverter<PlacePrecision>))]
public enum PlacePrecision { Country, Region, City, Site, Exact }

/// <param name="Country">Code of the state it lies in.</param>
/// <param name="Latitude">Degrees, −90 to 90.</param>
/// <param name="Longitude">Degrees, −180 to 180.</param>
public sealed record Place(
    string? Name = null, ActorCode? Country = null, double? Latitude = null, double? Longitude = null, PlacePrecision? Precision = null);

[JsonConverter(typeof(KebabCaseEnumConverter<Intent>))]
public enum Intent { Deliberate, Accidental, Unknown }

/// <summary>Opens a standing measure, or closes the one that incident <paramref name="Closes"/> opened, at this incident's τ.</summary>
public sealed record Measure(bool Opens = false, string? Closes = null);

/// <summary>Who may see it: the Traffic Light Protocol 2.0 of FIRST.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Handling>))]
public enum Handling { Clear, Green, Amber, AmberStrict, Red }

[JsonConverter(typeof(KebabCaseEnumConverter<AnalyticConfidence>))]
public enum AnalyticConfidence { Low, Moderate, High }

/// <summary>An analyst's judgement. Likelihood and confidence are two things (ICD 203).</summary>
/// <param name="Likelihood">Lowest and highest probability, each 0 to 1.</param>
public sealed record Assessment(IReadOnlyList<double>? Likelihood = null, AnalyticConfidence? Confidence = null, string? Note = null);

/// <summary>A number of people: best estimate, perhaps with a range. Written as the bare number if there is no range.</summary>
[JsonConverter(typeof(EstimateConverter))]
public sealed record Estimate(long Best, long? Low = null, long? High = null);

public sealed class EstimateConverter : JsonConverter<Estimate>
{
    public override Estimate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var best) ? new Estimate(best) : throw new JsonException("Not a whole number of people.");
        }

        try
        {
            var range = JsonSerializer.Deserialize<Range>(ref reader, options);
            return new Estimate(range?.Best ?? throw new JsonException(), range.Low, range.High);
        }
        catch (JsonException)
        {
            // Thrown anew, so that the path is that of the field and not that within the estimate.
            throw new JsonException("Not a whole number of people, nor one as best with low and high.");
        }
    }

    public override void Write(Utf8JsonWriter writer, Estimate value, JsonSerializerOptions options)
    {
        if (value is { Low: null, High: null })
        {
            writer.WriteNumberValue(value.Best);
        }
        else
        {
            JsonSerializer.Serialize(writer, new Range(value.Best, value.Low, value.High), options);
        }
    }

    private sealed record Range(long? Best = null, long? Low = null, long? High = null);
}
