using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The sums of a relationship at any instant.</summary>
/// <remarks>
/// Sums are carried from midnight to midnight, once, and kept. The impulses of a day are summed by themselves, in order of τ, incident and link, and added
/// at its end. Thus the same impulses give the same bits whatever instants were asked for, and an instant costs the impulses of its own day.
/// Standing measures do not decay like the rest and are summed one by one.
/// </remarks>
public sealed class DailySums
{
    private readonly ImpulseList impulses;
    private readonly MethodParameters method;
    private readonly List<Impulse> measures;
    private readonly List<Midnight> midnights = [];
    private readonly double fastPerDay;
    private readonly double slowPerDay;

    /// <summary>Begins at <paramref name="Day"/>, in days since the year 1; the first impulse of the day or after it is <paramref name="Next"/>.</summary>
    private readonly record struct Midnight(long Day, Sums Carried, int Next);

    public DailySums(ImpulseList impulses, Method method)
    {
        this.impulses = impulses;
        this.method = method.Parameters;
        measures = [.. impulses.Where(i => i.Opens)];
        fastPerDay = Math.Pow(2, -1 / this.method.HalfLifeFastDays);
        slowPerDay = Math.Pow(2, -1 / this.method.HalfLifeSlowDays);
        if (impulses.Count > 0)
        {
            midnights.Add(new Midnight(DayOf(impulses[0].Tau), default, 0));
        }
    }

    public Sums At(DateTimeOffset t)
    {
        var sums = Decaying(t);
        foreach (var measure in measures)
        {
            if (measure.Tau > t)
            {
                break;
            }

            sums = sums.With(measure, t, method);
        }

        return sums;
    }

    private Sums Decaying(DateTimeOffset t)
    {
        var day = DayOf(t);
        CarryTo(day);
        var at = LastAtOrBefore(day);
        if (at < 0 || midnights[at].Day < day)
        {
            // Before the first day, or in a silence so long that nothing was left to carry.
            return default;
        }

        var midnight = midnights[at];
        var start = new DateTimeOffset(midnight.Day * TimeSpan.TicksPerDay, TimeSpan.Zero);
        var sums = start < t
            ? midnight.Carried.Decayed(Decay.Factor(start, t, method.HalfLifeFastDays), Decay.Factor(start, t, method.HalfLifeSlowDays))
            : midnight.Carried;
        for (var i = midnight.Next; i < impulses.Count && impulses[i].Tau <= t; i++)
        {
            if (!impulses[i].Opens)
            {
                sums = sums.With(impulses[i], t, method);
            }
        }

        return sums;
    }

    /// <summary>Carries the sums on until the midnight that begins a day, if there is anything to carry.</summary>
    private void CarryTo(long day)
    {
        while (midnights is [.., var last] && last.Day < day)
        {
            var nextDay = last.Next < impulses.Count ? DayOf(impulses[last.Next].Tau) : long.MaxValue;
            if (last.Carried.AreNothing && nextDay > last.Day)
            {
                if (nextDay > day)
                {
                    return;
                }

                midnights.Add(new Midnight(nextDay, default, last.Next));
                continue;
            }

            var ofTheDay = default(Sums);
            var next = last.Next;
            for (var end = (last.Day + 1) * TimeSpan.TicksPerDay; next < impulses.Count && impulses[next].Tau.Ticks < end; next++)
            {
                ref readonly var impulse = ref impulses[next];
                if (!impulse.Opens)
                {
                    ofTheDay = ofTheDay.With(impulse, impulse.FastAtMidnight, impulse.SlowAtMidnight);
                }
            }

            midnights.Add(new Midnight(last.Day + 1, last.Carried.Decayed(fastPerDay, slowPerDay).Plus(ofTheDay), next));
        }
    }

    /// <summary>Index of the last midnight that was kept and does not begin a later day; −1 if there is none.</summary>
    private int LastAtOrBefore(long day)
    {
        var (low, high) = (0, midnights.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = midnights[middle].Day <= day ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private static long DayOf(DateTimeOffset t) => t.UtcTicks / TimeSpan.TicksPerDay;
}
