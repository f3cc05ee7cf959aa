using System.Collections.Immutable;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships;

/// <summary>One turn of a relationship's playback: from here on an incident is this.</summary>
/// <param name="Step">Log position of the fact; of a story, which turn it is, 1 and up.</param>
/// <param name="Links">Its links in the dyad; none if it does not count or is none of the dyad's; null if they stay as they are.</param>
/// <param name="Closes">The measure that it closes; null if none.</param>
/// <param name="Tau">τ; null for a fact of the log, which is shown when it was recorded.</param>
/// <param name="Touches">Whether it is the dyad's business: an incident of it, or one that closes a measure it has. What else is known is needed once such a measure comes to be known.</param>
public readonly record struct PlaybackTurn(long Step, Guid Incident, ImmutableArray<Impulse>? Links, Closer? Closes, DateTimeOffset? Tau, bool Touches)
{
    /// <summary>Incidents that close another measure from here on, although the fact is of none of them: what closes a merged incident closes the one that goes on.</summary>
    public IReadOnlyList<(Guid Incident, Closer? Closes)> Moved { get; init; } = [];

    /// <summary>What kind of change the fact is; null if the record of the dyad does not say.</summary>
    public ChangeClass? Change { get; init; }

    public void Apply(RunningFold fold)
    {
        if (Links is { } links)
        {
            fold.Revise(Incident, links, Closes);
        }
        else
        {
            fold.Move(Incident, Closes);
        }

        foreach (var (incident, closes) in Moved)
        {
            fold.Move(incident, closes);
        }
    }

    /// <summary>Every fact that touches the dyad, in the order of the log.</summary>
    /// <param name="retracted">Revisions of the dyad's incidents that hold while they do not count.</param>
    /// <param name="after">Positions from here on, this one excluded.</param>
    /// <param name="upTo">The last position.</param>
    public static IEnumerable<PlaybackTurn> AsRecorded(DyadRecord record, IReadOnlyCollection<RetractedRevision> retracted, long after, long upTo)
    {
        var boundaries = record.BoundariesBetween(after, upTo);
        var uncounted = retracted.SelectMany(Uncounted).Where(m => IsAsked(m.Position)).OrderBy(m => m.Position).ToList();
        var closing = OfClosers(record).Where(m => IsAsked(m.Position)).OrderBy(m => m.Position).ThenByDescending(m => m.Touches).ThenBy(m => m.Incident).ToList();
        var closes = record.Closings.Where(c => IsAsked(c.Position)).ToDictionary(c => (c.Position, c.Incident), c => c.Closer);
        for (var (own, not, other) = (0, 0, 0); own < boundaries.Count || not < uncounted.Count || other < closing.Count;)
        {
            // Each position is of one fact. If it is of an incident of the dyad, that comes first; others that are there close something else from then on.
            var position = Math.Min(PositionAt(own, boundaries, b => b.Position), Math.Min(PositionAt(not, uncounted, m => m.Position), PositionAt(other, closing, m => m.Position)));
            var (incident, change, links) = record.At(boundaries, ref own, position);
            for (; not < uncounted.Count && uncounted[not].Position == position; not++)
            {
                (incident, change) = (uncounted[not].Incident, change ?? uncounted[not].Change);
            }

            var (isOwn, touches, moved) = (incident is not null, incident is not null, (List<(Guid Incident, Closer? Closes)>?)null);
            for (; other < closing.Count && closing[other] is var closer && closer.Position == position; other++)
            {
                touches |= closer.Touches;
                incident ??= closer.Incident;
                Move(ref moved, incident.Value, closer.Incident, closes.GetValueOrDefault((position, closer.Incident)));
            }

            // What closed a measure before it came to be one of the dyad closes it from the first.
            foreach (var closer in links.Any(l => l.Opens) ? record.ClosersOf(incident!.Value, position) : [])
            {
                Move(ref moved, incident!.Value, closer.Incident, closer);
            }

            yield return new PlaybackTurn(
                position,
                incident!.Value,
                isOwn ? links : null,
                closes.Count == 0 ? null : closes.GetValueOrDefault((position, incident.Value)),
                null,
                touches)
            {
                Moved = moved ?? (IReadOnlyList<(Guid, Closer?)>)[],
                Change = change,
            };
        }

        bool IsAsked(long position) => after < position && position <= upTo;

        // The fact's own incident is no other, and each is moved once.
        static void Move(ref List<(Guid Incident, Closer? Closes)>? moved, Guid own, Guid incident, Closer? closes)
        {
            if (incident != own && moved?.Exists(m => m.Incident == incident) != true)
            {
                (moved ??= []).Add((incident, closes));
            }
        }

        static long PositionAt<T>(int index, IReadOnlyList<T> list, Func<T, long> of) => index < list.Count ? of(list[index]) : long.MaxValue;
    }

    /// <summary>Every incident that was known at a position, in the order of τ, up to an instant; and every other that closes a measure of one.</summary>
    public static IEnumerable<PlaybackTurn> AsHappened(DyadRecord record, long known, DateTimeOffset valid)
    {
        var links = record.At(known, valid);
        var closers = record.ClosersAt(known).Where(c => c.Tau <= valid).ToDictionary(c => c.Incident);
        var measures = closers.Values.Select(c => c.Closes).ToHashSet();
        var opened = closers.Count == 0 ? [] : links.Where(l => measures.Contains(l.Incident)).DistinctBy(l => l.Incident).ToDictionary(l => l.Incident, l => l.Tau);
        var inDyad = closers.Count == 0 ? [] : links.Select(l => l.Incident).Where(closers.ContainsKey).ToHashSet();
        var elsewhere = closers.Values.Where(c => !inDyad.Contains(c.Incident)).OrderBy(c => c.Tau).ThenBy(c => c.Incident).ToList();
        var (step, other) = (0L, 0);
        for (var from = 0; from < links.Count || other < elsewhere.Count;)
        {
            if (other < elsewhere.Count && (from == links.Count || (elsewhere[other].Tau, elsewhere[other].Incident).CompareTo((links[from].Tau, links[from].Incident)) < 0))
            {
                var closer = elsewhere[other++];
                var touches = opened.TryGetValue(closer.Closes, out var since) && (since, closer.Closes).CompareTo((closer.Tau, closer.Incident)) < 0;
                step += touches ? 1 : 0;
                yield return new PlaybackTurn(step, closer.Incident, ImmutableArray<Impulse>.Empty, closer, closer.Tau, touches);
            }
            else
            {
                var first = from++;
                for (; from < links.Count && links[from].Incident == links[first].Incident; from++)
                {
                }

                var incident = links[first].Incident;
                yield return new PlaybackTurn(++step, incident, links.Slice(first, from - first), closers.Count == 0 ? null : closers.GetValueOrDefault(incident), links[first].Tau, true);
            }
        }
    }

    /// <summary>What was known at a position, to go on from.</summary>
    /// <param name="t">No τ that was known then is later.</param>
    public static RunningFold Begin(DyadRecord record, long known, DateTimeOffset t, Method method)
    {
        var fold = new RunningFold(method);
        fold.Advance(t);
        foreach (var (incident, links, closes) in record.IncidentsAt(known))
        {
            fold.Revise(incident, links, closes);
        }

        return fold;
    }

    /// <summary>A position at which an incident begins or ceases to close a measure.</summary>
    private readonly record struct Moment(long Position, Guid Incident, bool Touches);

    private static IEnumerable<(long Position, Guid Incident, ChangeClass? Change)> Uncounted(RetractedRevision held) =>
        [(held.Position, held.Incident, held.Change), (held.Until, held.Incident, null)];

    /// <summary>What closes a measure is the dyad's business while the measure is known.</summary>
    private static IEnumerable<Moment> OfClosers(DyadRecord record)
    {
        var openers = record.Measures();
        return from c in record.Closings
               from position in new[] { c.Position, c.Until }
               select new Moment(position, c.Incident, openers[c.Closes].Any(o => o.Position <= position && position < o.Until));
    }
}
