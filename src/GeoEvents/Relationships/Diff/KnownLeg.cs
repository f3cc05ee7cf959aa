using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Diff;

/// <summary>Leg K of the path: what was recorded between two positions, by its effect at one instant. A line per fact that touched an incident that had happened by then.</summary>
/// <remarks>
/// A line goes from what was believed just before its fact to what was believed with it, so successive facts of one incident add up to the whole. A position is
/// one fact of one incident; so revisions that end and begin at one position are those of the incident that the fact is of.
/// </remarks>
/// <param name="endings">What kinds of changes the facts at <see cref="DyadRecord.EndingsBetween"/> are.</param>
/// <param name="undoing">Positions of facts that undo a merge or split.</param>
public sealed class KnownLeg(
    DyadRecord record, DateTimeOffset valid, Method method, Scale scale, IReadOnlyDictionary<long, ChangeClass> endings, IReadOnlySet<long> undoing)
{
    /// <param name="to">May lie before <paramref name="from"/>; then the same facts count with the sign reversed.</param>
    public IEnumerable<DiffLine> Lines(long from, long to)
    {
        var (low, high, sign) = from <= to ? (from, to, 1) : (to, from, -1);
        return OwnFacts(low, high, sign).Concat(FactsOfClosers(low, high, sign));
    }

    /// <summary>Facts of the dyad's incidents themselves.</summary>
    private IEnumerable<DiffLine> OwnFacts(long low, long high, int sign)
    {
        var boundaries = record.BoundariesBetween(low, high);
        for (var next = 0; next < boundaries.Count;)
        {
            var position = boundaries[next].Position;
            var (begins, happened, incident, change) = (false, false, Guid.Empty, default(ChangeClass));
            var (before, after) = (default(Weight), default(Weight));
            for (; next < boundaries.Count && boundaries[next].Position == position; next++)
            {
                var revision = record[boundaries[next].Index];
                incident = revision.Impulse.Incident;
                happened |= revision.Impulse.Tau <= valid;
                if (boundaries[next].Ends)
                {
                    before = before.Plus(WeightOf(revision.Impulse, position - 1));
                }
                else
                {
                    (begins, change) = (true, revision.Change);
                    after = after.Plus(WeightOf(revision.Impulse, position));
                }
            }

            if (happened)
            {
                yield return new DiffLine(
                    Leg.Known,
                    Causes.Of(begins ? change : endings[position], undoing.Contains(position)),
                    incident,
                    position,
                    null,
                    1,
                    scale.Of(after.Less(before), sign));
            }
        }
    }

    /// <summary>Facts of incidents of whatever dyad that move when a measure was closed, merges of it among them. They are lines whatever the measure weighs.</summary>
    private IEnumerable<DiffLine> FactsOfClosers(long low, long high, int sign)
    {
        // A merge may move several closers of a measure at once; the earliest is what counts.
        var facts = from opener in record.Openers
                    from closer in record.ClosersOf(opener)
                    from position in (long[])[closer.Position, closer.Until]
                    where low < position && position <= high
                    group closer by (Position: position, Opener: opener) into moved
                    orderby moved.Key
                    select (moved.Key.Opener, moved.MinBy(c => (c.Tau, c.Incident)).Incident, moved.Key.Position);
        var measures = new Lazy<ILookup<Guid, Revision>>(record.Measures);
        foreach (var (opener, closer, position) in facts)
        {
            var (before, after) = (record.ClosedAt(opener, position - 1), record.ClosedAt(opener, position));
            var links = measures.Value[opener].Where(r => r.HoldsAt(position - 1) && r.HoldsAt(position) && r.Impulse.Tau <= valid).Select(r => r.Impulse).ToList();
            if (links.Count > 0 && UpToValid(links[0].Closed(before)) != UpToValid(links[0].Closed(after)))
            {
                var change = links.Aggregate(
                    default(Weight), (sum, link) => sum.Plus(Weight.Of(link.Closed(after), valid, method).Less(Weight.Of(link.Closed(before), valid, method))));
                yield return new DiffLine(
                    Leg.Known, UpToValid(links[0].Closed(after)) is null ? Cause.MeasureReopened : Cause.MeasureClosed, opener, position, closer, 1, scale.Of(change, sign));
            }
        }
    }

    private Weight WeightOf(Impulse impulse, long known) => impulse.Tau > valid
        ? default
        : Weight.Of(impulse.Opens ? impulse.Closed(record.ClosedAt(impulse.Incident, known)) : impulse, valid, method);

    private DateTimeOffset? UpToValid(Impulse measure) => measure.ClosedAt <= valid ? measure.ClosedAt : null;
}
