using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships.Diff;

/// <summary>Leg K of the path: what was recorded between two positions, by its effect at one instant. A line per fact that touched an incident that had happened by then.</summary>
/// <remarks>Successive facts of one incident are successive lines, each from the value before it to the value after it, so that they add up to the whole.</remarks>
public sealed class KnownLeg(DyadRecord record, DateTimeOffset valid, Method method, Scale scale, IReadOnlyDictionary<long, ChangeClass> endings)
{
    /// <summary>What is believed of one incident at a position.</summary>
    /// <param name="Happened">Whether it is on record, in the dyad, with τ ≤ V.</param>
    /// <param name="Opens">Whether that opens a measure.</param>
    /// <param name="Closed">When its measure was closed; null if it was not, up to V.</param>
    private readonly record struct Belief(bool Happened, bool Opens, DateTimeOffset? Closed, Weight Weight);

    /// <param name="to">May lie before <paramref name="from"/>; then the same facts count with the sign reversed.</param>
    public IEnumerable<DiffLine> Lines(long from, long to)
    {
        var (low, high, sign) = from <= to ? (from, to, 1) : (to, from, -1);
        return record.TouchedBetween(low, high).SelectMany(incident => LinesOf(incident.Key, [.. incident], low, high, sign));
    }

    private IEnumerable<DiffLine> LinesOf(Guid incident, Revision[] revisions, long low, long high, int sign)
    {
        ClosingRevision[] closers = Array.Exists(revisions, r => r.Impulse.Opens) ? [.. record.ClosersOf(incident)] : [];
        var part = revisions.MinBy(r => r.Position).Change == ChangeClass.Split;
        var facts = revisions.SelectMany(r => (long[])[r.Position, r.Until])
            .Concat(closers.SelectMany(c => (long[])[c.Position, c.Until]))
            .Where(p => low < p && p <= high)
            .Distinct()
            .Order();
        var before = BeliefAt(low);
        foreach (var position in facts)
        {
            var after = BeliefAt(position);
            if (Line(before, after, position) is { } line)
            {
                yield return line;
            }

            before = after;
        }

        Belief BeliefAt(long known)
        {
            var belief = default(Belief);
            foreach (var revision in revisions)
            {
                if (revision.HoldsAt(known) && revision.Impulse.Tau <= valid)
                {
                    var impulse = revision.Impulse.Opens ? revision.Impulse.Closed(record.ClosedAt(incident, known)) : revision.Impulse;
                    belief = new Belief(true, impulse.Opens, impulse.ClosedAt <= valid ? impulse.ClosedAt : null, belief.Weight.Plus(Weight.Of(impulse, valid, method)));
                }
            }

            return belief;
        }

        DiffLine? Line(in Belief before, in Belief after, long position)
        {
            var effect = scale.Of(after.Weight.Less(before.Weight), sign);
            var (ends, begins) = (Array.Exists(revisions, r => r.Until == position), Array.FindIndex(revisions, r => r.Position == position));
            if (ends || begins >= 0)
            {
                var change = begins >= 0 ? revisions[begins].Change : endings[position];
                return before.Happened || after.Happened
                    ? new DiffLine(Leg.Known, Causes.Of(change, ends, begins >= 0, part), incident, position, null, 1, effect)
                    : null;
            }

            // A fact of a closer. It is a line where it moves the closing, whatever the measure weighs.
            return after.Opens && before.Closed != after.Closed
                ? new DiffLine(
                    Leg.Known, after.Closed is null ? Cause.MeasureReopened : Cause.MeasureClosed, incident, position,
                    Array.Find(closers, c => c.Position == position || c.Until == position).Incident, 1, effect)
                : null;
        }
    }
}
