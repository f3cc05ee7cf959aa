using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>An incident that closes the measure of another.</summary>
public sealed record Closer(Guid Incident, Guid Closes, DateTimeOffset Tau);

/// <summary>What one incident adds to tension.</summary>
/// <param name="Phi">φ: its part of fast hostility now, all its links in the dyad together.</param>
/// <param name="Share"><c>tension·φ/Σφ</c>, points of tension; the shares of all incidents add up to tension.</param>
/// <param name="TensionWithout">Tension if it were not on record; a measure it closed would be open again.</param>
public sealed record Contribution(Guid Incident, double Phi, double Share, double TensionWithout);

/// <summary>Explains tension incident by incident.</summary>
public static class Contributions
{
    /// <param name="closers">Every incident that closes a measure of the dyad, of whatever dyad it is.</param>
    /// <returns>Largest share first; incidents without hostility have a share of 0.</returns>
    public static IReadOnlyList<Contribution> At(RelationshipFold fold, IReadOnlyList<Closer> closers, Method method, DateTimeOffset t)
    {
        var halfLife = method.Parameters.HalfLifeFastDays;
        var impulses = fold.Impulses.Where(i => i.Tau <= t).ToList();
        var sum = fold.At(t).HostilityFast;
        var tension = RelationshipState.Saturate(sum, method);
        var measures = impulses.Where(i => i.Opens).ToLookup(i => i.Incident);
        var closing = closers.Where(c => c.Tau <= t).ToLookup(c => c.Incident);
        var closedBy = closers.ToLookup(c => c.Closes);

        return [.. from incident in impulses.GroupBy(i => i.Incident)
                   let phi = incident.Sum(i => i.Hostile * i.Remaining(t, halfLife))
                   let without = sum - phi + closing[incident.Key].Where(c => c.Closes != incident.Key).Sum(Reopened)
                   orderby phi descending, incident.First().Tau, incident.Key
                   select new Contribution(
                       incident.Key, phi, sum == 0 ? 0 : tension * phi / sum, RelationshipState.Saturate(Math.Max(0, without), method))];

        // What a measure would add if this closer were not there: open, or closed by the next one.
        double Reopened(Closer closer) => measures[closer.Closes].Sum(measure =>
        {
            var others = closedBy[closer.Closes].Where(c => c.Incident != closer.Incident).Select(c => (DateTimeOffset?)c.Tau).Min();
            var reopened = measure.Closed(others);
            return measure.Hostile * (reopened.Remaining(t, halfLife) - measure.Remaining(t, halfLife));
        });
    }
}
