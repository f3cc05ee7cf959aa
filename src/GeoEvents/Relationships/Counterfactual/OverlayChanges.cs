using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>What is to be supposed of the record: incidents that did not happen, happened at another time, were something else or somebody else's doing, or are not on it.</summary>
/// <param name="Drop">Ids of incidents that are supposed not to be on record.</param>
public sealed record OverlayChanges(
    IReadOnlyList<string>? Drop = null,
    IReadOnlyList<Move>? Move = null,
    IReadOnlyList<Recode>? Recode = null,
    IReadOnlyList<Reattribution>? Reattribute = null,
    IReadOnlyList<IncidentDraft>? Add = null)
{
    /// <summary>How many there are.</summary>
    public int Count() => (Drop?.Count ?? 0) + (Move?.Count ?? 0) + (Recode?.Count ?? 0) + (Reattribute?.Count ?? 0) + (Add?.Count ?? 0);
}

/// <summary>It happened at another time.</summary>
/// <param name="Occurred">EDTF text, resolved as if it were recorded now.</param>
/// <param name="Zone">IANA time zone; null is the incident's own.</param>
public sealed record Move(string Id = "", string Occurred = "", string? Zone = null);

/// <summary>It was something else: this type, this CAMEO code or both, and no other.</summary>
public sealed record Recode(string Id = "", string? Type = null, string? Cameo = null);

/// <summary>It was somebody else's doing.</summary>
/// <param name="Links">All of its links, in the place of those on record.</param>
public sealed record Reattribution(string Id = "", IReadOnlyList<Link>? Links = null);
