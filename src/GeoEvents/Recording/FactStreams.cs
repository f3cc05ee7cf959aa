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

    /// <summary>Which stream a fact is of, of one that says so: all that begin one do, and many that follow.</summary>
    /// <returns>Null for a fact whose stream only its first fact names.</returns>
    public static StreamKey? NamedBy(object fact) => fact switch
    {
        StakeAmended e => StreamKey.Stake(e.Id),
        StakeRetired e => StreamKey.Stake(e.Id),
        InfluenceClaimAmended e => StreamKey.InfluenceClaim(e.Id),
        InfluenceClaimWithdrawn e => StreamKey.InfluenceClaim(e.Id),
        PathwayAmended e => StreamKey.Pathway(e.Id),
        PathwayStepProgressed e => StreamKey.Pathway(e.Id),
        PostureAssessmentWithdrawn e => StreamKey.Assessments(e.Dyad),
        AlertRuleRevised e => StreamKey.AlertRule(e.Rule.Id),
        AlertRuleEnabled e => StreamKey.AlertRule(e.Rule),
        AlertRuleDisabled e => StreamKey.AlertRule(e.Rule),
        AlertEvent e => StreamKey.Alert(e.Alert),
        SilenceLifted e => StreamKey.Silence(e.Id),
        _ => BegunBy(fact),
    };
}
