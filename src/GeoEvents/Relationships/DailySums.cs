using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The sums of a relationship at any instant.</summary>
/// <remarks>
/// Sums are carried from one day with impulses to the next, once, and kept for the midnight that ends each. The impulses of a day are summed by themselves, in
/// order of τ, incident and link, and added at its end. Thus the same impulses give the same bits whatever instants are asked for, an instant costs
/// the impulses of its own day, and silence costs nothing. Standing measures do not decay like the rest and are summed one by one.
/// </remarks>
public sealed class DailySums
{
    private readonly ImpulseList impulses;
    private readonly MethodParameters method;
    private readonly Impulse[] measures;

    /// <summary>One for each day with impulses, in order.</summary>
    private readonly Midnight[] midnights;

    /// <summary>The end of a day, in days since the year 1; the first impulse from then on is <paramref name="Next"/>.</summary>
    private readonly record struct Midnight(long Day, Sums Carried, int Next);

    public DailySums(ImpulseList impulses, Method method)
    {
        this.impulses = impulses;
        this.method = method.Parameters;
        measures = [.. impulses.Where(i => i.Opens)];
        midnights = [.. Carry()];
    }

    public Sums At(DateTimeOffset t)
    {
        var sums = Decaying(t);
        foreach (ref readonly var measure in measures.AsSpan())
        {
            if (measure.Tau > t)
            {
                break;
            }

            sums = sums.With(measure, t, method);
        }

        return sums;
    }

    /// <summary>What is left of all but the measures.</summary>
    private Sums Decaying(DateTimeOffset t)
    {
        var at = LastAtOrBefore(t.UtcTicks / TimeSpan.TicksPerDay);
        var (sums, next) = (default(Sums), 0);
        if (at >= 0)
        {
            var midnight = midnights[at];
            var since = (t.UtcTicks - (midnight.Day * TimeSpan.TicksPerDay)) / (double)TimeSpan.TicksPerDay;
            (sums, next) = (Decayed(midnight.Carried, since), midnight.Next);
        }

        for (; next < impulses.Count && impulses[next].Tau <= t; next++)
        {
            if (!impulses[next].Opens)
            {
                sums = sums.With(impulses[next], t, method);
            }
        }

        return sums;
    }

    private IEnumerable<Midnight> Carry()
    {
        var last = default(Midnight);
        while (last.Next < impulses.Count)
        {
            var day = (impulses[last.Next].Tau.UtcTicks / TimeSpan.TicksPerDay) + 1;
            var (end, next, ofTheDay) = (day * TimeSpan.TicksPerDay, last.Next, default(Sums));
            for (; next < impulses.Count && impulses[next].Tau.UtcTicks < end; next++)
            {
                ref readonly var impulse = ref impulses[next];
                if (!impulse.Opens)
                {
                    ofTheDay = ofTheDay.With(impulse, impulse.FastAtMidnight, impulse.SlowAtMidnight);
                }
            }

            last = new Midnight(day, last.Next == 0 ? ofTheDay : Decayed(last.Carried, day - last.Day).Plus(ofTheDay), next);
            yield return last;
        }
    }

    private Sums Decayed(in Sums sums, double days) => days == 0
        ? sums
        : sums.Decayed(Math.Pow(2, -days / method.HalfLifeFastDays), Math.Pow(2, -days / method.HalfLifeSlowDays));

    /// <summary>Index of the last midnight that does not begin a later day; −1 if there is none.</summary>
    private int LastAtOrBefore(long day)
    {
        var (low, high) = (0, midnights.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = midnights[middle].Day <= day ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
