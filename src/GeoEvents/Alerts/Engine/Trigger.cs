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
}
