using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The rung of a relationship whose record changes and whose time goes forward. It says what <see cref="Posture"/> says of the same impulses, by the same rules.</summary>
public sealed class RunningPosture(Method method)
{
    private readonly PostureRules rules = new(method);

    /// <summary>By rung: τ, incident and link of those that may hold it for its dwell.</summary>
    private readonly SortedSet<(DateTimeOffset Tau, Guid Incident, short Link)>[] dwelling =
        [.. Enumerable.Range(0, PostureRules.Rungs).Select(_ => new SortedSet<(DateTimeOffset, Guid, short)>())];

    private readonly Dictionary<(Guid Incident, short Link), Hold> standing = [];

    /// <param name="impulse">Not there yet.</param>
    public void Add(in Impulse impulse)
    {
        if (impulse.Qualifies)
        {
            dwelling[impulse.Rung].Add((impulse.Tau, impulse.Incident, impulse.Link));
            if (impulse.Opens)
            {
                standing[(impulse.Incident, impulse.Link)] = rules.HoldOf(impulse);
            }
        }
    }

    /// <param name="impulse">As it was added.</param>
    public void Remove(in Impulse impulse)
    {
        if (impulse.Qualifies)
        {
            dwelling[impulse.Rung].Remove((impulse.Tau, impulse.Incident, impulse.Link));
            standing.Remove((impulse.Incident, impulse.Link));
        }
    }

    /// <param name="now">Not before any τ, nor before the instant last asked for.</param>
    public int RungAt(DateTimeOffset now)
    {
        foreach (var (key, hold) in standing)
        {
            if (hold.To < now)
            {
                standing.Remove(key);
            }
        }

        return rules.RungAt(now, standing.Values, LastOf);
    }

    /// <summary>The next instant after one at which the rung may be another, if no impulse is added or removed; null if it stays for ever.</summary>
    public DateTimeOffset? MayChangeAfter(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        for (var rung = 1; rung < PostureRules.Rungs; rung++)
        {
            if (LastOf(rung) is { } tau)
            {
                Consider(rules.DwellEnds(rung, tau));
            }
        }

        foreach (var hold in standing.Values)
        {
            Consider(hold.From);
            Consider(PostureRules.JustAfter(hold.To));
        }

        return next;

        void Consider(DateTimeOffset at) => next = at > now && at < DateTimeOffset.MaxValue && !(next <= at) ? at : next;
    }

    private DateTimeOffset? LastOf(int rung) => dwelling[rung].Count == 0 ? null : dwelling[rung].Max.Tau;
}
