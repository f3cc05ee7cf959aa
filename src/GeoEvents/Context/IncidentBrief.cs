using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Context;

/// <summary>An incident in a line, as known at K.</summary>
/// <param name="Tau">τ, the instant at which it counts.</param>
public sealed record IncidentBrief(string Id, string Title, string Occurred, DateTimeOffset Tau, string? Type, string? Cameo, IReadOnlyList<Dyad> Dyads)
{
    public static IncidentBrief Of(Incident incident) => new(
        incident.Content.Id,
        incident.Content.Title,
        incident.Content.Occurred,
        incident.Interval.Tau,
        incident.Content.Type,
        incident.Content.Cameo,
        [.. incident.Content.Dyads]);
}
