using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Coverage;
using GeoEvents.Incidents;

namespace GeoEvents.Feed;

/// <summary>What a subscriber chooses facts by.</summary>
public static class FeedFacts
{
    /// <summary>The relationships that a fact names.</summary>
    public static IReadOnlyList<Dyad> DyadsOf(object fact) => fact switch
    {
        IncidentEvent e => DyadsOf(e),
        AlertEvent e => [e.Dyad],
        PostureAssessed e => [e.Dyad],
        PostureAssessmentWithdrawn e => [e.Dyad],
        RelationshipChecked e => [e.Dyad],
        RelationshipCheckWithdrawn e => [e.Dyad],
        PathwayLaidOut { Pathway.Dyad: { } dyad } => [dyad],
        PathwayAmended e => [e.Dyad],
        PathwayStepProgressed e => [e.Dyad],
        AlertRuleDrafted e => e.Rule.Scope.Dyads,
        AlertRuleRevised e => e.Rule.Scope.Dyads,
        SilenceSet e => e.Silence.Dyads,
        _ => [],
    };

    /// <summary>Id of the rule that a fact is about, itself or by its alert; null if it is about none.</summary>
    public static string? RuleOf(object fact) => fact switch
    {
        AlertEvent e => e.Rule,
        AlertRuleDrafted e => e.Rule.Id,
        AlertRuleRevised e => e.Rule.Id,
        AlertRuleEnabled e => e.Rule,
        AlertRuleDisabled e => e.Rule,
        _ => null,
    };

    private static IReadOnlyList<Dyad> DyadsOf(IncidentEvent fact) => fact switch
    {
        IncidentLogged e => [.. e.Content.Dyads],
        IncidentCorrected e => e.Dyads,
        IncidentRetracted e => e.Dyads,
        IncidentReinstated e => e.Dyads,
        IncidentMerged e => e.Dyads,
        IncidentAbsorbed e => e.Dyads,
        IncidentUnmerged e => e.Dyads,
        IncidentReleased e => e.Dyads,
        IncidentSplit e => e.Dyads,
        IncidentUnsplit e => e.Dyads,
        IncidentDissolved e => e.Dyads,
        ReportAttached e => e.Dyads,
        ReportWithdrawn e => e.Dyads,
        IncidentMissingUpstream e => e.Dyads,
        IncidentFoundUpstream e => e.Dyads,
        IncidentGraded e => e.Dyads,
        ReportsRegraded e => e.Dyads,
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is a kind of fact whose relationships nobody told."),
    };
}
