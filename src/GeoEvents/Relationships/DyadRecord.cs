using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Ledger;

namespace GeoEvents.Relationships;

/// <summary>Everything that was ever known of one dyad up to a position, scored by one method. It never changes; a later one takes its place.</summary>
public sealed class DyadRecord
{
    /// <summary>A new one each time, since a record keeps a fold by the method that it is first asked for.</summary>
    public static DyadRecord Empty => new([], Array.Empty<ClosingRevision>().ToLookup(c => c.Closes));

    private readonly Impulse[] impulses;
    private readonly long[] positions;
    private readonly long[] untils;
    private readonly ChangeClass[] changes;
    private readonly ILookup<Guid, ClosingRevision> closers;
    private readonly long lastPosition;
    private readonly bool allHold;
    private RelationshipFold? latest;

    /// <param name="revisions">None retracted, in any order.</param>
    /// <param name="closers">What closes measures, of this dyad and perhaps of others, by what they close.</param>
    public DyadRecord(IReadOnlyCollection<Revision> revisions, ILookup<Guid, ClosingRevision> closers)
        : this(RevisionColumns.Of(revisions), closers)
    {
    }

    /// <inheritdoc cref="DyadRecord(IReadOnlyCollection{Revision}, ILookup{Guid, ClosingRevision})"/>
    public DyadRecord(RevisionColumns revisions, ILookup<Guid, ClosingRevision> closers)
    {
        (impulses, positions, untils, changes) = revisions.InOrder();
        this.closers = closers;
        var openers = new HashSet<Guid>();
        allHold = true;
        for (var i = 0; i < impulses.Length; i++)
        {
            var ended = untils[i] != LedgerRow.Open;
            allHold &= !ended;
            lastPosition = Math.Max(lastPosition, Math.Max(positions[i], ended ? untils[i] : 0));
            if (impulses[i].Opens)
            {
                openers.Add(impulses[i].Incident);
            }
        }

        Openers = openers;
        foreach (var closing in openers.SelectMany(o => closers[o]))
        {
            lastPosition = Math.Max(lastPosition, Math.Max(closing.Position, closing.Until == LedgerRow.Open ? 0 : closing.Until));
        }
    }

    public int Count => impulses.Length;

    /// <summary>Whether anything was on record at a position.</summary>
    public bool IsKnownAt(long position) => Array.Exists(positions, p => p <= position);

    /// <summary>Incidents that ever opened a measure.</summary>
    public IReadOnlyCollection<Guid> Openers { get; }

    /// <summary>All of them, in order of τ, incident, link and position.</summary>
    public IEnumerable<Revision> Revisions => Enumerable.Range(0, impulses.Length).Select(i => this[i]);

    /// <summary>All that ever closed one of its measures, of this dyad or others.</summary>
    public IEnumerable<ClosingRevision> Closings => Openers.SelectMany(o => closers[o]);

    /// <summary>Whether others than those it knows ever closed its measures.</summary>
    public bool IsClosedOtherwise(ILookup<Guid, ClosingRevision> closers) =>
        Openers.Any(o => !this.closers[o].ToHashSet().SetEquals(closers[o]));

    /// <summary>The fold of all that was known at a position, for whatever instant. Of the last position it is kept.</summary>
    /// <param name="method">The one that the record is scored by.</param>
    public RelationshipFold FoldAt(long known, Method method) => known >= lastPosition
        ? latest ??= new RelationshipFold(At(known, DateTimeOffset.MaxValue), method)
        : new RelationshipFold(At(known, DateTimeOffset.MaxValue), method);

    /// <summary>What was known at a position of what had happened by an instant.</summary>
    public ImpulseList At(long known, DateTimeOffset valid)
    {
        var until = new ImpulseList(impulses, null, impulses.Length).CountUntil(valid);
        if (Openers.Count > 0)
        {
            return WithClosed(known, until);
        }

        if (allHold && lastPosition <= known)
        {
            return new ImpulseList(impulses, null, until);
        }

        var chosen = new int[until];
        var count = 0;
        for (var i = 0; i < until; i++)
        {
            if (HoldsAt(i, known))
            {
                chosen[count++] = i;
            }
        }

        return new ImpulseList(impulses, chosen, count);
    }

    /// <summary>The incidents that closed its measures as known at a position.</summary>
    public IReadOnlyList<Closer> ClosersAt(long known) =>
        [.. Openers.SelectMany(opener => ClosersOf(opener, known))];

    /// <summary>All that was known at a position, incident by incident, as a fold takes it: links in the dyad and what they close, then what closes a measure from another dyad.</summary>
    public IEnumerable<(Guid Incident, ImmutableArray<Impulse> Links, Closer? Closes)> IncidentsAt(long known)
    {
        var closers = ClosersAt(known).ToDictionary(c => c.Incident);
        foreach (var incident in At(known, DateTimeOffset.MaxValue).GroupBy(i => i.Incident))
        {
            closers.Remove(incident.Key, out var closes);
            yield return (incident.Key, [.. incident], closes);
        }

        foreach (var closes in closers.Values)
        {
            yield return (closes.Incident, [], closes);
        }
    }

    /// <summary>The incidents that closed the measure of an incident as known at a position.</summary>
    public IEnumerable<Closer> ClosersOf(Guid opener, long known) => closers[opener].Where(c => c.HoldsAt(known)).Select(c => c.Closer);

