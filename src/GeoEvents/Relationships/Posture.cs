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

    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly List<Hold> holds;
    private readonly DateTimeOffset?[] until = new DateTimeOffset?[10];
    private int next;

    public Posture(IEnumerable<Impulse> impulses, Method method) =>
        holds = [.. impulses.Where(i => i.Qualifies).SelectMany(i => HoldsOf(i, method)).OrderBy(h => h.From)];

    /// <param name="t">Not before the last instant asked for.</param>
    /// <returns>0 if nothing is held.</returns>
    public int RungAt(DateTimeOffset t)
    {
        for (; next < holds.Count && holds[next].From <= t; next++)
        {
            var hold = holds[next];
            if (!(until[hold.Rung] >= hold.To))
            {
                until[hold.Rung] = hold.To;
            }
        }

        for (var rung = until.Length - 1; rung > 0; rung--)
        {
            if (until[rung] >= t)
            {
                return rung;
            }
        }

        return 0;
    }

    /// <summary>What holds the rung at <paramref name="t"/>: the incident that came last of those that do; null on rung 0.</summary>
    public static Guid? HeldBy(IEnumerable<Impulse> impulses, Method method, DateTimeOffset t, int rung) => rung == 0
        ? null
        : impulses
            .Where(i => i.Qualifies && HoldsOf(i, method).Any(h => h.Rung == rung && h.From <= t && t <= h.To))
            .MaxBy(i => (i.Tau, i.Incident)).Incident;

    private static IEnumerable<Hold> HoldsOf(Impulse i, Method method)
    {
        var dwell = TimeSpan.FromDays(method.Rungs[i.Rung].DwellDays);
        yield return new Hold(i.Tau, After(i.Tau, dwell), i.Rung);
        if (i.Opens && i.Rung >= HoldsWhileOpen)
        {
            yield return new Hold(i.Tau, i.ClosedAt is { } closed ? After(closed, dwell) : DateTimeOffset.MaxValue, i.Rung);
        }
        else if (i.Opens)
        {
            yield return new Hold(After(i.Tau, dwell + Instant), i.ClosedAt is { } closed ? closed - Instant : DateTimeOffset.MaxValue, OfALowerMeasure);
        }
    }

    private static DateTimeOffset After(DateTimeOffset from, TimeSpan time) => DateTimeOffset.MaxValue - from > time ? from + time : DateTimeOffset.MaxValue;

    /// <summary>A rung held from one instant to another, both included.</summary>
    private readonly record struct Hold(DateTimeOffset From, DateTimeOffset To, int Rung);
}
