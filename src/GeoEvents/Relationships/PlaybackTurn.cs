using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>One turn of a relationship's playback: from here on an incident is this.</summary>
/// <param name="Step">Log position of the fact; of a story, which turn it is, 1 and up.</param>
/// <param name="Links">Its links in the dyad; none if it does not count or is none of the dyad's; null if they stay as they are.</param>
/// <param name="Closes">The measure that it closes; null if none.</param>
/// <param name="Tau">τ; null for a fact of the log, which is shown when it was recorded.</param>
/// <param name="Touches">Whether it is the dyad's business: an incident of it, or one that closes a measure it has. What else is known is needed once such a measure comes to be known.</param>
public readonly record struct PlaybackTurn(long Step, Guid Incident, IReadOnlyList<Impulse>? Links, Closer? Closes, DateTimeOffset? Tau, bool Touches)
{
    /// <summary>Incidents that close another measure from here on, although the fact is of none of them: what closes a merged incident closes the one that goes on.</summary>
    public IReadOnlyList<(Guid Incident, Closer? Closes)> Moved { get; init; } = [];

    public void Apply(RunningFold fold)
    {
        if (Links is null)
        {
            fold.Move(Incident, Closes);
        }
        else
        {
            fold.Revise(Incident, Links, Closes);
        }

        foreach (var (incident, closes) in Moved)
        {
            fold.Move(incident, closes);
        }
    }

    /// <summary>Every fact that touches the dyad, in the order of the log.</summary>
    /// <param name="retracted">Revisions of the dyad's incidents that hold while they do not count: first position, and first position at which they no longer do.</param>
    /// <param name="after">Positions from here on, this one excluded.</param>
    /// <param name="upTo">The last position.</param>
    public static IEnumerable<PlaybackTurn> AsRecorded(
        DyadRecord record, IReadOnlyCollection<(Guid Incident, long Position, long Until)> retracted, long after, long upTo)
    {
        var closings = record.Closings.ToList();
        var begun = record.Revisions.Where(r => IsAsked(r.Position)).ToLookup(r => r.Position, r => r.Impulse);
        var closes = closings.Where(c => IsAsked(c.Position)).ToDictionary(c => (c.Position, c.Incident), c => new Closer(c.Incident, c.Closes, c.Tau));
        foreach (var at in OfTheDyad(record, retracted).Concat(OfClosers(record, closings)).Where(m => IsAsked(m.Position)).GroupBy(m => m.Position).OrderBy(m => m.Key))
        {
            // Each position is of one fact. If it is of an incident of the dyad, that comes first; others that are there close something else from then on.
            var moments = at.OrderByDescending(m => m.Own).ThenByDescending(m => m.Touches).ThenBy(m => m.Incident).DistinctBy(m => m.Incident).ToList();
            yield return new PlaybackTurn(
                at.Key,
                moments[0].Incident,
                moments[0].Own ? [.. begun[at.Key]] : null,
                closes.GetValueOrDefault((at.Key, moments[0].Incident)),
                null,
                moments.Exists(m => m.Touches))
            {
                Moved = [.. moments.Skip(1).Select(m => (m.Incident, closes.GetValueOrDefault((at.Key, m.Incident))))],
            };
        }

        bool IsAsked(long position) => after < position && position <= upTo;
    }

    /// <summary>Every incident that was known at a position, in the order of τ, up to an instant; and every other that closes a measure of one.</summary>
    public static IEnumerable<PlaybackTurn> AsHappened(DyadRecord record, long known, DateTimeOffset valid)
    {
        var incidents = record.At(known, valid).GroupBy(i => i.Incident).ToDictionary(i => i.Key, i => i.ToList());
        var closers = record.ClosersAt(known).Where(c => c.Tau <= valid).ToDictionary(c => c.Incident);
        var turns = incidents.Select(i => (i.Value[0].Tau, Incident: i.Key)).Concat(closers.Values.Select(c => (c.Tau, c.Incident))).Distinct().Order();
        var step = 0L;
        foreach (var (tau, incident) in turns)
        {
            var links = incidents.GetValueOrDefault(incident) ?? [];
            var closes = closers.GetValueOrDefault(incident);
            var touches = links.Count > 0
                || (incidents.TryGetValue(closes!.Closes, out var measure) && (measure[0].Tau, closes.Closes).CompareTo((tau, incident)) < 0);
            step += touches ? 1 : 0;
            yield return new PlaybackTurn(step, incident, links, closes, tau, touches);
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

    /// <summary>A position at which an incident begins or ceases to be something.</summary>
    /// <param name="Own">It is one of the dyad, else one that closes a measure.</param>
    private readonly record struct Moment(long Position, Guid Incident, bool Own, bool Touches);

    private static IEnumerable<Moment> OfTheDyad(DyadRecord record, IEnumerable<(Guid Incident, long Position, long Until)> retracted) =>
        from held in record.Revisions.Select(r => (r.Impulse.Incident, r.Position, r.Until)).Concat(retracted)
        from position in new[] { held.Position, held.Until }
        select new Moment(position, held.Incident, Own: true, Touches: true);

    /// <summary>What closes a measure is the dyad's business while the measure is known.</summary>
    private static IEnumerable<Moment> OfClosers(DyadRecord record, IEnumerable<ClosingRevision> closings)
    {
        var openers = record.Measures();
        return from c in closings
               from position in new[] { c.Position, c.Until }
               select new Moment(position, c.Incident, Own: false, openers[c.Closes].Any(o => o.Position <= position && position < o.Until));
    }
}
