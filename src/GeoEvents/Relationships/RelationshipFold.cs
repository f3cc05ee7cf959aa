using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The one function behind every number: what a relationship is at V, given the entries known at K, under method M.</summary>
/// <remarks>Pure. The live view, reads in the past and tests all call it, so that they cannot differ.</remarks>
public sealed class RelationshipFold
{
    private const int LevelDays = 1095;

    private static readonly TimeSpan RiseOver = TimeSpan.FromDays(7);

    private readonly Method method;
    private readonly DailySums sums;
    private readonly Lazy<Posture> posture;
    private readonly Lazy<int[]> incidentsUpTo;

    /// <param name="entries">The ledger of one dyad: latest revisions, none retracted, in any order.</param>
    public RelationshipFold(IEnumerable<LedgerEntry> entries, Method method)
        : this(ImpulseList.Of(entries.Select(e => Impulse.Of(e, method))), method)
    {
    }

    public RelationshipFold(ImpulseList impulses, Method method)
    {
        this.method = method;
        Impulses = impulses;
        sums = new DailySums(impulses, method);
        posture = new Lazy<Posture>(() => new Posture(impulses, method));
        incidentsUpTo = new Lazy<int[]>(() => CountIncidents(impulses));
    }

    /// <summary>In order of τ, incident and link.</summary>
    public ImpulseList Impulses { get; }

    /// <summary>H with the fast half-life, both directions.</summary>
    public double HostilityFastAt(DateTimeOffset t) => sums.At(t).HostileFast;

    public RelationshipState At(DateTimeOffset t)
    {
        var before = t - DateTimeOffset.MinValue > RiseOver ? TensionAt(t - RiseOver) : 0;
        var now = sums.At(t);
        var count = Impulses.CountUntil(t);
        var numbers = RelationshipNumbers.Of(
            now,
            posture.Value.RungAt(t),
            count == 0 ? 0 : incidentsUpTo.Value[count - 1],
            count == 0 ? null : Impulses[0].Tau,
            count == 0 ? null : Impulses[count - 1].Tau,
            t,
            method);
        return new RelationshipState(numbers, numbers.Tension - before);
    }

    /// <summary>Where the tension at <paramref name="t"/> stands among the dyad's own past.</summary>
    public RelativeLevel LevelAt(DateTimeOffset t)
    {
        var tension = TensionAt(t);
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
    public Guid? PostureHeldBy(DateTimeOffset t) => posture.Value.HeldBy(t);

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
        var before = DaysFrom(previous, (month - previous).Days).Select(TensionAt).Average();
        var rungBefore = posture.Value.RungAt(month - TimeSpan.FromTicks(1));
        var now = DaysFrom(month, (t - month).Days + 1).Select(TensionAt).Average();
        var rung = posture.Value.RungAt(t);
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
        if (Impulses.Count == 0 || Impulses[0].Tau is var first && first > t)
        {
            yield break;
        }

        var last = new DateTimeOffset(t.UtcDateTime.Date, TimeSpan.Zero);
        for (var back = LevelDays - 1; back >= 0; back--)
        {
            if (last - DateTimeOffset.MinValue < TimeSpan.FromDays(back) || last.AddDays(-back) is var midnight && (midnight < first || t - midnight >= TimeSpan.FromDays(LevelDays)))
            {
                continue;
            }

            yield return (last.AddDays(-back), TensionAt(last.AddDays(-back)));
        }
    }

    private static IEnumerable<DateTimeOffset> DaysFrom(DateTimeOffset from, int days) => Enumerable.Range(0, days).Select(day => from.AddDays(day));

    private double TensionAt(DateTimeOffset t) => Tension(sums.At(t));

    private double Tension(in Sums sums) => RelationshipState.Saturate(sums.HostileFast, method);

    /// <summary>How many incidents there are up to and including each impulse; the links of an incident have one τ, so they stand together.</summary>
    private static int[] CountIncidents(ImpulseList impulses)
    {
        var upTo = new int[impulses.Count];
        for (var i = 0; i < upTo.Length; i++)
        {
            upTo[i] = i == 0 ? 1 : upTo[i - 1] + (impulses[i].Incident != impulses[i - 1].Incident ? 1 : 0);
        }

        return upTo;
    }
}
