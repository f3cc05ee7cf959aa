using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>An incident that closes the measure of another.</summary>
public sealed record Closer(Guid Incident, Guid Closes, DateTimeOffset Tau);

/// <summary>What one incident adds to tension.</summary>
/// <param name="Phi">φ: its part of fast hostility now, all its links in the dyad together.</param>
/// <param name="Share"><c>tension·φ/Σφ</c>, points of tension; the shares of all incidents add up to tension.</param>
/// <param name="TensionWithout">Tension if it were not on record; a measure it closed would be open again.</param>
public readonly record struct Contribution(Guid Incident, double Phi, double Share, double TensionWithout);

/// <summary>Explains tension incident by incident.</summary>
/// <remarks>By loops over arrays: a relationship may have a hundred thousand incidents, and is explained at each look at it.</remarks>
public static class Contributions
{
    /// <param name="closers">Every incident that closes a measure of the dyad, of whatever dyad it is.</param>
    /// <returns>Largest share first, then in order of τ and incident; incidents without hostility have a share of 0.</returns>
    public static IReadOnlyList<Contribution> At(RelationshipFold fold, IReadOnlyList<Closer> closers, Method method, DateTimeOffset t)
    {
        var halfLife = method.Parameters.HalfLifeFastDays;
        var impulses = fold.Impulses;
        var count = impulses.CountUntil(t);
        var sum = fold.HostilityFastAt(t);
        var tension = RelationshipState.Saturate(sum, method);
        var reopened = Reopened(fold, closers, halfLife, t);

        // The links of an incident have one τ, so they stand together.
        var found = new Contribution[count];
        var phis = new double[count];
        var incidents = 0;
        for (var i = 0; i < count; incidents++)
        {
            var (incident, phi) = (impulses[i].Incident, 0.0);
            for (; i < count && impulses[i].Incident == incident; i++)
            {
                phi += impulses[i].Hostile * impulses[i].Remaining(t, halfLife);
            }

            var without = sum - phi + (reopened.Count == 0 ? 0 : reopened.GetValueOrDefault(incident));
            found[incidents] = new Contribution(incident, phi, sum == 0 ? 0 : tension * phi / sum, RelationshipState.Saturate(Math.Max(0, without), method));
            phis[incidents] = -phi;
        }

        return InOrder(found.AsSpan(0, incidents), phis.AsSpan(0, incidents));
    }

    /// <summary>What each closer keeps from tension: the measures it closed would be open, or closed by the next one.</summary>
    private static Dictionary<Guid, double> Reopened(RelationshipFold fold, IReadOnlyList<Closer> closers, double halfLife, DateTimeOffset t)
    {
        var reopened = new Dictionary<Guid, double>();
        if (closers.Count == 0)
        {
            return reopened;
        }

        var measures = fold.Impulses.Where(i => i.Opens && i.Tau <= t).ToLookup(i => i.Incident);
        var closedBy = closers.ToLookup(c => c.Closes);
        foreach (var closer in closers.Where(c => c.Tau <= t && c.Closes != c.Incident))
        {
            var others = closedBy[closer.Closes].Where(c => c.Incident != closer.Incident).Select(c => (DateTimeOffset?)c.Tau).Min();
            reopened[closer.Incident] = reopened.GetValueOrDefault(closer.Incident)
                + measures[closer.Closes].Sum(m => m.Hostile * (m.Closed(others).Remaining(t, halfLife) - m.Remaining(t, halfLife)));
        }

        return reopened;
    }

    /// <summary>By φ, and of equal φ as they stand.</summary>
    private static Contribution[] InOrder(ReadOnlySpan<Contribution> found, Span<double> negatives)
    {
        var order = new int[found.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        negatives.Sort(order.AsSpan());
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            for (; to < order.Length && negatives[to] == negatives[from]; to++)
            {
            }

            order.AsSpan(from..to).Sort();
            from = to;
        }

        var ordered = new Contribution[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            ordered[i] = found[order[i]];
        }

        return ordered;
    }
}
