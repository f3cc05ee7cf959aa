using GeoEvents.Coding;
using GeoEvents.Ledger;

namespace GeoEvents.Relationships;

/// <summary>One revision of a link as it is kept in memory.</summary>
/// <param name="Position">First log position at which it holds.</param>
/// <param name="Until">First position at which it no longer does; <see cref="LedgerRow.Open"/> if it still holds.</param>
public readonly record struct Revision(Impulse Impulse, long Position, long Until);

/// <summary>An incident that closes a measure, for the positions at which it does.</summary>
public readonly record struct ClosingRevision(Guid Incident, Guid Closes, DateTimeOffset Tau, long Position, long Until);

/// <summary>Everything that was ever known of one dyad up to a position, scored by one method. It never changes; a later one takes its place.</summary>
public sealed class DyadRecord
{
    public static readonly DyadRecord Empty = new([], Array.Empty<ClosingRevision>().ToLookup(c => c.Closes));

    private readonly Impulse[] impulses;
    private readonly long[] positions;
    private readonly long[] untils;
    private readonly ILookup<Guid, ClosingRevision> closers;
    private readonly long lastPosition;
    private readonly bool allHold;
    private RelationshipFold? latest;

    /// <param name="revisions">None retracted, in any order.</param>
    /// <param name="closers">What closes measures, of this dyad and perhaps of others, by what they close.</param>
    public DyadRecord(IReadOnlyCollection<Revision> revisions, ILookup<Guid, ClosingRevision> closers)
    {
        Revision[] ordered = [.. revisions];
        Array.Sort(ordered, InOrder);
        impulses = Array.ConvertAll(ordered, r => r.Impulse);
        positions = Array.ConvertAll(ordered, r => r.Position);
        untils = Array.ConvertAll(ordered, r => r.Until);
        this.closers = closers;
        Openers = [.. impulses.Where(i => i.Opens).Select(i => i.Incident).Distinct()];
        allHold = Array.TrueForAll(untils, u => u == LedgerRow.Open);
        lastPosition = positions
            .Concat(untils.Where(u => u != LedgerRow.Open))
            .Concat(Openers.SelectMany(o => closers[o]).SelectMany(c => (long[])[c.Position, c.Until == LedgerRow.Open ? 0 : c.Until]))
            .DefaultIfEmpty()
            .Max();
    }

    public int Count => impulses.Length;

    /// <summary>Incidents that ever opened a measure.</summary>
    public IReadOnlyCollection<Guid> Openers { get; }

    /// <summary>All of them, in order of τ, incident, link and position.</summary>
    public IEnumerable<Revision> Revisions => Enumerable.Range(0, impulses.Length).Select(i => new Revision(impulses[i], positions[i], untils[i]));

    /// <summary>All that ever closed one of its measures, of this dyad or others.</summary>
    public IEnumerable<ClosingRevision> Closings => Openers.SelectMany(o => closers[o]);

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
            if (positions[i] <= known && known < untils[i])
            {
                chosen[count++] = i;
            }
        }

        return new ImpulseList(impulses, chosen, count);
    }

    /// <summary>The incidents that closed its measures as known at a position.</summary>
    public IReadOnlyList<Closer> ClosersAt(long known) =>
        [.. from opener in Openers from c in closers[opener] where c.Position <= known && known < c.Until select new Closer(c.Incident, c.Closes, c.Tau)];

    /// <summary>The record at a later position: some revisions ended, some are new.</summary>
    public DyadRecord With(IReadOnlyCollection<Revision> added, IReadOnlyDictionary<(Guid Incident, long Position), long> ended, ILookup<Guid, ClosingRevision> closers)
    {
        var revisions = new List<Revision>(impulses.Length + added.Count);
        for (var i = 0; i < impulses.Length; i++)
        {
            var until = untils[i] == LedgerRow.Open ? ended.GetValueOrDefault((impulses[i].Incident, positions[i]), LedgerRow.Open) : untils[i];
            revisions.Add(new Revision(impulses[i], positions[i], until));
        }

        revisions.AddRange(added);
        return new DyadRecord(revisions, closers);
    }

    private ImpulseList WithClosed(long known, int until)
    {
        var found = new List<Impulse>(until);
        for (var i = 0; i < until; i++)
        {
            if (positions[i] <= known && known < untils[i])
            {
                found.Add(impulses[i].Opens ? impulses[i].Closed(ClosedAt(impulses[i].Incident, known)) : impulses[i]);
            }
        }

        return new ImpulseList([.. found], null, found.Count);
    }

    /// <summary>Closers count whatever dyad they are in; of several the earliest.</summary>
    private DateTimeOffset? ClosedAt(Guid opener, long known) =>
        closers[opener].Where(c => c.Position <= known && known < c.Until).Select(c => (DateTimeOffset?)c.Tau).Min();

    private static int InOrder(Revision one, Revision other)
    {
        var order = one.Impulse.Tau.CompareTo(other.Impulse.Tau);
        order = order != 0 ? order : one.Impulse.Incident.CompareTo(other.Impulse.Incident);
        order = order != 0 ? order : one.Impulse.Link.CompareTo(other.Impulse.Link);
        return order != 0 ? order : one.Position.CompareTo(other.Position);
    }
}
