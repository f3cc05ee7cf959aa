using System.Collections.Frozen;
using System.Text.Json;
using GeoEvents.Actors;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Assessments;
using GeoEvents.Context;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Scoring;
using GeoEvents.Sources;

namespace GeoEvents.Recording;

/// <summary>Every kind of fact that the log holds, under the name it is stored with.</summary>
public static class FactTypes
{
    public static FrozenDictionary<string, Type> ByName { get; } = new Dictionary<string, Type>
    {
        ["incident_logged"] = typeof(IncidentLogged),
        ["incident_corrected"] = typeof(IncidentCorrected),
        ["incident_retracted"] = typeof(IncidentRetracted),
        ["incident_reinstated"] = typeof(IncidentReinstated),
        ["incident_merged"] = typeof(IncidentMerged),
        ["incident_absorbed"] = typeof(IncidentAbsorbed),
        ["incident_unmerged"] = typeof(IncidentUnmerged),
        ["incident_released"] = typeof(IncidentReleased),
        ["incident_split"] = typeof(IncidentSplit),
        ["incident_unsplit"] = typeof(IncidentUnsplit),
        ["incident_dissolved"] = typeof(IncidentDissolved),
        ["report_attached"] = typeof(ReportAttached),
        ["report_withdrawn"] = typeof(ReportWithdrawn),
        ["incident_missing_upstream"] = typeof(IncidentMissingUpstream),
        ["incident_found_upstream"] = typeof(IncidentFoundUpstream),
        ["incident_graded"] = typeof(IncidentGraded),
        ["reports_regraded"] = typeof(ReportsRegraded),
        ["source_registered"] = typeof(SourceRegistered),
        ["source_regraded"] = typeof(SourceRegraded),
        ["actor_registered"] = typeof(ActorRegistered),
        ["actor_amended"] = typeof(ActorAmended),
        ["method_published"] = typeof(MethodPublished),
        ["method_adopted"] = typeof(MethodAdopted),
        ["profile_stated"] = typeof(ProfileStated),
        ["stake_registered"] = typeof(StakeRegistered),
        ["stake_amended"] = typeof(StakeAmended),
        ["stake_retired"] = typeof(StakeRetired),
        ["influence_claimed"] = typeof(InfluenceClaimed),
        ["influence_claim_amended"] = typeof(InfluenceClaimAmended),
        ["influence_claim_withdrawn"] = typeof(InfluenceClaimWithdrawn),
        ["pathway_laid_out"] = typeof(PathwayLaidOut),
        ["pathway_amended"] = typeof(PathwayAmended),
        ["pathway_step_progressed"] = typeof(PathwayStepProgressed),
        ["posture_assessed"] = typeof(PostureAssessed),
        ["posture_assessment_withdrawn"] = typeof(PostureAssessmentWithdrawn),
        ["relationship_checked"] = typeof(RelationshipChecked),
        ["relationship_check_withdrawn"] = typeof(RelationshipCheckWithdrawn),
        ["alert_rule_drafted"] = typeof(AlertRuleDrafted),
        ["alert_rule_revised"] = typeof(AlertRuleRevised),
        ["alert_rule_enabled"] = typeof(AlertRuleEnabled),
        ["alert_rule_disabled"] = typeof(AlertRuleDisabled),
        ["alert_fired"] = typeof(AlertFired),
        ["alert_severity_raised"] = typeof(AlertSeverityRaised),
        ["alert_resolved"] = typeof(AlertResolved),
        ["alert_recalled"] = typeof(AlertRecalled),
        ["alert_amended"] = typeof(AlertAmended),
        ["alert_acknowledged"] = typeof(AlertAcknowledged),
        ["alert_assigned"] = typeof(AlertAssigned),
        ["alert_annotated"] = typeof(AlertAnnotated),
        ["silence_set"] = typeof(SilenceSet),
        ["silence_lifted"] = typeof(SilenceLifted),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = ByName.ToFrozenDictionary(t => t.Value, t => t.Key);

    private static readonly FrozenDictionary<Type, string> DotNetNames = ByName.Values.ToFrozenDictionary(t => t, t => $"{t.FullName}, {t.Assembly.GetName().Name}");

    /// <summary>What Marten keeps of it besides.</summary>
    public static string DotNetNameOf(object fact) => DotNetNames[fact.GetType()];

    public static string NameOf(object fact) => NameOf(fact.GetType());

    public static string NameOf(Type fact) => Names[fact];

    /// <exception cref="InvalidOperationException">The log holds a kind of fact that this version does not know.</exception>
    public static object Read(string name, byte[] json) => ByName.TryGetValue(name, out var type)
        ? JsonSerializer.Deserialize(json, type, GeoJson.Options)!
        : throw new InvalidOperationException($"The log holds a fact of kind '{name}', which this version of GeoEvents does not know.");
}
