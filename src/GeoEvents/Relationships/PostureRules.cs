using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>A rung held from one instant to another, both included.</summary>
public readonly record struct Hold(DateTimeOffset From, DateTimeOffset To, int Rung)
{
    public bool Covers(DateTimeOffset t) => From <= t && t <= To;
}

/// <summary>How long a qualifying incident holds a rung, under one method.</summary>
/// <remarks>
/// An incident holds its rung from τ for the dwell, the last instant included. A measure of rung 5 or above holds its rung while open and
/// for the dwell after closing; another holds rung 3 after its dwell until it is closed. Source: DESIGN §5, posture.
/// </remarks>
public sealed class PostureRules(Method method)
{
    public const int Rungs = 10;

    private const int HoldsWhileOpen = 5;
    private const int OfALowerMeasure = 3;

    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly TimeSpan[] dwells = [.. method.Rungs.Select(r => TimeSpan.FromDays(r.DwellDays))];

    /// <summary>Whether an incident of <paramref name="tau"/> ≤ <paramref name="t"/> holds its rung for its dwell.</summary>
    public bool InDwell(int rung, DateTimeOffset tau, DateTimeOffset t) => t - tau <= dwells[rung];

    /// <summary>What a measure holds beyond the dwell of its incident.</summary>
    public Hold HoldOf(in Impulse i) => i.Rung >= HoldsWhileOpen
        ? new Hold(i.Tau, i.ClosedAt is { } closed ? After(closed, dwells[i.Rung]) : DateTimeOffset.MaxValue, i.Rung)
        : new Hold(After(i.Tau, dwells[i.Rung] + Instant), i.ClosedAt is { } end ? end - Instant : DateTimeOffset.MaxValue, OfALowerMeasure);

    /// <summary>The highest rung that is held.</summary>
    /// <param name="standing">Holds by measures.</param>
    /// <param name="lastOf">By rung, the latest τ ≤ <paramref name="t"/> of those that hold it for its dwell; null if there is none.</param>
    /// <returns>0 if nothing is held.</returns>
    public int RungAt(DateTimeOffset t, IEnumerable<Hold> standing, Func<int, DateTimeOffset?> lastOf)
    {
        var rung = 0;
        foreach (var hold in standing)
        {
            rung = hold.Covers(t) ? Math.Max(rung, hold.Rung) : rung;
        }

        for (var higher = Rungs - 1; higher > rung; higher--)
        {
            if (lastOf(higher) is { } tau && InDwell(higher, tau, t))
            {
                return higher;
            }
        }

        return rung;
    }

    /// <summary>The first instant at which an incident of <paramref name="tau"/> does not hold its rung for its dwell any more.</summary>
    public DateTimeOffset DwellEnds(int rung, DateTimeOffset tau) => JustAfter(After(tau, dwells[rung]));

    public static DateTimeOffset JustAfter(DateTimeOffset t) => After(t, Instant);

    private static DateTimeOffset After(DateTimeOffset from, TimeSpan time) => DateTimeOffset.MaxValue - from > time ? from + time : DateTimeOffset.MaxValue;
}
