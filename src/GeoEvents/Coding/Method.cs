using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoEvents.Coding;

/// <summary>Whether an act is words or deeds, and which way it points. The four quads of CAMEO and PLOVER.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<QuadClass>))]
public enum QuadClass { VerbalCooperation, MaterialCooperation, VerbalConflict, MaterialConflict }

/// <summary>What a type usually does to a standing measure. A hint for forms: only an incident's own <c>measure</c> field opens or closes one.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<MeasureHint>))]
public enum MeasureHint { Opens, Closes }

/// <summary>One class of incident on the ladder.</summary>
/// <param name="Rung">0 (normal) to 9 (war).</param>
/// <param name="Weight">−10 (most hostile) to +10 (most cooperative).</param>
/// <param name="Cameo">Prefixes of the CAMEO codes that fall under the type.</param>
/// <param name="Plover">PLOVER category; an em dash where it has none.</param>
public sealed record IncidentType(
    string Type, string Label, int Rung, QuadClass Quad, double Weight, MeasureHint? Measure, ImmutableArray<string> Cameo, string Plover)
{
    /// <summary>Left out where there is none.</summary>
    public ImmutableArray<string> Cameo { get; init; } = Cameo.IsDefault ? [] : Cameo;
}

/// <summary>One step of the ladder from normal relations to war.</summary>
/// <param name="DwellDays">Days, counted from τ and including the last instant, for which one incident holds the posture.</param>
/// <param name="MeasureFloor">Share of its impulse that an open measure never falls below; 0 to 1.</param>
/// <param name="CowHostility">Hostility level of the Correlates of War MID data set, 1 to 5.</param>
public sealed record Rung([property: JsonPropertyName("rung")] int Number, string Name, double DwellDays, double MeasureFloor, int CowHostility);

/// <param name="HalfLifeFastDays">Half-life of the fast index, days.</param>
/// <param name="HalfLifeSlowDays">Half-life of the slow index, days.</param>
/// <param name="Saturation">Hostility at which tension reaches 100·(1 − 1/e).</param>
/// <param name="PressureEpsilonPerDay">Keeps pressure finite on a quiet record; hostility per day.</param>
/// <param name="UnGradedCredibility">Credibility of an incident without a graded report whose sources nobody counted, or that has one.</param>
/// <param name="CountedSources">How a count of sources raises it.</param>
public sealed record MethodParameters(
    double HalfLifeFastDays,
    double HalfLifeSlowDays,
    double Saturation,
    double PressureEpsilonPerDay,
    MagnitudeParameters Magnitude,
    double UnGradedCredibility,
    CountedSourcesParameters CountedSources,
    double LateAfterHours,
    double BackfillAfterDays);

/// <summary>How casualties raise an impulse: <c>m = min(Max, 1 + PerLog10Deaths·log₁₀(1+deaths) + PerLog10InjuredAndDetained·log₁₀(1+injured+detained))</c>.</summary>
public sealed record MagnitudeParameters(double Max, double PerLog10Deaths, double PerLog10InjuredAndDetained);

/// <summary>What independent sources are worth that a feed counted: <c>c = min(Most, σ(logit c₁ + LogitPerDoubling·log₂ n))</c>, c₁ being that of ungraded reports.</summary>
/// <param name="Most">However many they are, c is no higher.</param>
public sealed record CountedSourcesParameters(double LogitPerDoubling, double Most);

/// <summary>The lowest tension of a band; the next band's lowest is its (open) end.</summary>
[JsonConverter(typeof(BandConverter))]
public sealed record Band(string Name, double From);

/// <summary>Writes a band as name and from; the file of a method has them as a list of two.</summary>
public sealed class BandConverter : JsonConverter<Band>
{
    public override Band Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var band = JsonElement.ParseValue(ref reader);
        return band.ValueKind switch
        {
            JsonValueKind.Array when band.GetArrayLength() == 2 && Of(band[0], band[1]) is { } pair => pair,
            JsonValueKind.Object when band.EnumerateObject().Count() == 2 && band.TryGetProperty("name", out var name) && band.TryGetProperty("from", out var from)
                && Of(name, from) is { } named => named,
            _ => throw new JsonException("Not a band: a name and the tension it begins at."),
        };

        static Band? Of(JsonElement name, JsonElement from) =>
            name.ValueKind == JsonValueKind.String && from.ValueKind == JsonValueKind.Number ? new Band(name.GetString()!, from.GetDouble()) : null;
    }

    public override void Write(Utf8JsonWriter writer, Band value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        writer.WriteNumber("from", value.From);
        writer.WriteEndObject();
    }
}

/// <summary>What a code is worth: weight −10 … +10, rung 0 … 9 and quad.</summary>
public readonly record struct Score(double Weight, int Rung, QuadClass Quad);

/// <summary>A version of the method as it is written down: in a file that ships, or in the fact that published it.</summary>
/// <param name="Method">The version's name, as in <c>2026.1</c>.</param>
/// <param name="Bands">In ascending order; the first begins at 0.</param>
/// <param name="BandHysteresis">Points of tension by which a band must be overshot before an alert on it changes; the band itself has none.</param>
public sealed record MethodDocument(
    string Method,
    MethodParameters Parameters,
    IReadOnlyList<Band> Bands,
    double BandHysteresis,
    IReadOnlyList<Rung> Rungs,
    IReadOnlyList<IncidentType> Types);

