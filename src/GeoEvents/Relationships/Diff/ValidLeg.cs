using GeoEvents.Coding;

namespace GeoEvents.Relationships.Diff;

/// <summary>Leg V of the path: what time did between two instants to what is known at one position. A line for each incident that happened and each measure that closed; one for the decay of all else.</summary>
public sealed class ValidLeg(DyadRecord record, long known, Method method, Scale scale)
{
    /// <summary>An incident at both ends, all its links in the dyad together.</summary>
    private readonly record struct Passage(Impulse First, long Position, Weight Before, Weight After)
    {
        public Weight Change => After.Less(Before);
    }

    /// <param name="to">May lie before <paramref name="from"/>; then the same incidents count with the sign reversed.</param>
    public IEnumerable<DiffLine> Lines(DateTimeOffset from, DateTimeOffset to)
    {
        var (low, high, sign) = from <= to ? (from, to, 1) : (to, from, -1);
        if (low == high)
        {
            yield break;
        }

        var (decayed, decay) = (0, default(Weight));
        foreach (var incident in Passages(low, high))
        {
            if (incident.First.Tau > low)
            {
                var cause = incident.First.Opens ? Cause.MeasureOpened : Cause.Happened;
                yield return new DiffLine(Leg.Valid, cause, incident.First.Incident, incident.Position, null, 1, scale.Of(incident.Change, sign));
            }
            else if (incident.First is { Opens: true, ClosedAt: { } closed } && low < closed && closed <= high)
            {
                // Closed after low, so after its τ: it was the earliest closer itself that closed it.
                var closer = record.ClosersOf(incident.First.Incident).Where(c => c.HoldsAt(known) && c.Tau == closed).MinBy(c => c.Incident);
                yield return new DiffLine(Leg.Valid, Cause.MeasureClosed, incident.First.Incident, closer.Position, closer.Incident, 1, scale.Of(incident.Change, sign));
            }
            else
            {
                (decayed, decay) = (decayed + 1, decay.Plus(incident.Change));
            }
        }

        if (decayed > 0)
        {
            yield return new DiffLine(Leg.Valid, Cause.Decay, null, null, null, decayed, scale.Of(decay, sign));
        }
    }

    /// <summary>The incidents with τ up to the later instant; links of one stand together, since they have one τ.</summary>
    private IEnumerable<Passage> Passages(DateTimeOffset low, DateTimeOffset high)
    {
        Passage? incident = null;
        foreach (var revision in record.HeldAt(known, high))
        {
            var (before, after) = (Weight.Of(revision.Impulse, low, method), Weight.Of(revision.Impulse, high, method));
            if (incident is { } same && same.First.Incident == revision.Impulse.Incident)
            {
                incident = same with { Before = same.Before.Plus(before), After = same.After.Plus(after) };
                continue;
            }

            if (incident is { } whole)
            {
                yield return whole;
            }

            incident = new Passage(revision.Impulse, revision.Position, before, after);
        }

        if (incident is { } last)
        {
            yield return last;
        }
    }
}
