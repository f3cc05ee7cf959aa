using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Incidents;

[JsonConverter(typeof(KebabCaseEnumConverter<Stance>))]
public enum Stance { Supports, Denies }

/// <summary>Reliability of a source on the Admiralty scale: A (completely reliable) to E (unreliable), F (cannot be judged).</summary>
[JsonConverter(typeof(ReliabilityConverter))]
public enum Reliability { A, B, C, D, E, F }

/// <summary>Takes the letter and nothing else: not the number behind it, which would have no meaning to a client.</summary>
public sealed class ReliabilityConverter : JsonConverter<Reliability>
{
    public override Reliability Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is [>= 'A' and <= 'F' and var letter]
            ? (Reliability)(letter - 'A')
            : throw new JsonException("Not one of: A, B, C, D, E, F.");

    public override void Write(Utf8JsonWriter writer, Reliability value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>What a client says of one report.</summary>
/// <param name="Source">Id of a registered source.</param>
/// <param name="Credibility">Grade on the Admiralty scale, 1 (confirmed) to 5 (improbable), 6 (cannot be judged); null is not graded.</param>
/// <param name="PublishedAt">When the source published it.</param>
/// <param name="IndependentSources">How many independent sources the source itself counted, 1 or more, as feeds do; null if it counted none.</param>
public sealed record ReportDraft(
    string Source = "",
    int? Credibility = null,
    Stance Stance = Stance.Supports,
    string? Url = null,
    string? Quote = null,
    DateTimeOffset? PublishedAt = null,
    int? IndependentSources = null);

/// <summary>What one source says about an incident, with the reliability and group that the source had when it was attached.</summary>
/// <param name="Id">Numbers the report within its incident: <c>r1</c>, <c>r2</c>, …; never used again.</param>
/// <param name="Group">Independence group: owner, or the wire it copies. Sources of one group count once.</param>
/// <param name="Affiliation">The actor whose media the source is; null if none.</param>
/// <param name="From">Id of the incident that it was a report of before that was merged into this one; null if it is a report of this one itself.</param>
public sealed record Report(
    string Id,
    string Source,
    Stance Stance,
    int? Credibility,
    Reliability Reliability,
    string Group,
    ActorCode? Affiliation = null,
    string? Url = null,
    string? Quote = null,
    DateTimeOffset? PublishedAt = null,
    int? IndependentSources = null,
    string? From = null)
{
    /// <summary>The report as its client gave it.</summary>
    public ReportDraft AsGiven() => new(Source, Credibility, Stance, Url, Quote, PublishedAt, IndependentSources);
}
