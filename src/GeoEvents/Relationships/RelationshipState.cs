using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Coverage;

namespace GeoEvents.Relationships;

[JsonConverter(typeof(KebabCaseEnumConverter<Baseline>))]
public enum Baseline { Sufficient, Insufficient }

/// <summary>How a month compares with the one before.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Arrow>))]
public enum Arrow { Deteriorated, Improved, Unchanged }

/// <summary>How tension stands among the dyad's own values at midnight UTC of the trailing 1,095 days, as far as it has a record.</summary>
/// <param name="Percentile">Share of those values that are not above it, 0 to 100; null without any.</param>
/// <param name="Days">How many values there are, 0 to 1,095.</param>
/// <param name="HighestSince">The last of those midnights with a higher tension; null if there is none.</param>
public sealed record RelativeLevel(double? Percentile, int Days, DateTimeOffset? HighestSince);

/// <summary>The numbers of a relationship at one instant, under one method. Units and formulas: DESIGN §5, docs/method.md.</summary>
/// <param name="HostilityFast">H with the fast half-life, both directions; 0 and up.</param>
/// <param name="Tension">0 to 100.</param>
/// <param name="Warmth">0 to 100.</param>
/// <param name="Asymmetry">−1 (all by the second actor) to 1 (all by the first); 0 without hostility.</param>
/// <param name="Pressure">Fast hostility per day over slow hostility per day; 1 in balance.</param>
/// <param name="MaterialShare">Share of fast hostility that is material conflict, 0 to 1; 0 without hostility.</param>
/// <param name="Rung">Computed posture, 0 (normal) to 9 (war).</param>
/// <param name="Rise">Tension now less tension seven days before.</param>
public sealed record RelationshipState(
    double HostilityFast,
    double HostilitySlow,
    double CooperationFast,
    double CooperationSlow,
    double Tension,
    double Warmth,
    string Band,
    double Asymmetry,
    double Pressure,
    Baseline Baseline,
    double MaterialShare,
    int Rung,
    double Rise,
    Observation Observation,
    int Incidents,
    DateTimeOffset? FirstIncident,
    DateTimeOffset? LastIncident)
{
    /// <summary><c>100·(1 − e^(−H/saturation))</c>, of fast hostility or cooperation. Source: DESIGN §5.</summary>
    public static double Saturate(double sum, Method method) => 100 * (1 - Math.Exp(-sum / method.Parameters.Saturation));
}
