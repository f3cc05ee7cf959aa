namespace GeoEvents.Relationships.Diff;

/// <summary>What a change, or all changes together, did to the three numbers that a belief diff takes apart.</summary>
/// <param name="HostilityFast">ΔH with the fast half-life.</param>
/// <param name="CooperationFast">ΔC with the fast half-life.</param>
/// <param name="Tension">Points of tension.</param>
public readonly record struct Effect(double HostilityFast, double CooperationFast, double Tension)
{
    public static Effect Sum(IEnumerable<DiffLine> lines)
    {
        var (hostility, cooperation, tension) = (0.0, 0.0, 0.0);
        foreach (var line in lines)
        {
            hostility += line.Effect.HostilityFast;
            cooperation += line.Effect.CooperationFast;
            tension += line.Effect.Tension;
        }

        return new Effect(hostility, cooperation, tension);
    }
}
