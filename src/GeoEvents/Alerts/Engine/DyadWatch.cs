using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>One relationship as the engine sees it: what is known at a position of the log, at an instant that goes forward.</summary>
/// <remarks>
/// Everything that a condition asks for is kept along, so that a fact costs what it changes and not the length of the record. What needs
/// memory of its own (an earlier instant, midnights, days) is kept only once a condition has asked for it. Pure; for one thread at a time.
/// </remarks>
public sealed class DyadWatch
{
    private readonly LaggedFold now;
    private readonly Dictionary<TimeSpan, LaggedFold> earlier = [];
    private readonly Dictionary<Guid, (long First, long Last)> positions = [];
    private readonly Dictionary<Guid, Closer> closers = [];
    private Midnights? midnights;
    private HostileDays? days;

    public DyadWatch(Dyad dyad, Method method)
    {
        (Dyad, Method) = (dyad, method);
        now = new LaggedFold(method, TimeSpan.Zero);
    }

    public Dyad Dyad { get; }

    public Method Method { get; }

    /// <summary>V.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When something was last recorded of it: a fact of an incident that is no backfill, or a check. Null: never.</summary>
    public DateTimeOffset? Attended { get; set; }

    /// <summary>Who answers whom.</summary>
    public Turns Turns { get; } = new();

    /// <summary>The relationship now.</summary>
    public RunningFold Fold => now.Fold;

    public double Tension => RelationshipNumbers.Saturate(Fold.Sums().HostileFast, Method);

    /// <summary>What it was some time ago, as known now.</summary>
    /// <param name="lag">Greater than zero.</param>
    public LaggedFold Earlier(TimeSpan lag)
    {
        if (!earlier.TryGetValue(lag, out var fold))
        {
            fold = earlier[lag] = new LaggedFold(Method, lag);
            fold.Advance(Now);
            CopyTo(fold.Revise);
        }

        return fold;
    }

    /// <summary>Tension and warmth at past midnights, as known now.</summary>
    public Midnights Midnights()
    {
        midnights ??= new Midnights(Method);
        midnights.Keep(this);
        return midnights;
    }

    /// <summary>Hostile impulses day by day, as known now.</summary>
    public HostileDays Days()
    {
        if (days is null)
        {
            days = new HostileDays();
            foreach (var links in Fold.Between(DateTimeOffset.MinValue, DateTimeOffset.MaxValue))
            {
                days.Replace([], links);
            }
        }

        return days;
    }

    /// <summary>All that was known at a position, to go on from.</summary>
    /// <param name="t">No τ that was known then is later.</param>
    public static DyadWatch Of(Dyad dyad, DyadRecord record, long known, DateTimeOffset t, Method method)
    {
        var watch = new DyadWatch(dyad, method);
        watch.Advance(t);
        foreach (var revision in record.Revisions.Where(r => r.Position <= known))
        {
            var (first, last) = watch.positions.GetValueOrDefault(revision.Impulse.Incident, (long.MaxValue, 0));
            watch.positions[revision.Impulse.Incident] = (Math.Min(first, revision.Position), Math.Max(last, revision.Position));
        }

        foreach (var (incident, links, closes) in record.IncidentsAt(known))
        {
            watch.Revise(incident, links, closes);
        }

        return watch;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(DateTimeOffset t)
    {
        midnights?.Pass(this, t);
        now.Advance(t);
        foreach (var fold in earlier.Values)
        {
            fold.Advance(t);
        }

        Now = t;
    }

    /// <summary>Takes over what a fact of the log changes.</summary>
    /// <param name="turn">At a τ that is not after <see cref="Now"/>.</param>
    public void Apply(in PlaybackTurn turn)
    {
        if (turn.Links is { } links)
        {
            days?.Replace(Fold.LinksOf(turn.Incident), links);
            Revise(turn.Incident, links, turn.Closes);
            positions[turn.Incident] = (positions.TryGetValue(turn.Incident, out var known) ? known.First : turn.Step, turn.Step);
        }
        else
        {
            Move(turn.Incident, turn.Closes);
        }

        foreach (var (incident, closes) in turn.Moved)
        {
            Move(incident, closes);
        }
    }

    /// <summary>Takes over a fact, and says what it did.</summary>
    public Trigger Apply(in PlaybackTurn turn, long position, ChangeClass change)
    {
        var (before, closed, tension) = (Fold.LinksOf(turn.Incident), ClosedBy(turn.Incident), Tension);
        Apply(turn);
        return new Trigger(position, turn.Incident, change, before, Fold.LinksOf(turn.Incident), closed, ClosedBy(turn.Incident), tension);
    }

    /// <summary>First and last log position of an incident of the relationship, as known now; null if it is none of it.</summary>
    public (long First, long Last)? PositionsOf(Guid incident) => positions.TryGetValue(incident, out var found) ? found : null;

    /// <summary>The measure that an incident closes.</summary>
    public Closer? ClosedBy(Guid incident) => closers.GetValueOrDefault(incident);

    /// <summary>All that closes a measure, of this relationship or another, as known now.</summary>
    public IEnumerable<Closer> Closers => closers.Values;

    /// <summary>The relationship at an earlier instant, with the incidents that were known at a position, as they are known now.</summary>
    /// <param name="without">A fact that is taken to be unknown yet; null: none.</param>
    public DyadWatch AsOf(DateTimeOffset t, long known, Trigger? without = null)
    {
        var then = new DyadWatch(Dyad, Method);
        then.Advance(t);
        CopyTo((incident, links, closes) =>
        {
            (links, closes) = incident == without?.Incident ? (without.Before, without.ClosedBefore) : (links, closes);
            var before = positions.TryGetValue(incident, out var at) && at.First <= known;
            var happened = links.Length == 0 || links[0].Tau <= t;
            if ((before || links.Length == 0) && happened && !(closes?.Tau > t))
            {
                then.Revise(incident, links, closes);
                then.positions[incident] = at;
            }
        });
        return then;
    }

    private void Revise(Guid incident, ImmutableArray<Impulse> links, Closer? closes)
    {
        midnights?.Change(Fold.LinksOf(incident), links, closes ?? ClosedBy(incident));
        Note(incident, closes);
        now.Revise(incident, links, closes);
        foreach (var fold in earlier.Values)
        {
            fold.Revise(incident, links, closes);
        }
    }

    private void Move(Guid incident, Closer? closes)
    {
        midnights?.Change([], [], closes ?? ClosedBy(incident));
        Note(incident, closes);
        now.Move(incident, closes);
        foreach (var fold in earlier.Values)
        {
            fold.Move(incident, closes);
        }
    }

    private void Note(Guid incident, Closer? closes)
    {
        if (closes is null)
        {
            closers.Remove(incident);
        }
        else
        {
            closers[incident] = closes;
        }
    }

    /// <summary>Tells all that is known now, incident by incident.</summary>
    private void CopyTo(Action<Guid, ImmutableArray<Impulse>, Closer?> revise)
    {
        foreach (var incident in positions.Keys)
        {
            revise(incident, Fold.LinksOf(incident), closers.GetValueOrDefault(incident));
        }

        foreach (var (incident, closes) in closers.Where(c => !positions.ContainsKey(c.Key)))
        {
            revise(incident, [], closes);
        }
    }
}
