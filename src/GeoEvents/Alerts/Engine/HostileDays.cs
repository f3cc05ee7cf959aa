using System.Collections.Immutable;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Hostile impulses of a relationship summed by day (UTC) of their τ, as known now, and the change point in them.</summary>
public sealed class HostileDays
{
    /// <summary>The CUSUM runs over that many days, today included.</summary>
    private const int Run = 90;

    /// <summary>Each day is compared with that many before it.</summary>
    private const int Baseline = 180;

    private const double LeastDeviation = 0.1;

    private readonly Dictionary<long, HostileSum> days = [];

    /// <param name="before">Links of an incident as it was.</param>
    /// <param name="after">As it is.</param>
    public void Replace(ImmutableArray<Impulse> before, ImmutableArray<Impulse> after)
    {
        Put(before, -1);
        Put(after, 1);
    }

    /// <summary>Hostile impulses with <paramref name="after"/> &lt; τ ≤ <paramref name="upTo"/>. Whole days are summed already.</summary>
    public HostileSum Between(RunningFold fold, DateTimeOffset after, DateTimeOffset upTo)
    {
        var (first, last) = (DayOf(after) + 1, DayOf(upTo));
        if (first >= last)
        {
            return Sum(fold.Between(after, upTo));
        }

        var sum = Sum(fold.Between(after, JustBefore(first))).Plus(Sum(fold.Between(JustBefore(last), upTo)), 1);
        for (var day = first; day < last; day++)
        {
            sum = days.TryGetValue(day, out var whole) ? sum.Plus(whole, 1) : sum;
        }

        return sum;
    }

    /// <summary>S of the capped CUSUM: <c>S = max(0, S + min(cap, z) − slack)</c>, from 0, over the last 90 days. Source: Page, Biometrika 41 (1954).</summary>
    /// <returns>0 and up.</returns>
    public double Cusum(DateTimeOffset now, double cap, double slack)
    {
        var today = DayOf(now);
        Span<double> x = stackalloc double[Baseline + Run];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = days.TryGetValue(today - x.Length + 1 + i, out var day) ? Math.Log(1 + day.Hostile) : 0;
        }

        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < Baseline; i++)
        {
            (sum, squares) = (sum + x[i], squares + (x[i] * x[i]));
        }

        var s = 0.0;
        for (var i = Baseline; i < x.Length; i++)
        {
            var mean = sum / Baseline;
            var deviation = Math.Max(LeastDeviation, Math.Sqrt(Math.Max(0, (squares / Baseline) - (mean * mean))));
            s = Math.Max(0, s + Math.Min(cap, (x[i] - mean) / deviation) - slack);
            (sum, squares) = (sum + x[i] - x[i - Baseline], squares + (x[i] * x[i]) - (x[i - Baseline] * x[i - Baseline]));
        }

        return s;
    }

    private static HostileSum Sum(IEnumerable<ImmutableArray<Impulse>> incidents) => incidents.Aggregate(default(HostileSum), (sum, links) => sum.Plus(HostileSum.Of(links), 1));

    private void Put(ImmutableArray<Impulse> links, int sign)
    {
        if (links.Length > 0 && HostileSum.Of(links) is { Incidents: > 0 } added)
        {
            var day = DayOf(links[0].Tau);
            var sum = days.GetValueOrDefault(day).Plus(added, sign);
            if (sum.Incidents == 0)
            {
                days.Remove(day);
            }
            else
            {
                days[day] = sum;
            }
        }
    }

    /// <summary>The last instant before a day begins.</summary>
    private static DateTimeOffset JustBefore(long day) => new((day * TimeSpan.TicksPerDay) - 1, TimeSpan.Zero);

    private static long DayOf(DateTimeOffset t) => t.UtcTicks / TimeSpan.TicksPerDay;
}

/// <summary>Hostile impulses h, taken together.</summary>
/// <param name="Hostile">Σh.</param>
/// <param name="Material">Of it, material conflict.</param>
/// <param name="Incidents">How many incidents have any.</param>
public readonly record struct HostileSum(double Hostile, double Material, int Incidents)
{
    /// <summary>0 to 1; 0 without any.</summary>
    public double MaterialShare => Hostile > 0 ? Material / Hostile : 0;

    /// <param name="links">All of one incident.</param>
    public static HostileSum Of(ImmutableArray<Impulse> links)
    {
        var (hostile, material) = (0.0, 0.0);
        foreach (var link in links)
        {
            hostile += link.Hostile;
            material += link.Material ? link.Hostile : 0;
        }

        return new HostileSum(hostile, material, hostile > 0 ? 1 : 0);
    }

    public HostileSum Plus(in HostileSum other, int sign) => new(Hostile + (sign * other.Hostile), Material + (sign * other.Material), Incidents + (sign * other.Incidents));
}
