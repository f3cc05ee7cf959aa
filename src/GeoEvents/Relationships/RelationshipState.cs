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

/// <summary>The numbers of a relationship that follow from what is on record at one instant, under one method. Units and formulas: DESIGN §5, docs/method.md.</summary>
/// <param name="HostilityFast">H with the fast half-life, both directions; 0 and up.</param>
/// <param name="Tension">0 to 100.</param>
/// <param name="Warmth">0 to 100.</param>
/// <param name="Asymmetry">−1 (all by the second actor) to 1 (all by the first); 0 without hostility.</param>
/// <param name="Pressure">Fast hostility per day over slow hostility per day; 1 in balance.</param>
/// <param name="MaterialShare">Share of fast hostility that is material conflict, 0 to 1; 0 without hostility.</param>
/// <param name="Rung">Computed posture, 0 (normal) to 9 (war).</param>
public record RelationshipNumbers(
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
    Observation Observation,
    int Incidents,
    DateTimeOffset? FirstIncident,
    DateTimeOffset? LastIncident)
{
    private const int EnoughIncidents = 10;

    private static readonly TimeSpan EnoughRecord = TimeSpan.FromDays(180);

    /// <param name="rung">0 to 9.</param>
    /// <param name="incidents">How many there are with τ ≤ <paramref name="t"/>.</param>
    /// <param name="first">The earliest τ; null without incidents.</param>
    /// <param name="last">The latest τ that is not after <paramref name="t"/>; null without incidents.</param>
    public static RelationshipNumbers Of(
        in Sums sums, int rung, int incidents, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset t, Method method)
    {
        var p = method.Parameters;
        var tension = Saturate(sums.HostileFast, method);
        return new RelationshipNumbers(
            sums.HostileFast,
            sums.HostileSlow,
            sums.CooperativeFast,
            sums.CooperativeSlow,
            tension,
            Saturate(sums.CooperativeFast, method),
            method.BandOf(tension),
            sums.HostileFast == 0 ? 0 : (sums.HostileFastForward - sums.HostileFastBackward) / sums.HostileFast,
            PerDay(sums.HostileFast, p.HalfLifeFastDays) / PerDay(sums.HostileSlow, p.HalfLifeSlowDays),
            incidents < EnoughIncidents || t - first < EnoughRecord ? Baseline.Insufficient : Baseline.Sufficient,
            sums.HostileFast == 0 ? 0 : sums.MaterialFast / sums.HostileFast,
            rung,
            incidents == 0 ? Observation.Unobserved : Observation.Observed,
            incidents,
            first,
            last);

        double PerDay(double sum, double halfLife) => (sum * Math.Log(2) / halfLife) + p.PressureEpsilonPerDay;
    }

    /// <summary><c>100·(1 − e^(−H/saturation))</c>, of fast hostility or cooperation. Source: DESIGN §5.</summary>
    public static double Saturate(double sum, Method method) => 100 * (1 - Math.Exp(-sum / method.Parameters.Saturation));
}

/// <summary>The numbers of a relationship at one instant, and how they moved.</summary>
public sealed record RelationshipState : RelationshipNumbers
{
    public RelationshipState(RelationshipNumbers numbers, double rise)
        : base(numbers) => Rise = rise;

    /// <summary>Tension now less tension seven days before.</summary>
    public double Rise { get; init; }
}
