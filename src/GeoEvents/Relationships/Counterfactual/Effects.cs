using GeoEvents.Coding;

namespace GeoEvents.Relationships.Counterfactual;

/// <param name="Touches">Whether any impulse of the dyad is another.</param>
/// <param name="Tension">0 to 100.</param>
public readonly record struct Effect(bool Touches, double Tension);

/// <summary>What edits do to tension, each alone.</summary>
public static class Effects
{
    /// <remarks>Hostility is a sum, so only the few impulses that an edit touches are summed anew.</remarks>
    public static IReadOnlyList<Effect> OfEach(RelationshipFold real, IReadOnlyCollection<Closer> closers, IReadOnlyList<Edit> edits, Method method, DateTimeOffset t)
    {
        var touched = Hypothetical.Touched(closers, edits);
        var byIncident = real.Impulses.Where(i => touched.Contains(i.Incident)).ToLookup(i => i.Incident);
        var sum = real.At(t).HostilityFast;
        return [.. edits.Select(edit =>
        {
            var few = Hypothetical.Touched(closers, [edit]);
            var on = few.SelectMany(incident => byIncident[incident]).ToList();
            var supposed = Hypothetical.Impulses(on, [.. closers.Where(c => few.Contains(c.Closes))], [edit]).ToList();
            var hostility = sum - Left(on) + Left(supposed);
            return new Effect(!on.ToHashSet().SetEquals(supposed), RelationshipState.Saturate(Math.Max(0, hostility), method));
        })];

        double Left(IEnumerable<Impulse> impulses) => impulses.Sum(i => i.Hostile * i.Remaining(t, method.Parameters.HalfLifeFastDays));
    }
}
