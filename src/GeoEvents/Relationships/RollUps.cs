using System.Runtime.InteropServices;
using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>Points of tension by direction, quad, type, issue and source, largest first. Each adds up to tension.</summary>
/// <param name="Direction">As in <c>RUS→AZE</c>.</param>
/// <param name="Type">Type, or CAMEO code where an incident has no type.</param>
/// <param name="Issue">An incident with several is split evenly among them; <c>(none)</c> for those without.</param>
/// <param name="Source">Likewise.</param>
public sealed record RollUps(
    IReadOnlyDictionary<string, double> Direction,
    IReadOnlyDictionary<string, double> Quad,
    IReadOnlyDictionary<string, double> Type,
    IReadOnlyDictionary<string, double> Issue,
    IReadOnlyDictionary<string, double> Source)
{
    private const string WithoutLabel = "(none)";

    /// <param name="tension">Of the fold at <paramref name="t"/>.</param>
    public static RollUps Of(Dyad dyad, RelationshipFold fold, double tension, Method method, DateTimeOffset t)
    {
        Dictionary<string, double> direction = [], quad = [], type = [], issue = [], source = [];
        var (impulses, halfLife) = (fold.Impulses, method.Parameters.HalfLifeFastDays);
        var sum = fold.HostilityFastAt(t);
        var count = sum == 0 ? 0 : impulses.CountUntil(t);
        for (var i = 0; i < count; i++)
        {
            ref readonly var impulse = ref impulses[i];
            if (impulse.Hostile == 0)
            {
                continue;
            }

            var share = tension * impulse.Hostile * impulse.Remaining(t, halfLife) / sum;
            Add(direction, impulse.Forward ? "forward" : "backward", share);
            Add(quad, KebabCaseEnumConverter.NameOf(impulse.Quad), share);
            Add(type, impulse.Code, share);
            Split(issue, impulse.Labels.Issues, share);
            Split(source, impulse.Labels.Sources, share);
        }

        return new RollUps(
            Largest(direction.ToDictionary(d => d.Key == "forward" ? $"{dyad.First}→{dyad.Second}" : $"{dyad.Second}→{dyad.First}", d => d.Value)),
            Largest(quad),
            Largest(type),
            Largest(issue),
            Largest(source));
    }

    private static void Split(Dictionary<string, double> into, IReadOnlyList<string> labels, double share)
    {
        if (labels.Count == 0)
        {
            Add(into, WithoutLabel, share);
        }

        for (var i = 0; i < labels.Count; i++)
        {
            Add(into, labels[i], share / labels.Count);
        }
    }

    private static void Add(Dictionary<string, double> into, string label, double share) =>
        CollectionsMarshal.GetValueRefOrAddDefault(into, label, out _) += share;

    private static Dictionary<string, double> Largest(Dictionary<string, double> sums) => sums
        .Where(s => s.Value > 0)
        .OrderByDescending(s => s.Value)
        .ThenBy(s => s.Key, StringComparer.Ordinal)
        .ToDictionary(s => s.Key, s => s.Value);
}
