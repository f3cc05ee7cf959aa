using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The one function behind every number: what a relationship is at V, given the entries known at K, under method M.</summary>
/// <remarks>Pure. The live view, reads in the past and tests all call it, so that they cannot differ.</remarks>
public sealed class RelationshipFold
{
    private const int EnoughIncidents = 10;
    private const int LevelDays = 1095;

    private static readonly TimeSpan EnoughRecord = TimeSpan.FromDays(180);
    private static readonly TimeSpan RiseOver = TimeSpan.FromDays(7);

    private readonly Method method;

    /// <summary>How many incidents there are up to and including each impulse.</summary>
    private readonly int[] incidentsUpTo;

    /// <param name="entries">The ledger of one dyad: latest revisions, none retracted, in any order.</param>
    public RelationshipFold(IEnumerable<LedgerEntry> entries, Method method)
    {
        this.method = method;
        Impulses = [.. entries.Select(e => Impulse.Of(e, method)).OrderBy(i => i.Tau).ThenBy(i => i.Incident).ThenBy(i => i.Link)];
        var seen = new HashSet<Guid>(Impulses.Count);
        incidentsUpTo = [.. Impulses.Select(i => seen.Add(i.Incident) ? seen.Count : seen.Count)];
    }

    /// <summary>In order of τ, incident and link.</summary>
    public IReadOnlyList<Impulse> Impulses { get; }

    public RelationshipState At(DateTimeOffset t)
    {
        var sweep = new Sweep(Impulses, method);
        var before = t - DateTimeOffset.MinValue > RiseOver ? Tension(sweep.SumsAt(t - RiseOver)) : 0;
        var sums = sweep.SumsAt(t);
        return StateOf(sums, sweep.RungAt(t), t, Tension(sums) - before);
    }

    /// <summary>Where the tension at <paramref name="t"/> stands among the dyad's own past.</summary>
    public RelativeLevel LevelAt(DateTimeOffset t)
    {
        var tension = Tension(new Sweep(Impulses, method).SumsAt(t));
        var (atOrBelow, days) = (0, 0);
        DateTimeOffset? highestSince = null;
        foreach (var (midnight, past) in Midnights(t))
        {
            days++;
            atOrBelow += past <= tension ? 1 : 0;
            highestSince = past > tension ? midnight : highestSince;
        }

        return new RelativeLevel(days == 0 ? null : 100.0 * atOrBelow / days, days, highestSince);
    }

    /// <summary>Measures in force at <paramref name="t"/>, each incident once, oldest first.</summary>
    public IReadOnlyList<Impulse> MeasuresAt(DateTimeOffset t) => [.. Impulses.Where(i => i.InForceAt(t)).DistinctBy(i => i.Incident)];

    /// <summary>The incident that holds the posture at <paramref name="t"/>: of those that do, the last; null on rung 0.</summary>
    public Guid? PostureHeldBy(DateTimeOffset t) => Posture.HeldBy(Impulses, method, t, new Sweep(Impulses, method).RungAt(t));

    /// <summary>The states at instants that do not go back, in one pass.</summary>
    public IEnumerable<(DateTimeOffset At, RelationshipState State)> Series(IEnumerable<DateTimeOffset> instants)
    {
        var sweep = new Sweep(Impulses, method);
        var earlier = new Sweep(Impulses, method);
        foreach (var t in instants)
        {
            var before = t - DateTimeOffset.MinValue > RiseOver ? Tension(earlier.SumsAt(t - RiseOver)) : 0;
            var sums = sweep.SumsAt(t);
            yield return (t, StateOf(sums, sweep.RungAt(t), t, Tension(sums) - before));
        }
    }

    /// <summary>What the calendar month of <paramref name="t"/>, up to <paramref name="t"/>, is beside the month before: rung at the end, else mean tension at midnights by ten points.</summary>
    public Arrow ArrowAt(DateTimeOffset t)
    {
        const double Points = 10;
        var month = new DateTimeOffset(t.Year, t.Month, 1, 0, 0, 0, TimeSpan.Zero);
        if (month.Ticks == 0)
        {
            return Arrow.Unchanged;
        }

        var previous = month.AddMonths(-1);
        var sweep = new Sweep(Impulses, method);
        var before = DaysFrom(previous, (month - previous).Days).Select(d => Tension(sweep.SumsAt(d))).Average();
        var rungBefore = sweep.RungAt(month - TimeSpan.FromTicks(1));
        var now = DaysFrom(month, (t - month).Days + 1).Select(d => Tension(sweep.SumsAt(d))).Average();
        var rung = sweep.RungAt(t);
        return (rung.CompareTo(rungBefore), now - before) switch
        {
            ( > 0, _) or (0, >= Points) => Arrow.Deteriorated,
            ( < 0, _) or (0, <= -Points) => Arrow.Improved,
            _ => Arrow.Unchanged,
        };
    }

    /// <summary>Tension at the midnights M with t − 1,095 days &lt; M ≤ t, from the first τ on.</summary>
    private IEnumerable<(DateTimeOffset Midnight, double Tension)> Midnights(DateTimeOffset t)
    {
        var sweep = new Sweep(Impulses, method);
        if (sweep.First is not { } first || first > t)
        {
            yield break;
        }

        var last = Sweep.MidnightAtOrBefore(t);
        for (var back = LevelDays - 1; back >= 0; back--)
        {
            if (last - DateTimeOffset.MinValue < TimeSpan.FromDays(back) || last.AddDays(-back) is var midnight && (midnight < first || t - midnight >= TimeSpan.FromDays(LevelDays)))
            {
                continue;
            }

            yield return (last.AddDays(-back), Tension(sweep.SumsAt(last.AddDays(-back))));
        }
    }

    private static IEnumerable<DateTimeOffset> DaysFrom(DateTimeOffset from, int days) => Enumerable.Range(0, days).Select(day => from.AddDays(day));

    private double Tension(in Sums sums) => RelationshipState.Saturate(sums.HostileFast, method);

    private RelationshipState StateOf(in Sums sums, int rung, DateTimeOffset t, double rise)
    {
        var p = method.Parameters;
        var last = LastAtOrBefore(t);
        var incidents = last < 0 ? 0 : incidentsUpTo[last];
        DateTimeOffset? first = last < 0 ? null : Impulses[0].Tau;
        var tension = Tension(sums);
        return new RelationshipState(
            sums.HostileFast,
            sums.HostileSlow,
            sums.CooperativeFast,
            sums.CooperativeSlow,
            tension,
            RelationshipState.Saturate(sums.CooperativeFast, method),
            method.BandOf(tension),
            sums.HostileFast == 0 ? 0 : (sums.HostileFastForward - sums.HostileFastBackward) / sums.HostileFast,
            PerDay(sums.HostileFast, p.HalfLifeFastDays) / PerDay(sums.HostileSlow, p.HalfLifeSlowDays),
            incidents < EnoughIncidents || t - first < EnoughRecord ? Baseline.Insufficient : Baseline.Sufficient,
            sums.HostileFast == 0 ? 0 : sums.MaterialFast / sums.HostileFast,
            rung,
            rise,
            incidents == 0 ? Observation.Unobserved : Observation.Observed,
            incidents,
            first,
            last < 0 ? null : Impulses[last].Tau);

        double PerDay(double sum, double halfLife) => (sum * Math.Log(2) / halfLife) + p.PressureEpsilonPerDay;
    }

    /// <summary>Index of the last impulse with τ ≤ t; −1 if there is none.</summary>
    private int LastAtOrBefore(DateTimeOffset t)
    {
        var (low, high) = (0, Impulses.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Impulses[middle].Tau <= t ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
