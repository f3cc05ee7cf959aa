using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Incidents;

/// <summary>What kind of change a recorded fact is. Rules look at it: old news, mended records and new methods are not escalations.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ChangeClass>))]
public enum ChangeClass { Live, Late, Backfill, Correction, Retraction, Reinstatement, Merge, Split, Method }

public static class ChangeClasses
{
    /// <summary>
    /// <c>live</c>: τ within 72 h of recording; <c>late</c>: older, up to 30 days; <c>backfill</c>: older, or part of an import.
    /// Hours and days are the method's. Source: DESIGN §3.
    /// </summary>
    /// <remarks>A report, a grade or a withdrawal changes what is held true of an incident, as a correction does.</remarks>
    public static ChangeClass Of(IncidentEvent fact, DateTimeOffset tau, DateTimeOffset recordedAt, MethodParameters method) => fact switch
    {
        IncidentLogged { PartOf: not null } or IncidentSplit or IncidentUnsplit or IncidentDissolved => ChangeClass.Split,
        IncidentMerged or IncidentAbsorbed or IncidentUnmerged or IncidentReleased => ChangeClass.Merge,
        IncidentLogged { Import: not null } => ChangeClass.Backfill,
        IncidentLogged => (recordedAt - tau) switch
        {
            var age when age <= TimeSpan.FromHours(method.LateAfterHours) => ChangeClass.Live,
            var age when age <= TimeSpan.FromDays(method.BackfillAfterDays) => ChangeClass.Late,
            _ => ChangeClass.Backfill,
        },
        IncidentRetracted => ChangeClass.Retraction,
        IncidentReinstated => ChangeClass.Reinstatement,
        _ => ChangeClass.Correction,
    };
}
