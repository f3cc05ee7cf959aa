using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The rung that a relationship stands on: the highest that a qualifying incident holds, within its dwell or by an open measure.</summary>
/// <remarks>
/// An incident holds its rung from τ for the dwell, the last instant included. A measure of rung 5 or above holds its rung while open and
/// for the dwell after closing; another holds rung 3 after its dwell until it is closed. Source: DESIGN §5, posture.
/// </remarks>
public sealed class Posture
{
    private const int HoldsWhileOpen = 5;
    private const int OfALowerMeasure = 3;
    private const int Rungs = 10;

    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly ImpulseList impulses;
    private readonly TimeSpan[] dwells;

    /// <summary>By rung: indices of those that hold it for its dwell, in order of τ.</summary>
    private readonly List<int>[] dwelling = [.. Enumerable.Range(0, Rungs).Select(_ => new List<int>())];

    /// <summary>Holds by measures, beyond the dwell of the incident.</summary>
    private readonly List<(Hold Hold, int Index)> standing = [];

    public Posture(ImpulseList impulses, Method method)
    {
        this.impulses = impulses;
        dwells = [.. method.Rungs.Select(r => TimeSpan.FromDays(r.DwellDays))];
        for (var i = 0; i < impulses.Count; i++)
        {
            ref readonly var impulse = ref impulses[i];
            if (impulse.Qualifies)
            {
                dwelling[impulse.Rung].Add(i);
                if (impulse.Opens)
                {
                    standing.Add((HoldOf(impulse), i));
                }
            }
        }
    }

    /// <returns>0 if nothing is held.</returns>
    public int RungAt(DateTimeOffset t)
    {
        var rung = standing.Where(s => s.Hold.Covers(t)).Select(s => s.Hold.Rung).DefaultIfEmpty().Max();
        for (var higher = Rungs - 1; higher > rung; higher--)
        {
            if (LastDwelling(higher, t) is not null)
            {
                return higher;
            }
        }

        return rung;
    }

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
    private int? LastDwelling(int rung, DateTimeOffset t)
    {
        var of = dwelling[rung];
        var (low, high) = (0, of.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = impulses[of[middle]].Tau <= t ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && t - impulses[of[low - 1]].Tau <= dwells[rung] ? of[low - 1] : null;
    }

    private Hold HoldOf(in Impulse i) => i.Rung >= HoldsWhileOpen
        ? new Hold(i.Tau, i.ClosedAt is { } closed ? After(closed, dwells[i.Rung]) : DateTimeOffset.MaxValue, i.Rung)
        : new Hold(After(i.Tau, dwells[i.Rung] + Instant), i.ClosedAt is { } end ? end - Instant : DateTimeOffset.MaxValue, OfALowerMeasure);

    private static DateTimeOffset After(DateTimeOffset from, TimeSpan time) => DateTimeOffset.MaxValue - from > time ? from + time : DateTimeOffset.MaxValue;

    /// <summary>A rung held from one instant to another, both included.</summary>
    private readonly record struct Hold(DateTimeOffset From, DateTimeOffset To, int Rung)
    {
        public bool Covers(DateTimeOffset t) => From <= t && t <= To;
    }
}
