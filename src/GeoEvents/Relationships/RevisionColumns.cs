using GeoEvents.Incidents;

namespace GeoEvents.Relationships;

/// <summary>Revisions of one dyad on their way into its record, column by column. There are millions of them, so none is copied once it is here.</summary>
/// <param name="expected">How many there will be; more can be added.</param>
public sealed class RevisionColumns(int expected)
{
    private Impulse[] impulses = new Impulse[expected];
    private long[] positions = new long[expected];
    private long[] untils = new long[expected];
    private ChangeClass[] changes = new ChangeClass[expected];
    private int count;

    public static RevisionColumns Of(IReadOnlyCollection<Revision> revisions)
    {
        var columns = new RevisionColumns(revisions.Count);
        foreach (var revision in revisions)
        {
            columns.Add(revision);
        }

        return columns;
    }

    public void Add(in Revision revision)
    {
        if (count == impulses.Length)
        {
            Resize(Math.Max(4, 2 * count));
        }

        (impulses[count], positions[count], untils[count], changes[count]) = (revision.Impulse, revision.Position, revision.Until, revision.Change);
        count++;
    }

    /// <summary>The columns in order of τ, incident, link and position. Nothing is added after.</summary>
    public (Impulse[] Impulses, long[] Positions, long[] Untils, ChangeClass[] Changes) InOrder()
    {
        if (count < impulses.Length)
        {
            Resize(count);
        }

        if (Enumerable.Range(1, Math.Max(0, count - 1)).Any(i => Compare(i - 1, i) > 0))
        {
            Arrange(Order());
        }

        return (impulses, positions, untils, changes);
    }

    private void Resize(int size)
    {
        Array.Resize(ref impulses, size);
        Array.Resize(ref positions, size);
        Array.Resize(ref untils, size);
        Array.Resize(ref changes, size);
    }

    /// <returns>What belongs at each place.</returns>
    private int[] Order()
    {
        var order = new int[count];
        var taus = new long[count];
        for (var i = 0; i < count; i++)
        {
            (order[i], taus[i]) = (i, impulses[i].Tau.UtcTicks);
        }

        Array.Sort(taus, order);
        for (var from = 0; from < count;)
        {
            var to = from + 1;
            for (; to < count && taus[to] == taus[from]; to++)
            {
            }

            order.AsSpan(from, to - from).Sort(Compare);
            from = to;
        }

        return order;
    }

    /// <summary>Moves each to its place, round by round of those that change places with each other.</summary>
    private void Arrange(int[] order)
    {
        for (var start = 0; start < count; start++)
        {
            if (order[start] == start)
            {
                continue;
            }

            var first = (impulses[start], positions[start], untils[start], changes[start]);
            var place = start;
            for (var next = order[place]; next != start; next = order[place])
            {
                (impulses[place], positions[place], untils[place], changes[place]) = (impulses[next], positions[next], untils[next], changes[next]);
                order[place] = place;
                place = next;
            }

            (impulses[place], positions[place], untils[place], changes[place]) = first;
            order[place] = place;
        }
    }

    private int Compare(int one, int other)
    {
        ref readonly var a = ref impulses[one];
        ref readonly var b = ref impulses[other];
        var order = a.Tau.CompareTo(b.Tau);
        order = order != 0 ? order : a.Incident.CompareTo(b.Incident);
        order = order != 0 ? order : a.Link.CompareTo(b.Link);
        return order != 0 ? order : positions[one].CompareTo(positions[other]);
    }
}
