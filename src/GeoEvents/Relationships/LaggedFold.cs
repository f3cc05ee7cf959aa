using System.Collections.Immutable;
using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>What a relationship was some time before now, as known now: a <see cref="RunningFold"/> that follows time at a distance.</summary>
/// <remarks>What is known but has not happened yet at that earlier instant waits for its τ. Pure; for one thread at a time.</remarks>
/// <param name="lag">0 or more.</param>
public sealed class LaggedFold(Method method, TimeSpan lag)
{
    private readonly SortedSet<(DateTimeOffset Tau, Guid Incident)> coming = [];
    private readonly Dictionary<Guid, (ImmutableArray<Impulse> Links, Closer? Closes)> waiting = [];

    /// <summary>The relationship then.</summary>
    public RunningFold Fold { get; } = new(method);

    /// <summary>The instant after now at which something that is known happens then; null if all has.</summary>
    public DateTimeOffset? NextHappens => coming.Count == 0 ? null : coming.Min.Tau + lag;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">Not before the last.</param>
    public void Advance(DateTimeOffset now)
    {
        var then = now - DateTimeOffset.MinValue > lag ? now - lag : DateTimeOffset.MinValue;
        while (coming.Count > 0 && coming.Min is var (tau, incident) && tau <= then)
        {
            coming.Remove((tau, incident));
            waiting.Remove(incident, out var what);
            Fold.Advance(tau);
            Fold.Revise(incident, what.Links, what.Closes);
        }

        Fold.Advance(then);
    }

    /// <inheritdoc cref="RunningFold.Revise"/>
    public void Revise(Guid incident, ImmutableArray<Impulse> links, Closer? closes)
    {
        if (waiting.Remove(incident, out var before))
        {
            coming.Remove((TauOf(before.Links, before.Closes)!.Value, incident));
        }

        if (TauOf(links, closes) is { } tau && tau > Fold.Now)
        {
            Fold.Revise(incident, [], null);
            coming.Add((tau, incident));
            waiting[incident] = (links, closes);
        }
        else
        {
            Fold.Revise(incident, links, closes);
        }
    }

    /// <inheritdoc cref="RunningFold.Move"/>
    public void Move(Guid incident, Closer? closes) =>
        Revise(incident, waiting.TryGetValue(incident, out var coming) ? coming.Links : Fold.LinksOf(incident), closes);

    /// <summary>All links of an incident have one τ, and so does what it closes.</summary>
    private static DateTimeOffset? TauOf(ImmutableArray<Impulse> links, Closer? closes) => links.Length > 0 ? links[0].Tau : closes?.Tau;
}