/// <summary>One version of how incidents are scored: weights, half-lives, bands, rungs. The third axis of every read.</summary>
/// <remarks>Made of data: of <c>Data/method-2026.1.json</c>, or of what a workspace published (<c>Scoring</c>); nothing of it is written in code.</remarks>
public sealed class Method
{
    private readonly FrozenDictionary<string, IncidentType> types;
    private readonly ImmutableArray<(string Prefix, IncidentType Type)> byCameoPrefix;

    /// <summary>Codes that were asked for; there are some three hundred that are valid, and only those come here.</summary>
    private readonly ConcurrentDictionary<string, Score?> byCameo = [];

    public Method(MethodDocument document)
    {
        (Document, Id, Parameters, BandHysteresis) = (document, document.Method, document.Parameters, document.BandHysteresis);
        Bands = [.. document.Bands];
        Rungs = [.. document.Rungs.OrderBy(r => r.Number)];
        Types = [.. document.Types];
        types = Types.ToFrozenDictionary(t => t.Type);
        byCameoPrefix = [.. from t in Types from p in t.Cameo orderby p.Length descending select (p, t)];
    }

    /// <summary>What it is made of.</summary>
    public MethodDocument Document { get; }

    /// <summary>The version's name, as in <c>2026.1</c>.</summary>
    public string Id { get; }

    public MethodParameters Parameters { get; }

    public ImmutableArray<Band> Bands { get; }

    /// <summary>Points of tension by which a band must be overshot before an alert on it changes; the band itself has none.</summary>
    public double BandHysteresis { get; }

    /// <summary>Index is the rung's number.</summary>
    public ImmutableArray<Rung> Rungs { get; }

    public ImmutableArray<IncidentType> Types { get; }

    /// <exception cref="JsonException">The document is not a method.</exception>
    public static Method Load(Stream json) =>
        new(JsonSerializer.Deserialize<MethodDocument>(json, JsonSerializerOptions.Web) ?? throw new JsonException("Empty method document."));

    public IncidentType? FindType(string type) => types.GetValueOrDefault(type);

    /// <summary>The type whose CAMEO prefix is the longest that <paramref name="cameo"/> begins with; null if none does.</summary>
    public IncidentType? TypeOfCameo(string cameo)
    {
        foreach (var (prefix, type) in byCameoPrefix)
        {
            if (cameo.StartsWith(prefix, StringComparison.Ordinal))
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>
    /// The type's own weight, rung and quad; for an incident with a CAMEO code and no type, the Goldstein value of the code
    /// with rung and quad of the type that has the longest matching CAMEO prefix.
    /// </summary>
    /// <exception cref="ArgumentException">Neither is known to this method.</exception>
    public Score Score(string? type, string? cameo)
    {
        if (type is not null)
        {
            return types.TryGetValue(type, out var known)
                ? new Score(known.Weight, known.Rung, known.Quad)
                : throw new ArgumentException($"Method {Id} has no type '{type}'.", nameof(type));
        }

        return cameo is not null && byCameo.GetOrAdd(cameo, ScoreOfCameo) is { } score
            ? score
            : throw new ArgumentException($"Method {Id} cannot score CAMEO code '{cameo}'.", nameof(cameo));
    }

    private Score? ScoreOfCameo(string cameo) => Cameo.Goldstein(cameo) is { } goldstein && TypeOfCameo(cameo) is { } nearest
        ? new Score(goldstein, nearest.Rung, nearest.Quad)
        : null;

    /// <summary>m, 1 to <see cref="MagnitudeParameters.Max"/>. Source: DESIGN §5.</summary>
    public double Magnitude(long deaths, long injuredAndDetained) => Math.Min(
        Parameters.Magnitude.Max,
        1 + (Parameters.Magnitude.PerLog10Deaths * Math.Log10(1 + deaths))
          + (Parameters.Magnitude.PerLog10InjuredAndDetained * Math.Log10(1 + injuredAndDetained)));

    /// <summary>c of an incident without a graded report.</summary>
    /// <param name="counted">Independent sources that a feed counted, 1 or more; null if none did.</param>
    /// <returns><see cref="MethodParameters.UnGradedCredibility"/> for none and for one; more sources raise it to at most <see cref="CountedSourcesParameters.Most"/>.</returns>
    public double UngradedCredibility(int? counted)
    {
        var alone = Parameters.UnGradedCredibility;
        if (counted is null or <= 1)
        {
            return alone;
        }

        var logOdds = Math.Log(alone / (1 - alone)) + (Parameters.CountedSources.LogitPerDoubling * Math.Log2(counted.Value));
        return Math.Min(Parameters.CountedSources.Most, 1 / (1 + Math.Exp(-logOdds)));
    }

    /// <summary>The band that a tension of 0 to 100 lies in.</summary>
    public string BandOf(double tension) => Bands.Last(b => tension >= b.From).Name;
}
