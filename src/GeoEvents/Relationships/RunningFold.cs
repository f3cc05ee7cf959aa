using System.Collections.Immutable;
using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>A relationship whose record changes, incident by incident, and whose time goes forward: the numbers of <see cref="RelationshipFold"/> without folding anew.</summary>
/// <remarks>
/// What decays is kept as sums at <see cref="Now"/> and carried forward by factors. Measures in force do not decay plainly and are kept one by one; a closed
/// one decays like the rest. So a change costs the links of its incident, whatever the length of the record. Pure; for one thread at a time.
/// </remarks>
public sealed class RunningFold(Method method)
{
    /// <summary>
    /// What is taken out of a sum leaves rounding behind, of the size of all that went into it. A sum below this share of that is summed anew,
    /// so that ratios of small sums are right as well, and nothing is left of what was taken out as a whole.
    /// </summary>
    private const double LeftOver = 1e-3;

    private readonly RunningPosture posture = new(method);
    private readonly Dictionary<Guid, ImmutableArray<Impulse>> incidents = [];
    private readonly Chronicle inOrder = new();
    private readonly Dictionary<(Guid Incident, short Link), Impulse> inForce = [];
    private readonly HashSet<Guid> measures = [];
    private readonly Dictionary<Guid, Closer> closers = [];
    private readonly Dictionary<Guid, List<Closer>> closing = [];

    /// <summary>Of all but the measures in force.</summary>
    private Sums sums;

    /// <summary>The same, had nothing been taken out since they were summed anew.</summary>
    private Sums everAdded;

    /// <summary>No incident's h + k was ever more than that, in units of impulse.</summary>
    private double heaviest;

    /// <summary>What was asked for since anything changed: a thousand rules ask the same, and each measure in force costs.</summary>
    private (Sums? Sums, int? Rung, RelationshipNumbers? Numbers, Piece? HostileAhead) asked;

