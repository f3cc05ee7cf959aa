using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Ledger;

namespace GeoEvents.Relationships;

/// <summary>One revision of a link as it is kept in memory.</summary>
/// <param name="Position">First log position at which it holds.</param>
/// <param name="Until">First position at which it no longer does; <see cref="LedgerRow.Open"/> if it still holds.</param>
/// <param name="Change">What kind of change the fact at <paramref name="Position"/> was.</param>
public readonly record struct Revision(Impulse Impulse, long Position, long Until, ChangeClass Change)
{
    public bool HoldsAt(long known) => Position <= known && known < Until;
}

/// <summary>A revision begins or ends with a fact.</summary>
/// <param name="Index">Of the revision in its record.</param>
public readonly record struct Boundary(long Position, int Index, bool Ends);

/// <summary>An incident that closes a measure, for the positions at which it does.</summary>
public readonly record struct ClosingRevision(Guid Incident, Guid Closes, DateTimeOffset Tau, long Position, long Until)
{
    public Closer Closer => new(Incident, Closes, Tau);

    public bool HoldsAt(long known) => Position <= known && known < Until;
}

/// <summary>A revision in which an incident does not count: it is retracted, merged into another, or split.</summary>
/// <param name="Position">First log position at which it holds.</param>
/// <param name="Until">First position at which it no longer does.</param>
public readonly record struct RetractedRevision(Dyad Dyad, Guid Incident, long Position, long Until, ChangeClass Change);
