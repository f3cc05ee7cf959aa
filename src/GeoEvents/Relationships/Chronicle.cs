using System.Collections.Immutable;

namespace GeoEvents.Relationships;

/// <summary>Incidents of a relationship by their links, in order of τ and incident. To add or remove one, or to find a stretch of time, costs little however many there are.</summary>
/// <remarks>A list of sorted runs of bounded length, none empty. Most incidents come in the order of τ, and those are only appended. For one thread at a time.</remarks>
public sealed class Chronicle
{
    private const int MostInRun = 256;

    private readonly List<List<Entry>> runs = [];

    public int Count { get; private set; }

    /// <summary>The earliest τ; null without incidents.</summary>
    public DateTimeOffset? First => Count == 0 ? null : runs[0][0].Links[0].Tau;

    /// <summary>The latest τ; null without incidents.</summary>
    public DateTimeOffset? Last => Count == 0 ? null : runs[^1][^1].Links[0].Tau;

    /// <param name="links">Of one incident that is not there, all of one τ; at least one.</param>
    public void Add(ImmutableArray<Impulse> links)
    {
        Count++;
        var entry = new Entry(links[0].Tau.UtcTicks, links[0].Incident, links);
        var (run, index) = FirstNotBefore(entry.Tau, entry.Incident);
        if (run < runs.Count)
        {
            runs[run].Insert(index, entry);
        }
        else if (runs is [.., { Count: < MostInRun } last])
        {
            last.Add(entry);
        }
        else
        {
            runs.Add(new List<Entry>(runs.Count == 0 ? 4 : MostInRun) { entry });
        }

        if (run < runs.Count && runs[run] is { Count: > MostInRun } full)
        {
            runs.Insert(run + 1, full[(MostInRun / 2)..]);
            full.RemoveRange(MostInRun / 2, full.Count - (MostInRun / 2));
        }
    }

    /// <param name="links">As they were added.</param>
    public void Remove(ImmutableArray<Impulse> links)
    {
        var (run, index) = FirstNotBefore(links[0].Tau.UtcTicks, links[0].Incident);
        Count--;
        runs[run].RemoveAt(index);
        if (runs[run].Count == 0)
        {
            runs.RemoveAt(run);
        }
    }

    /// <summary>Those with <paramref name="after"/> &lt; τ ≤ <paramref name="upTo"/>, in order.</summary>
    public IEnumerable<ImmutableArray<Impulse>> Between(DateTimeOffset after, DateTimeOffset upTo)
    {
        var (run, index) = FirstNotBefore(after.UtcTicks + 1, Guid.Empty);
        for (; run < runs.Count; (run, index) = (run + 1, 0))
        {
            var entries = runs[run];
            for (; index < entries.Count; index++)
            {
                if (entries[index].Tau > upTo.UtcTicks)
                {
                    yield break;
                }

                yield return entries[index].Links;
            }
        }
    }

    /// <summary>Those with τ ≥ <paramref name="from"/> that come before one of <paramref name="tau"/>, the last first.</summary>
    public IEnumerable<ImmutableArray<Impulse>> Before(DateTimeOffset tau, Guid incident, DateTimeOffset from)
    {
        var (run, index) = FirstNotBefore(tau.UtcTicks, incident);
        while (true)
        {
            if (index == 0)
            {
                if (run == 0)
                {
                    yield break;
                }

                index = runs[--run].Count;
            }

            if (runs[run][--index].Tau < from.UtcTicks)
            {
                yield break;
            }

            yield return runs[run][index].Links;
        }
    }

    /// <summary>The place of the first that does not come before one of <paramref name="tau"/> (ticks); the end if all do.</summary>
    private (int Run, int Index) FirstNotBefore(long tau, Guid incident)
    {
        var (low, high) = (0, runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = runs[middle][^1].IsBefore(tau, incident) ? (middle + 1, high) : (low, middle);
        }

        if (low == runs.Count)
        {
            return (low, 0);
        }

        var (run, from, to) = (runs[low], 0, runs[low].Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = run[middle].IsBefore(tau, incident) ? (middle + 1, to) : (from, middle);
        }

        return (low, from);
    }

    /// <param name="Tau">Ticks.</param>
    private readonly record struct Entry(long Tau, Guid Incident, ImmutableArray<Impulse> Links)
    {
        public bool IsBefore(long tau, Guid incident) => Tau < tau || (Tau == tau && Incident.CompareTo(incident) < 0);
    }
}
