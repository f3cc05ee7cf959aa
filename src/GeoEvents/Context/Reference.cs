using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>How an incident that something refers to stands at a point: on record, after V, off the record for one of three reasons, or not yet on it at K.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ReferenceStanding>))]
public enum ReferenceStanding { OnRecord, AfterValid, Retracted, Merged, Split, Missing }

/// <summary>An incident that something refers to, as known at K.</summary>
/// <param name="Standing">Only one that is on record proves anything.</param>
/// <param name="Incident">Null if it was not on record, or happened after V.</param>
public sealed record Reference(string Id, ReferenceStanding Standing, IncidentBrief? Incident)
{
    public static Reference Of(string id, Incident? incident, DateTimeOffset valid)
    {
        var standing = incident switch
        {
            null => ReferenceStanding.Missing,
            { Interval.Tau: var tau } when tau > valid => ReferenceStanding.AfterValid,
            { Standing: Incidents.Standing.Merged } => ReferenceStanding.Merged,
            { Standing: Incidents.Standing.Split or Incidents.Standing.Dissolved } => ReferenceStanding.Split,
            { Standing: Incidents.Standing.Retracted } => ReferenceStanding.Retracted,
            _ => ReferenceStanding.OnRecord,
        };
        return new Reference(id, standing, incident is null || standing == ReferenceStanding.AfterValid ? null : IncidentBrief.Of(incident));
    }
}

/// <summary>Looks up incidents that are referred to by id.</summary>
public sealed class ReferenceReader(IncidentReader incidents)
{
    /// <returns>One for each id, on record or not.</returns>
    public async Task<IReadOnlyDictionary<string, Reference>> Read(string workspace, IEnumerable<string> ids, AsOf asOf, CancellationToken cancel)
    {
        var streams = ids.Distinct().ToDictionary(id => id, id => StreamKey.Incident(id).In(workspace));
        var found = await incidents.Load(workspace, streams.Values, asOf.Known.Position, cancel);
        return streams.ToDictionary(s => s.Key, s => Reference.Of(s.Key, found.GetValueOrDefault(s.Value), asOf.Valid));
    }
}
