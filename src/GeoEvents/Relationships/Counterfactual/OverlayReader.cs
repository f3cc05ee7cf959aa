using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>Applies overlays to the record of a workspace as it is known at a position. It reads, and records nothing.</summary>
public sealed class OverlayReader(OverlayStore overlays, IncidentReader incidents, RegistryReader registry)
{
    /// <summary>A stored overlay as it is applied.</summary>
    /// <exception cref="Hosting.RefusedException">There is none of that name (404), or it has expired (410).</exception>
    public async Task<Layer> Stored(string workspace, string name, CancellationToken cancel)
    {
        var overlay = await overlays.Read(workspace, name, cancel);
        return new Layer(overlay.Changes, overlay.ChangedAt, name);
    }

    /// <summary>Changes that a request brings.</summary>
    public Layer Given(OverlayChanges changes) => new(changes, overlays.Now);

    /// <exception cref="Hosting.InvalidRequestException">A change does not fit the record.</exception>
    /// <exception cref="Hosting.RefusedException">A source or actor that an added incident brings along is on record otherwise.</exception>
    public async Task<SupposedRecord> Apply(string workspace, long known, Method method, IReadOnlyList<Layer> layers, CancellationToken cancel)
    {
        var named = layers.SelectMany(l => OverlayRules.Changes(l.Changes, l.Overlay)).Select(c => StreamKey.Incident(c.Id).In(workspace)).Distinct().ToList();
        // What is too much is refused by its number, and nothing need be read for it.
        var onRecord = named.Count <= layers.Count * OverlayRules.MostChanges ? await incidents.Load(workspace, named, known, cancel) : new Dictionary<Guid, Incident>();
        var registered = layers.Any(l => l.Changes.Add is { Count: > 0 } || l.Changes.Reattribute is { Count: > 0 })
            ? await Registry(workspace, known, cancel)
            : new Dictionary<StreamKey, object>();
        return new Overlay(known, onRecord.Values.ToDictionary(i => i.Content.Id), registered, method).Apply(layers);
    }

    private async Task<IReadOnlyDictionary<StreamKey, object>> Registry(string workspace, long known, CancellationToken cancel)
    {
        var all = (await registry.Sources(workspace, known, cancel)).ToDictionary(s => StreamKey.Source(s.Id), s => (object)s);
        foreach (var actor in (await registry.Actors(workspace, known, cancel)).Where(a => a.Version > 0))
        {
            all[StreamKey.Actor(actor.Code)] = actor;
        }

        return all;
    }
}
