using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Sources;

namespace GeoEvents.Recording;

/// <summary>Reads which actors and sources a workspace knew at a position.</summary>
public sealed class RegistryReader(LogReader log)
{
    /// <summary>States and registered actors, by code.</summary>
    public async Task<IReadOnlyList<Actor>> Actors(string workspace, long known, CancellationToken cancel)
    {
        var registered = await Fold<Actor, ActorEvent>(workspace, [typeof(ActorRegistered), typeof(ActorAmended)], Actor.After, known, cancel);
        return [.. States.All.Select(Actor.Of).Concat(registered).OrderBy(a => a.Code.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The state or registered actor of a code; null if nobody of that code was known.</summary>
    public async Task<Actor?> FindActor(string workspace, ActorCode code, long known, CancellationToken cancel) => States.Find(code) is { } state
        ? Actor.Of(state)
        : (await log.OfStream(workspace, StreamKey.Actor(code), known, cancel)).Aggregate((Actor?)null, (actor, entry) => Actor.After(actor, (ActorEvent)entry.Fact));

    /// <summary>Sources, by id.</summary>
    public async Task<IReadOnlyList<Source>> Sources(string workspace, long known, CancellationToken cancel) =>
        [.. (await Fold<Source, SourceEvent>(workspace, [typeof(SourceRegistered), typeof(SourceRegraded)], Source.After, known, cancel))
            .OrderBy(s => s.Id, StringComparer.Ordinal)];

    private async Task<IEnumerable<TState>> Fold<TState, TEvent>(
        string workspace, Type[] types, Func<TState?, TEvent, TState> after, long known, CancellationToken cancel)
        where TState : class
    {
        var states = new Dictionary<Guid, TState>();
        foreach (var entry in await log.OfTypes(workspace, types, known, cancel))
        {
            states[entry.Stream] = after(states.GetValueOrDefault(entry.Stream), (TEvent)entry.Fact);
        }

        return states.Values;
    }
}
