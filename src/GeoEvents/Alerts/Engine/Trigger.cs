using System.Collections.Immutable;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>A fact of an incident, as the conditions see it: what it was before and is now, in one relationship.</summary>
/// <param name="Position">In the log.</param>
/// <param name="Incident">Its stream.</param>
/// <param name="Before">Its links before; none if it did not count or was none of the relationship's.</param>
/// <param name="After">Its links now.</param>
/// <param name="ClosedBefore">The measure that it closed before.</param>
/// <param name="Closes">The measure that it closes now.</param>
/// <param name="TensionBefore">Tension at the same instant without the fact.</param>
public sealed record Trigger(
    long Position,
    Guid Incident,
    ChangeClass Change,
    ImmutableArray<Impulse> Before,
    ImmutableArray<Impulse> After,
    Closer? ClosedBefore,
    Closer? Closes,
    double TensionBefore)
{
    /// <summary>τ now, or before if it counts no more; null for what has no links here.</summary>
    public DateTimeOffset? Tau => After.Length > 0 ? After[0].Tau : Before.Length > 0 ? Before[0].Tau : (Closes ?? ClosedBefore)?.Tau;

    /// <summary>Whether it changes nothing that a condition asks for: a title, say.</summary>
    public bool IsIdle => Before.Length == After.Length && Closes == ClosedBefore && Before.Zip(After).All(l => l.First with { Labels = l.Second.Labels } == l.Second);

    /// <summary>This fact and one of the same incident that was recorded with it, as one: who logs and grades in one request says one thing.</summary>
    public Trigger Then(Trigger next) => next with { Change = Change, Before = Before, ClosedBefore = ClosedBefore, TensionBefore = TensionBefore };

    /// <summary>Whether it changes by a fifth or more what the incident adds at an instant: by its weight, or by its date.</summary>
    /// <param name="halfLife">Days.</param>
    public bool IsMaterialAt(DateTimeOffset at, double halfLife)
    {
        const double Fifth = 0.2;
        var moved = MovesBy(at, halfLife);
        return moved > 0 && moved >= Fifth * Added(Before, at, halfLife);
    }

    /// <summary>By how much it changes what the incident adds at an instant, h + k with a half-life; in units of impulse, 0 or more.</summary>
    /// <param name="halfLife">Days.</param>
    public double MovesBy(DateTimeOffset at, double halfLife) => Math.Abs(Added(After, at, halfLife) - Added(Before, at, halfLife));

    private static double Added(ImmutableArray<Impulse> links, DateTimeOffset at, double halfLife) =>
        links.Sum(l => (l.Hostile + l.Cooperative) * l.Remaining(at, halfLife));
}
