using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>A relationship at one point of all three axes: as it is on record, and as it would be if some incidents were otherwise.</summary>
/// <param name="Shown">The point in words.</param>
/// <param name="Counterfactual">Always true: what it shows beside the record is supposed.</param>
/// <param name="Statement">Says so in a sentence.</param>
/// <param name="Overlay">Name of the stored overlay that was applied; null if none was.</param>
/// <param name="Difference">Hypothetical less real.</param>
/// <param name="Series">Only where one was asked for.</param>
public sealed record CounterfactualView(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Method,
    string Shown,
    bool Counterfactual,
    string Statement,
    string? Overlay,
    [property: KeepEmpty] IReadOnlyList<SupposedChange> Changes,
    Supposed Real,
    Supposed Hypothetical,
    MainNumbers Difference,
    PairedSeries? Series);

/// <summary>A change as it was applied, and what it does alone.</summary>
/// <param name="Id">Of the incident.</param>
/// <param name="Overlay">Name of the stored overlay that it is of; null if the request brought it.</param>
/// <param name="Fields">What is supposed of a changed incident, field by field.</param>
/// <param name="Occurred">As supposed; of one that is dropped, as on record.</param>
/// <param name="Touches">Whether alone it changes anything of the dyad.</param>
/// <param name="TensionAlone">Tension if nothing else were supposed.</param>
/// <param name="Effect">That, less the real tension.</param>
public sealed record SupposedChange(
    ChangeKind Change,
    string Id,
    string Title,
    string Occurred,
    string? Overlay,
    IReadOnlyList<FieldChange> Fields,
    bool Touches,
    double TensionAlone,
    double Effect);

/// <summary>How a relationship stands: its numbers, its posture and the measures in force.</summary>
public sealed record Supposed(RelationshipState State, PostureView Posture, [property: KeepEmpty] IReadOnlyList<MeasureView> Measures);

/// <param name="HostilityFast">H, fast, both directions.</param>
/// <param name="Tension">Points, 0 to 100; of a difference −100 to 100.</param>
/// <param name="Warmth">Points, 0 to 100; of a difference −100 to 100.</param>
/// <param name="Rung">Computed posture, 0 to 9; of a difference −9 to 9.</param>
public sealed record MainNumbers(double HostilityFast, double Tension, double Warmth, int Rung)
{
    public static MainNumbers Of(RelationshipState state) => new(state.HostilityFast, state.Tension, state.Warmth, state.Rung);

    public static MainNumbers operator -(MainNumbers one, MainNumbers other) =>
        new(one.HostilityFast - other.HostilityFast, one.Tension - other.Tension, one.Warmth - other.Warmth, one.Rung - other.Rung);
}

public sealed record PairedSeries(string Step, [property: KeepEmpty] IReadOnlyList<PairedPoint> Points);

public sealed record PairedPoint(DateTimeOffset At, MainNumbers Real, MainNumbers Hypothetical);
