using GeoEvents.Actors;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Assessments;
using GeoEvents.Context;
using GeoEvents.Coverage;
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
        ProfileStated e => StreamKey.Profile(e.Actor),
        StakeRegistered e => StreamKey.Stake(e.Stake.Id),
        InfluenceClaimed e => StreamKey.InfluenceClaim(e.Claim.Id),
        PathwayLaidOut e => StreamKey.Pathway(e.Pathway.Id),
        PostureAssessed e => StreamKey.Assessments(e.Dyad),
        RelationshipChecked e => StreamKey.Checks(e.Dyad),
        RelationshipCheckWithdrawn e => StreamKey.Checks(e.Dyad),
        AlertRuleDrafted e => StreamKey.AlertRule(e.Rule.Id),
        AlertFired e => StreamKey.Alert(e.Alert),
        SilenceSet e => StreamKey.Silence(e.Silence.Id),
        _ => null,
    };
}
