using GeoEvents.Actors;
using GeoEvents.Incidents;
using GeoEvents.Scoring;
using GeoEvents.Sources;

namespace GeoEvents.Recording;

/// <summary>Which stream a fact begins. In the store a stream has no name but its hash, so that a reader of the log learns it here.</summary>
public static class FactStreams
{
    /// <returns>Null for a fact that only follows others.</returns>
    public static StreamKey? BegunBy(object fact) => fact switch
    {
        IncidentLogged e => StreamKey.Incident(e.Content.Id),
        SourceRegistered e => StreamKey.Source(e.Id),
        ActorRegistered e => StreamKey.Actor(e.Code),
        MethodEvent => StreamKey.Methods,
        _ => null,
    };
}
