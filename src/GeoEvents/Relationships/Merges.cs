namespace GeoEvents.Relationships;

/// <summary>An incident that is merged into another, for the positions at which it is.</summary>
public readonly record struct Merging(Guid Incident, Guid Into, long Position, long Until);

/// <summary>Which incidents go on for others. What closes an incident closes the one that goes on for it.</summary>
public sealed class Merges
{
    private readonly ILookup<Guid, Merging> byIncident;

    /// <param name="revisions">In any order; those that follow one another are one.</param>
    public Merges(IEnumerable<Merging> revisions)
    {
        var joined = new List<Merging>();
        foreach (var next in revisions.OrderBy(m => m.Incident).ThenBy(m => m.Position))
        {
            if (joined.Count > 0 && joined[^1] is var last && (last.Incident, last.Into, last.Until) == (next.Incident, next.Into, next.Position))
            {
                joined[^1] = last with { Until = next.Until };
            }
            else
            {
                joined.Add(next);
            }
        }

        byIncident = joined.ToLookup(m => m.Incident);
    }

    /// <summary>Some incidents and all that are ever merged into them, also over others.</summary>
    public IReadOnlyCollection<Guid> Ending(IReadOnlyCollection<Guid> incidents)
    {
        var found = incidents.ToHashSet();
        for (var before = 0; before != found.Count;)
        {
            before = found.Count;
            found.UnionWith(byIncident.SelectMany(m => m).Where(m => found.Contains(m.Into)).Select(m => m.Incident));
        }

        return found;
    }

    /// <summary>Who goes on for an incident at positions [from, until): itself where it is not merged. The stretches follow one another.</summary>
    public IEnumerable<(Guid Incident, long From, long Until)> Meant(Guid incident, long from, long until)
    {
        var at = from;
        foreach (var merging in byIncident[incident].Where(m => m.Position < until && m.Until > from))
        {
            if (at < merging.Position)
            {
                yield return (incident, at, merging.Position);
            }

            var end = Math.Min(until, merging.Until);
            foreach (var meant in Meant(merging.Into, Math.Max(at, merging.Position), end))
            {
                yield return meant;
            }

            at = end;
        }

        if (at < until)
        {
            yield return (incident, at, until);
        }
    }
}
