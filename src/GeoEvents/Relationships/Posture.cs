using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The rung that a relationship stands on: the highest that a qualifying incident holds, within its dwell or by an open measure.</summary>
public sealed class Posture
{
    private readonly ImpulseList impulses;
    private readonly PostureRules rules;

    /// <summary>By rung: indices of those that hold it for its dwell, in order of τ.</summary>
    private readonly List<int>[] dwelling = [.. Enumerable.Range(0, PostureRules.Rungs).Select(_ => new List<int>())];

    /// <summary>Holds by measures, beyond the dwell of the incident.</summary>
    private readonly List<(Hold Hold, int Index)> standing = [];

    public Posture(ImpulseList impulses, Method method)
    {
        this.impulses = impulses;
        rules = new PostureRules(method);
        for (var i = 0; i < impulses.Count; i++)
        {
            ref readonly var impulse = ref impulses[i];
            if (impulse.Qualifies)
            {
                dwelling[impulse.Rung].Add(i);
                if (impulse.Opens)
                {
                    standing.Add((rules.HoldOf(impulse), i));
                }
            }
        }
    }

    /// <returns>0 if nothing is held.</returns>
    public int RungAt(DateTimeOffset t) =>
        rules.RungAt(t, standing.Select(s => s.Hold), rung => LastUntil(rung, t) is { } last ? impulses[last].Tau : null);

    /// <summary>What holds the rung at <paramref name="t"/>: the incident that came last of those that do; null on rung 0.</summary>
    public Guid? HeldBy(DateTimeOffset t)
    {
        var rung = RungAt(t);
        if (rung == 0)
        {
            return null;
        }

        // The list is in order of τ and incident, so of two the later index came last.
        return impulses[standing
            .Where(s => s.Hold.Rung == rung && s.Hold.Covers(t))
            .Select(s => s.Index)
            .Append(LastDwelling(rung, t) ?? -1)
            .Max()].Incident;
    }

    /// <summary>Index of the last impulse that holds the rung for its dwell; null if none does.</summary>
    private int? LastDwelling(int rung, DateTimeOffset t) =>
        LastUntil(rung, t) is { } last && rules.InDwell(rung, impulses[last].Tau, t) ? last : null;

    /// <summary>Index of the last impulse that may hold the rung and has τ ≤ <paramref name="t"/>; null if there is none.</summary>
    private int? LastUntil(int rung, DateTimeOffset t)
    {
        var of = dwelling[rung];
        var (low, high) = (0, of.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = impulses[of[middle]].Tau <= t ? (middle + 1, high) : (low, middle);
        }

        return low > 0 ? of[low - 1] : null;
    }
}