    /// <summary>V: the instant that the numbers are of.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Lets time pass.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="t"/> is before <see cref="Now"/>.</exception>
    public void Advance(DateTimeOffset t)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(t, Now);
        if (t > Now)
        {
            var fast = Decay.Factor(Now, t, method.Parameters.HalfLifeFastDays);
            var slow = Decay.Factor(Now, t, method.Parameters.HalfLifeSlowDays);
            (sums, everAdded) = (sums.Decayed(fast, slow), everAdded.Decayed(fast, slow));
            Now = t;
            asked = default;
        }
    }

    /// <summary>From here on an incident is this, whatever it was before.</summary>
    /// <param name="links">Its links in the dyad, all of one τ; none if it is retracted or none of the dyad's.</param>
    /// <param name="closes">The measure that it closes, in whatever dyad it is itself; null if it closes none or is retracted.</param>
    /// <exception cref="ArgumentOutOfRangeException">It happens after <see cref="Now"/>.</exception>
    public void Revise(Guid incident, ImmutableArray<Impulse> links, Closer? closes)
    {
        foreach (var link in links)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(link.Tau, Now, nameof(links));
        }

        asked = default;
        var (removed, added) = (default(Sums), default(Sums));
        TakeOut(incident, ref removed);
        var was = closers.GetValueOrDefault(incident);
        Close(incident, was, closes);
        if (links.Length > 0)
        {
            PutIn(incident, links, ref added);
        }

        if (was is not null)
        {
            Renew(was.Closes, ref removed, ref added);
        }

        if (closes is not null && closes.Closes != was?.Closes)
        {
            Renew(closes.Closes, ref removed, ref added);
        }

        // Most corrections leave the numbers alone; then there is nothing to round.
        if (removed != added)
        {
            (sums, everAdded) = (sums.Plus(added).Minus(removed), everAdded.Plus(added));
            if (removed != default && sums.AnyBelow(LeftOver, everAdded))
            {
                sums = everAdded = SummedAnew();
            }
        }
    }

    /// <summary>From here on an incident closes another measure, or none; its links stay as they are.</summary>
    public void Move(Guid incident, Closer? closes) => Revise(incident, LinksOf(incident), closes);

    /// <summary>Its links in the dyad, none if it has none or is not there.</summary>
    public ImmutableArray<Impulse> LinksOf(Guid incident) => incidents.TryGetValue(incident, out var links) ? links : [];

    /// <summary>How many incidents there are.</summary>
    public int Count => incidents.Count;

    /// <summary>The earliest τ; null without incidents.</summary>
    public DateTimeOffset? First => inOrder.First;

    /// <summary>Incidents with <paramref name="after"/> &lt; τ ≤ <paramref name="upTo"/> by their links, in order of τ and incident.</summary>
    public IEnumerable<ImmutableArray<Impulse>> Between(DateTimeOffset after, DateTimeOffset upTo) => inOrder.Between(after, upTo);

    /// <summary>Incidents with τ ≥ <paramref name="from"/> that come before one of <paramref name="tau"/>, the last first.</summary>
    public IEnumerable<ImmutableArray<Impulse>> Before(DateTimeOffset tau, Guid incident, DateTimeOffset from) => inOrder.Before(tau, incident, from);

    /// <summary>Every incident that adds more than that to h + k with the fast half-life, in order of τ and incident, and perhaps some that do not.</summary>
    /// <param name="least">0 or more, in units of impulse. What decays plainly has fallen below it after log₂(heaviest/least) half-lives.</param>
    public IEnumerable<ImmutableArray<Impulse>> Heavier(double least)
    {
        var days = method.Parameters.HalfLifeFastDays * Math.Log2(heaviest / least);
        var since = days < (Now - DateTimeOffset.MinValue).TotalDays ? Now.AddDays(-Math.Max(0, days)) : DateTimeOffset.MinValue;
        return measures.Select(m => incidents[m]).Where(links => links[0].Tau <= since).OrderBy(links => links[0].Tau).ThenBy(links => links[0].Incident).Concat(Between(since, Now));
    }

    /// <summary>Hostility and cooperation now.</summary>
    public Sums Sums() => asked.Sums ??= SumsNow();

    /// <summary>The rung now.</summary>
    public int Rung() => asked.Rung ??= posture.RungAt(Now);

    /// <summary>The next instant after now at which the rung may be another, if nothing more is recorded; null if it stays for ever.</summary>
    public DateTimeOffset? RungMayChange() => posture.MayChangeAfter(Now);

    /// <summary>Measures in force now.</summary>
    public IEnumerable<Impulse> InForce => inForce.Values;

    /// <summary>How hostility goes on from now with the fast half-life, if nothing more is recorded: its first piece.</summary>
    public Piece HostileAhead() => asked.HostileAhead ??= Ahead(s => s.HostileFast, i => i.Hostile, method.Parameters.HalfLifeFastDays);

    /// <summary>How a sum goes on from now, if nothing more is recorded: its first piece.</summary>
    /// <param name="of">What a link adds to the sum at its τ.</param>
    /// <param name="decaying">The sum of all but the measures in force.</param>
    public Piece Ahead(Func<Sums, double> decaying, Func<Impulse, double> of, double halfLifeDays)
    {
        var (constant, falling, until) = (0.0, decaying(sums), DateTimeOffset.MaxValue);
        foreach (var measure in inForce.Values)
        {
            var (left, floor) = (Decay.Factor(measure.Tau, Now, halfLifeDays), measure.Floor);
            if (left <= floor)
            {
                constant += of(measure) * floor;
            }
            else
            {
                falling += of(measure) * left;
                if (floor > 0 && Later(Now, halfLifeDays * Math.Log2(left / floor)) is var end && end < until)
                {
                    until = end;
                }
            }
        }

        return new Piece(Now, until, constant, falling, halfLifeDays);

        // What has reached its floor is there from the next second on, so that no piece is empty.
        static DateTimeOffset Later(DateTimeOffset from, double days) =>
            days > (DateTimeOffset.MaxValue - from).TotalDays - 1 ? DateTimeOffset.MaxValue : Instants.Up(from + TimeSpan.FromDays(days));
    }

    /// <summary>What the relationship is now.</summary>
    public RelationshipNumbers Numbers() =>
        asked.Numbers ??= RelationshipNumbers.Of(Sums(), Rung(), inOrder.Count, inOrder.First, inOrder.Last, Now, method);

    private Sums SumsNow()
    {
        var all = sums;
        foreach (var measure in inForce.Values)
        {
            all = all.With(measure, Now, method.Parameters);
        }

        return all;
    }

    /// <returns>Its links, none if it is not there.</returns>
    private ImmutableArray<Impulse> TakeOut(Guid incident, ref Sums removed)
    {
        if (!incidents.Remove(incident, out var links))
        {
            return [];
        }

        inOrder.Remove(links);
        measures.Remove(incident);
        foreach (ref readonly var link in links.AsSpan())
        {
            posture.Remove(link);
            if (!inForce.Remove((incident, link.Link)))
            {
                removed = removed.With(link, Now, method.Parameters);
            }
        }

        return links;
    }

    /// <summary>Lets a measure know what closes it by now.</summary>
    private void Renew(Guid measure, ref Sums removed, ref Sums added)
    {
        if (incidents.TryGetValue(measure, out var links) && links[0].Opens)
        {
            PutIn(measure, TakeOut(measure, ref removed), ref added);
        }
    }

    private void PutIn(Guid incident, ImmutableArray<Impulse> links, ref Sums added)
    {
        var closedAt = closing.TryGetValue(incident, out var by) ? by.Min(c => (DateTimeOffset?)c.Tau) : null;
        var closed = links;
        if (links.Any(l => l.Opens))
        {
            closed = [.. links.Select(l => l.Opens ? l.Closed(closedAt) : l)];
            measures.Add(incident);
        }

        incidents[incident] = closed;
        inOrder.Add(closed);
        var weight = 0.0;
        foreach (ref readonly var link in closed.AsSpan())
        {
            posture.Add(link);
            weight += link.Hostile + link.Cooperative;
            if (link.InForceAt(Now))
            {
                inForce[(incident, link.Link)] = link;
            }
            else
            {
                added = added.With(link, Now, method.Parameters);
            }
        }

        heaviest = Math.Max(heaviest, weight);
    }

    private void Close(Guid incident, Closer? before, Closer? now)
    {
        if (before is not null)
        {
            closers.Remove(incident);
            closing[before.Closes].Remove(before);
        }

        if (now is not null)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(now.Tau, Now, nameof(now));
            closers[incident] = now;
            (closing.TryGetValue(now.Closes, out var others) ? others : closing[now.Closes] = []).Add(now);
        }
    }

    private Sums SummedAnew()
    {
        var anew = default(Sums);
        foreach (var links in incidents.Values)
        {
            foreach (ref readonly var link in links.AsSpan())
            {
                anew = inForce.ContainsKey((link.Incident, link.Link)) ? anew : anew.With(link, Now, method.Parameters);
            }
        }

        return anew;
    }
}
