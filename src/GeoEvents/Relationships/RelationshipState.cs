using System.Diagnostics.CodeAnalysis;
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
public record RelationshipNumbers
{
    /// <summary>H with the fast half-life, both directions; 0 and up.</summary>
    public required double HostilityFast { get; init; }

    public required double HostilitySlow { get; init; }

    public required double CooperationFast { get; init; }

    public required double CooperationSlow { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Tension { get; init; }

    /// <summary>0 to 100.</summary>
    public required double Warmth { get; init; }

    public required string Band { get; init; }

    /// <summary>−1 (all by the second actor) to 1 (all by the first); 0 without hostility.</summary>
    public required double Asymmetry { get; init; }

    /// <summary>Fast hostility per day over slow hostility per day; 1 in balance.</summary>
    public required double Pressure { get; init; }

    public required Baseline Baseline { get; init; }

    /// <summary>Share of fast hostility that is material conflict, 0 to 1; 0 without hostility.</summary>
    public required double MaterialShare { get; init; }

    /// <summary>Computed posture, 0 (normal) to 9 (war).</summary>
    public required int Rung { get; init; }

    public required Observation Observation { get; init; }

    public required int Incidents { get; init; }

    public DateTimeOffset? FirstIncident { get; init; }

    public DateTimeOffset? LastIncident { get; init; }

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
        return new RelationshipNumbers
        {
            HostilityFast = sums.HostileFast,
            HostilitySlow = sums.HostileSlow,
            CooperationFast = sums.CooperativeFast,
            CooperationSlow = sums.CooperativeSlow,
            Tension = tension,
            Warmth = Saturate(sums.CooperativeFast, method),
            Band = method.BandOf(tension),
            Asymmetry = sums.HostileFast == 0 ? 0 : (sums.HostileFastForward - sums.HostileFastBackward) / sums.HostileFast,
            Pressure = PerDay(sums.HostileFast, p.HalfLifeFastDays) / PerDay(sums.HostileSlow, p.HalfLifeSlowDays),
            Baseline = incidents < EnoughIncidents || t - first < EnoughRecord ? Baseline.Insufficient : Baseline.Sufficient,
            MaterialShare = sums.HostileFast == 0 ? 0 : sums.MaterialFast / sums.HostileFast,
            Rung = rung,
            Observation = incidents == 0 ? Observation.Unobserved : Observation.Observed,
            Incidents = incidents,
            FirstIncident = first,
            LastIncident = last,
        };

        double PerDay(double sum, double halfLife) => (sum * Math.Log(2) / halfLife) + p.PressureEpsilonPerDay;
    }

    /// <summary><c>100·(1 − e^(−H/saturation))</c>, of fast hostility or cooperation. Source: DESIGN §5.</summary>
    public static double Saturate(double sum, Method method) => 100 * (1 - Math.Exp(-sum / method.Parameters.Saturation));
}

/// <summary>The numbers of a relationship at one instant, and how they moved.</summary>
public sealed record RelationshipState : RelationshipNumbers
{
    [JsonConstructor]
    public RelationshipState()
    {
    }

    [SetsRequiredMembers]
    public RelationshipState(RelationshipNumbers numbers, double rise)
        : base(numbers) => Rise = rise;

    /// <summary>Tension now less tension seven days before.</summary>
    public required double Rise { get; init; }
}