    /// <summary>What ever closed the measure of an incident.</summary>
    public IEnumerable<ClosingRevision> ClosersOf(Guid opener) => closers[opener];

    /// <summary>When the measure of an incident was closed, as known at a position; null if it was not. Closers count whatever dyad they are in; of several the earliest.</summary>
    public DateTimeOffset? ClosedAt(Guid opener, long known) => ClosersOf(opener, known).Min(c => (DateTimeOffset?)c.Tau);

    /// <summary>The revisions that held at a position, with τ up to an instant, in order of τ, incident and link; measures with their closing as known then.</summary>
    public IEnumerable<Revision> HeldAt(long known, DateTimeOffset valid)
    {
        for (var i = 0; i < impulses.Length && impulses[i].Tau <= valid; i++)
        {
            if (HoldsAt(i, known))
            {
                yield return new Revision(KnownAt(i, known), positions[i], untils[i], changes[i]);
            }
        }
    }

    /// <summary>A revision; of a measure, without its closing.</summary>
    public Revision this[int index] => new(impulses[index], positions[index], untils[index], changes[index]);

    /// <summary>Where revisions begin and end after one position, up to another, in the order of the log.</summary>
    public IReadOnlyList<Boundary> BoundariesBetween(long after, long upTo)
    {
        var (at, boundaries) = (new List<long>(), new List<Boundary>());
        for (var i = 0; i < impulses.Length; i++)
        {
            Add(positions[i], i, ends: false);
            Add(untils[i], i, ends: true);
        }

        var (keys, ordered) = (at.ToArray(), boundaries.ToArray());
        Array.Sort(keys, ordered);
        return ordered;

        void Add(long position, int index, bool ends)
        {
            if (after < position && position <= upTo)
            {
                at.Add(position);
                boundaries.Add(new Boundary(position, index, ends));
            }
        }
    }

    /// <summary>What the dyad's own fact at a position is: the incident, the kind of change, and its links from there on. Nothing, if no boundary is there.</summary>
    /// <param name="boundaries">In the order of the log.</param>
    /// <param name="next">The first that is not before the position; it is moved past those that are there.</param>
    /// <returns>Links are none and the change is null if its revision only ends there.</returns>
    public (Guid? Incident, ChangeClass? Change, ImmutableArray<Impulse> Links) At(IReadOnlyList<Boundary> boundaries, ref int next, long position)
    {
        var (incident, change) = ((Guid?)null, (ChangeClass?)null);
        var begun = ImmutableArray<Impulse>.Empty;
        for (; next < boundaries.Count && boundaries[next].Position == position; next++)
        {
            var (index, ends) = (boundaries[next].Index, boundaries[next].Ends);
            incident = impulses[index].Incident;
            if (!ends)
            {
                change = changes[index];
                begun = begun.IsEmpty ? [impulses[index]] : begun.Add(impulses[index]);
            }
        }

        return (incident, change, begun.Length < 2 ? begun : begun.Sort((one, other) => one.Link.CompareTo(other.Link)));
    }

    /// <summary>The revisions in which incidents open measures.</summary>
    public ILookup<Guid, Revision> Measures() =>
        Enumerable.Range(0, Openers.Count == 0 ? 0 : impulses.Length).Where(i => impulses[i].Opens).Select(i => this[i]).ToLookup(r => r.Impulse.Incident);

    /// <summary>
    /// Positions after <paramref name="after"/>, up to <paramref name="upTo"/>, whose facts took an incident out of the dyad: a revision ends there and none begins.
    /// What kinds of facts they are, only the ledger knows.
    /// </summary>
    public IReadOnlyCollection<long> EndingsBetween(long after, long upTo)
    {
        var endings = untils.Where(u => after < u && u <= upTo).ToHashSet();
        if (endings.Count > 0)
        {
            endings.ExceptWith(positions);
        }

        return endings;
    }

    /// <summary>The record at a later position: some revisions ended, some are new.</summary>
    public DyadRecord With(IReadOnlyCollection<Revision> added, IReadOnlyDictionary<(Guid Incident, long Position), long> ended, ILookup<Guid, ClosingRevision> closers)
    {
        var revisions = new List<Revision>(impulses.Length + added.Count);
        for (var i = 0; i < impulses.Length; i++)
        {
            var until = untils[i] == LedgerRow.Open ? ended.GetValueOrDefault((impulses[i].Incident, positions[i]), LedgerRow.Open) : untils[i];
            revisions.Add(new Revision(impulses[i], positions[i], until, changes[i]));
        }

        revisions.AddRange(added);
        return new DyadRecord(revisions, closers);
    }

    private bool HoldsAt(int index, long known) => positions[index] <= known && known < untils[index];

    /// <summary>A measure with its closing as known at a position; anything else as it is.</summary>
    private Impulse KnownAt(int index, long known) =>
        impulses[index].Opens ? impulses[index].Closed(ClosedAt(impulses[index].Incident, known)) : impulses[index];

    private ImpulseList WithClosed(long known, int until)
    {
        var found = new List<Impulse>(until);
        for (var i = 0; i < until; i++)
        {
            if (HoldsAt(i, known))
            {
                found.Add(KnownAt(i, known));
            }
        }

        return new ImpulseList([.. found], null, found.Count);
    }
}
