using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>Walks along a relationship's time and tells its sums and rung at instants that never go back.</summary>
/// <remarks>
/// Sums are carried from midnight to midnight. The impulses of a day are summed by themselves, in order of τ, incident and link, and added at its end.
/// Thus the same impulses give the same bits whatever instants were asked for, and a day's or a midnight's sums can stand for the impulses in them.
/// Standing measures do not decay like the rest and are summed one by one.
/// </remarks>
public sealed class Sweep
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly MethodParameters method;
    private readonly List<Impulse> decaying;
    private readonly List<Impulse> measures;
    private readonly Posture posture;
    private readonly double fastPerDay;
    private readonly double slowPerDay;
    private DateTimeOffset midnight;
    private Sums carried;
    private int next;

    /// <param name="impulses">Of one dyad, in any order.</param>
    public Sweep(IEnumerable<Impulse> impulses, Method method)
    {
        this.method = method.Parameters;
        var ordered = impulses.OrderBy(i => i.Tau).ThenBy(i => i.Incident).ThenBy(i => i.Link).ToList();
        decaying = [.. ordered.Where(i => !i.Opens)];
        measures = [.. ordered.Where(i => i.Opens)];
        posture = new Posture(ordered, method);
        fastPerDay = Math.Pow(2, -1 / this.method.HalfLifeFastDays);
        slowPerDay = Math.Pow(2, -1 / this.method.HalfLifeSlowDays);
        First = ordered.Count > 0 ? ordered[0].Tau : null;
        midnight = decaying.Count > 0 ? MidnightAtOrBefore(decaying[0].Tau) : DateTimeOffset.MaxValue;
    }

    /// <summary>The first τ; null for an empty record.</summary>
    public DateTimeOffset? First { get; }

    public static DateTimeOffset MidnightAtOrBefore(DateTimeOffset t) => new(t.UtcDateTime.Date, TimeSpan.Zero);

    /// <param name="t">Not before the last instant asked for.</param>
    public Sums SumsAt(DateTimeOffset t)
    {
        while (t - midnight >= Day)
        {
            CarryToNextMidnight(t);
        }

        var sums = carried;
        if (midnight < t)
        {
            sums = carried.Decayed(Decay.Factor(midnight, t, method.HalfLifeFastDays), Decay.Factor(midnight, t, method.HalfLifeSlowDays));
        }

        for (var i = next; i < decaying.Count && decaying[i].Tau <= t; i++)
        {
            sums = sums.With(decaying[i], t, method);
        }

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

    /// <summary>The computed posture, 0 to 9.</summary>
    /// <param name="t">Not before the last instant asked for.</param>
    public int RungAt(DateTimeOffset t) => posture.RungAt(t);

    private void CarryToNextMidnight(DateTimeOffset t)
    {
        if (carried.AreNothing && (next == decaying.Count || decaying[next].Tau >= midnight + Day))
        {
            // Nothing to carry through a long silence: go to the day of the next impulse, or to the last midnight asked for.
            carried = default;
            midnight = MidnightAtOrBefore(next < decaying.Count && decaying[next].Tau < t ? decaying[next].Tau : t);
            return;
        }

        midnight += Day;
        var ofTheDay = default(Sums);
        for (; next < decaying.Count && decaying[next].Tau < midnight; next++)
        {
            ofTheDay = ofTheDay.With(decaying[next], midnight, method);
        }

        carried = carried.Decayed(fastPerDay, slowPerDay).Plus(ofTheDay);
    }
}
