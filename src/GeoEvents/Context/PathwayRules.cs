using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Context;

/// <summary>Which contents are a pathway.</summary>
public static class PathwayRules
{
    /// <summary>What is wrong with a content by itself, whatever is on record; all of it.</summary>
    /// <param name="pathway">With its ids made.</param>
    public static IEnumerable<FieldProblem> Check(PathwayContent pathway, string at)
    {
        if (pathway.Dyad is null)
        {
            yield return FieldProblem.At($"{at}/dyad", "required", "A pathway is of a relationship, such as AZE-RUS.");
        }

        foreach (var problem in ContextRules.Text($"{at}/name", pathway.Name, ContextRules.LongestName, required: true))
        {
            yield return problem;
        }

        if (!SourceRules.IsId(pathway.Id))
        {
            yield return StakeRules.Id($"{at}/id", pathway.Id);
        }

        if (pathway.Steps.Count == 0)
        {
            yield return FieldProblem.At($"{at}/steps", "required", "A pathway has at least one step.");
        }

        foreach (var problem in Check(pathway.Steps, $"{at}/steps"))
        {
            yield return problem;
        }
    }

    /// <summary>What is wrong with steps by themselves.</summary>
    public static IEnumerable<FieldProblem> Check(IReadOnlyList<PathwayStep> steps, string at) =>
        ContextRules.AtMost(at, steps.Count).Concat(steps.SelectMany((step, i) => Check(step, steps.Take(i), $"{at}/{i}")));

    /// <summary>Streams of what it names.</summary>
    public static IEnumerable<StreamKey> Named(PathwayContent pathway) =>
        [StreamKey.Actor(pathway.Dyad!.Value.First), StreamKey.Actor(pathway.Dyad.Value.Second), .. Named(pathway.Steps)];

    /// <summary>What it names that is not on record.</summary>
    /// <param name="coming">Incidents that are about to be recorded.</param>
    public static IEnumerable<FieldProblem> Unknown(PathwayContent pathway, RecordView record, string at, IReadOnlySet<string>? coming = null) =>
        ContextRules.UnknownActors(record, [(pathway.Dyad!.Value.First, $"{at}/dyad"), (pathway.Dyad.Value.Second, $"{at}/dyad")])
            .Concat(Unknown(pathway.Steps, record, $"{at}/steps", coming));

    /// <summary>Streams of the incidents that steps name.</summary>
    public static IEnumerable<StreamKey> Named(IEnumerable<PathwayStep> steps) => steps.SelectMany(s => s.Incidents).Select(StreamKey.Incident);

    /// <summary>Incidents that steps name and that are not on record.</summary>
    /// <param name="coming">Incidents that are about to be recorded.</param>
    public static IEnumerable<FieldProblem> Unknown(IReadOnlyList<PathwayStep> steps, RecordView record, string at, IReadOnlySet<string>? coming = null) =>
        ContextRules.UnknownIncidents(record, steps.SelectMany((step, i) => step.Incidents.Select((id, j) => (id, $"{at}/{i}/incidents/{j}"))), coming);

    private static IEnumerable<FieldProblem> Check(PathwayStep step, IEnumerable<PathwayStep> before, string at)
    {
        if (!SourceRules.IsId(step.Id))
        {
            yield return FieldProblem.At($"{at}/id", "malformed", StakeRules.IdRule);
        }
        else if (before.Any(s => s.Id == step.Id))
        {
            yield return FieldProblem.At($"{at}/id", "repeated", "Another step has that id.");
        }

        if (step is { State: StepState.Done, Incidents.Count: 0 })
        {
            yield return FieldProblem.At($"{at}/incidents", "required", "A step is done when an incident proves it: name at least one.");
        }

        foreach (var problem in ContextRules.Text($"{at}/title", step.Title, ContextRules.LongestShortText, required: true)
            .Concat(ContextRules.Incidents($"{at}/incidents", step.Incidents)))
        {
            yield return problem;
        }
    }
}
