using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Exports;

/// <summary>Something registered, with when that was and when it last changed.</summary>
public sealed record Registered<T>(T Value, DateTimeOffset Since, DateTimeOffset ChangedAt);

/// <summary>Actors and sources that were registered in a workspace as known at a position. States need no registering.</summary>
public sealed record ExportRegistry(IReadOnlyDictionary<ActorCode, Registered<Actor>> Actors, IReadOnlyDictionary<string, Registered<Source>> Sources)
{
    public string NameOf(ActorCode code) => FindActor(code)?.Name ?? code.ToString();

    /// <summary>A registered actor or a state; null if the code is neither.</summary>
    public Actor? FindActor(ActorCode code) =>
        Actors.GetValueOrDefault(code)?.Value ?? (States.Find(code) is { } state ? Actor.Of(state) : null);

    /// <summary>With sources and actors that are only supposed.</summary>
    public ExportRegistry With(IReadOnlyCollection<object> supposed, DateTimeOffset at) => supposed.Count == 0 ? this : new ExportRegistry(
        Actors.Concat(supposed.OfType<Actor>().Select(a => KeyValuePair.Create(a.Code, new Registered<Actor>(a, at, at)))).ToDictionary(),
        Sources.Concat(supposed.OfType<Source>().Select(s => KeyValuePair.Create(s.Id, new Registered<Source>(s, at, at)))).ToDictionary());

    public static async Task<ExportRegistry> Read(LogReader log, string workspace, long known, CancellationToken cancel)
    {
        var actors = new Dictionary<Guid, Registered<Actor>>();
        var sources = new Dictionary<Guid, Registered<Source>>();
        Type[] types = [typeof(ActorRegistered), typeof(ActorAmended), typeof(SourceRegistered), typeof(SourceRegraded)];
        foreach (var entry in await log.OfTypes(workspace, types, known, cancel))
        {
            if (entry.Fact is ActorEvent ofActor)
            {
                Take(actors, entry, before => Actor.After(before, ofActor));
            }
            else
            {
                Take(sources, entry, before => Source.After(before, (SourceEvent)entry.Fact));
            }
        }

        return new ExportRegistry(actors.Values.ToDictionary(a => a.Value.Code), sources.Values.ToDictionary(s => s.Value.Id));
    }

    private static void Take<T>(Dictionary<Guid, Registered<T>> states, LogEntry entry, Func<T?, T> after) where T : class
    {
        var before = states.GetValueOrDefault(entry.Stream);
        states[entry.Stream] = new Registered<T>(after(before?.Value), before?.Since ?? entry.RecordedAt, entry.RecordedAt);
    }
}
