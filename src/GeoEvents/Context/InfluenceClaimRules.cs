using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>Which contents are an influence claim.</summary>
public static class InfluenceClaimRules
{
    /// <summary>What was judged may be judged anew; about another incident or actor it is another claim.</summary>
    public static IReadOnlySet<string> Amendable { get; } = new HashSet<string> { "likelihood", "confidence", "basis", "sources" };

    /// <summary>What is wrong with a content by itself, whatever is on record; all of it.</summary>
    public static IEnumerable<FieldProblem> Check(InfluenceClaimContent claim, string at)
    {
        if (!IncidentRules.IsId(claim.Id))
        {
            yield return FieldProblem.At($"{at}/id", "malformed", "An id has 1 to 128 letters, digits, or . _ ~ : - and begins with a letter or digit.");
        }

        if (!IncidentRules.IsId(claim.Incident))
        {
            yield return FieldProblem.At($"{at}/incident", claim.Incident.Length == 0 ? "required" : "malformed", "A claim is about an incident: name it by its id.");
        }

        if (claim.Influencer is null)
        {
            yield return FieldProblem.At($"{at}/influencer", "required", "A claim names the actor that is said to have pushed the incident.");
        }

        if (claim.Likelihood is null)
        {
            yield return FieldProblem.At($"{at}/likelihood", "required", "A claim says how likely it is: two numbers, lowest and highest, each from 0 to 1.");
        }

        if (claim.Confidence is null)
        {
            yield return FieldProblem.At($"{at}/confidence", "required", "A claim says how good its basis is: low, moderate or high. That is another thing than how likely it is.");
        }

        foreach (var problem in ContextRules.Likelihood($"{at}/likelihood", claim.Likelihood)
            .Concat(ContextRules.Text($"{at}/basis", claim.Basis, ContextRules.LongestText, required: true, multiline: true))
            .Concat(ContextRules.AtMost($"{at}/sources", claim.Sources.Count))
            .Concat(ContextRules.Repeated($"{at}/sources", claim.Sources)))
        {
            yield return problem;
        }
    }

    /// <summary>Streams of what it names.</summary>
    public static IEnumerable<StreamKey> Named(InfluenceClaimContent claim) =>
        [StreamKey.Incident(claim.Incident), StreamKey.Actor(claim.Influencer!.Value), .. claim.Sources.Select(StreamKey.Source)];

    /// <summary>What it names that is not on record.</summary>
    /// <param name="coming">Incidents that are about to be recorded.</param>
    public static IEnumerable<FieldProblem> Unknown(InfluenceClaimContent claim, RecordView record, string at, IReadOnlySet<string>? coming = null) =>
        ContextRules.UnknownIncidents(record, [(claim.Incident, $"{at}/incident")], coming)
            .Concat(ContextRules.UnknownActors(record, [(claim.Influencer!.Value, $"{at}/influencer")]))
            .Concat(record.FindIncident(claim.Incident)?.Content.Links.Any(l => l.Actor == claim.Influencer || l.Recipient == claim.Influencer) == true
                ? [FieldProblem.At($"{at}/influencer", "contradiction", $"{claim.Influencer} is a party of the incident. Influence is claimed of a third.")]
                : [])
            .Concat(UnknownSources(claim, record, at));

    /// <param name="before">What was on record of it, which is not looked at again.</param>
    public static IEnumerable<FieldProblem> UnknownSources(InfluenceClaimContent claim, RecordView record, string at, InfluenceClaimContent? before = null) => claim.Sources.Index()
        .Where(s => before?.Sources.Contains(s.Item) != true && record.FindSource(s.Item) is null)
        .Select(s => FieldProblem.At($"{at}/sources/{s.Index}", "unknown-source", $"There is no source '{s.Item}'. Register it first."));
}
