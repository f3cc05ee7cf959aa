using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Fast hostility and cooperation of a relationship just before the midnights (UTC) of the last 1,095 days, as known now: what is dated by a day, and so counts from its midnight on, is not yet among them.</summary>
/// <remarks>What is learned late is added to the midnights after its τ. Measures do not decay plainly; where one of the past changes, the midnights are worked out anew when somebody asks.</remarks>
public sealed class Midnights(Method method)
{
    public const int Days = 1095;

    private readonly List<(DateTimeOffset At, double Hostile, double Cooperative)> values = [];
    private bool stale = true;

    /// <summary>The highest tension, or warmth, of those with now − <paramref name="days"/> &lt; midnight ≤ now; 0 to 100, null if there is none.</summary>
    public double? Highest(DateTimeOffset now, int days, bool warmth)
    {
        double? highest = null;
        for (var i = values.Count - 1; i >= 0 && now - values[i].At < TimeSpan.FromDays(days); i--)
        {
            var value = warmth ? values[i].Cooperative : values[i].Hostile;
            highest = highest >= value ? highest : value;
        }

        return highest is { } sum ? RelationshipNumbers.Saturate(sum, method) : null;
    }

    /// <summary>The next midnight after an instant.</summary>
    public static DateTimeOffset After(DateTimeOffset t) => new(t.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    /// <summary>Works them out, unless they are right already.</summary>
    public void Keep(DyadWatch watch)
    {
        if (!stale)
        {
            return;
        }

        values.Clear();
        stale = false;
        if (watch.Fold.First is not { } first)
        {
            return;
        }

        var closes = watch.Fold.Between(DateTimeOffset.MinValue, watch.Now).Select(links => links[0].Incident).ToDictionary(i => i, watch.ClosedBy);
        var then = new LaggedFold(method, TimeSpan.Zero);
        var elsewhere = watch.Closers.Where(c => !closes.ContainsKey(c.Incident)).OrderBy(c => c.Tau).ToList();
        var next = 0;
        var earliest = watch.Now - DateTimeOffset.MinValue > TimeSpan.FromDays(Days) ? watch.Now.AddDays(-Days) : DateTimeOffset.MinValue;
        var midnight = After((first > earliest ? first : earliest).AddTicks(-1));
        foreach (var links in watch.Fold.Between(DateTimeOffset.MinValue, watch.Now))
        {
            Until(links[0].Tau);
            then.Advance(links[0].Tau);
            then.Revise(links[0].Incident, links, closes[links[0].Incident]);
        }

        Until(DateTimeOffset.MaxValue);

        void Until(DateTimeOffset tau)
        {
            while (midnight <= tau && midnight <= watch.Now)
            {
                Elsewhere(midnight);
                Add(then, midnight);
                midnight = midnight.AddDays(1);
            }

            Elsewhere(tau < watch.Now ? tau : watch.Now);
        }

        void Elsewhere(DateTimeOffset upTo)
        {
            for (; next < elsewhere.Count && elsewhere[next].Tau <= upTo; next++)
            {
                then.Advance(elsewhere[next].Tau);
                then.Revise(elsewhere[next].Incident, [], elsewhere[next]);
            }
        }
    }

    /// <summary>Time passes: the midnights up to <paramref name="t"/> are added.</summary>
    public void Pass(DyadWatch watch, DateTimeOffset t)
    {
        if (stale || watch.Fold.First is null)
        {
            stale = true;
            return;
        }

        if (t - watch.Now > TimeSpan.FromDays(Days))
        {
            stale = true;
            return;
        }

        for (var midnight = After(watch.Now); midnight <= t; midnight = midnight.AddDays(1))
        {
            watch.Fold.Advance(midnight);
            var sums = watch.Fold.Sums();
            values.Add((midnight, sums.HostileFast, sums.CooperativeFast));
        }

        if (values.Count > 2 * Days)
        {
            values.RemoveRange(0, values.Count - Days);
        }
    }

    /// <summary>An incident is from here on something else than before.</summary>
    /// <param name="closes">The measure that it closes now, or did before.</param>
    public void Change(ImmutableArray<Impulse> before, ImmutableArray<Impulse> after, Closer? closes)
    {
        if (stale || (closes is null && !Concerns(before) && !Concerns(after)))
        {
            return;
        }

        if (closes is not null || before.Any(i => i.Opens) || after.Any(i => i.Opens || IsEarlier(i)))
        {
            stale = true;
            return;
        }

        foreach (var (links, sign) in new[] { (before, -1), (after, 1) })
        {
            foreach (var link in links)
            {
                for (var i = values.Count - 1; i >= 0 && values[i].At > link.Tau; i--)
                {
                    var left = sign * link.Remaining(values[i].At, method.Parameters.HalfLifeFastDays);
                    values[i] = values[i] with { Hostile = values[i].Hostile + (link.Hostile * left), Cooperative = values[i].Cooperative + (link.Cooperative * left) };
                }
            }
        }
    }

    /// <summary>Whether it happened so long before all others that there are midnights between.</summary>
    private bool IsEarlier(Impulse link) => values.Count < Days && (values.Count == 0 || link.Tau < values[0].At.AddDays(-1));

    private bool Concerns(ImmutableArray<Impulse> links) => links.Length > 0 && (values.Count == 0 || links[0].Tau < values[^1].At);

    private void Add(LaggedFold then, DateTimeOffset midnight)
    {
        then.Advance(midnight);
        var sums = then.Fold.Sums();
        values.Add((midnight, sums.HostileFast, sums.CooperativeFast));
    }
}
