using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Context;

/// <summary>Which contents are a stake.</summary>
public static class StakeRules
{
    public const string IdRule = "An id has 1 to 64 lower-case letters, digits, or . _ - and begins with a letter or digit.";

    /// <summary>Every field that an amendment may name: all but the id.</summary>
    public static IReadOnlySet<string> Amendable { get; } = Fields.Of<StakeContent>().Where(name => name != "id").ToHashSet();

    /// <summary>That an id is none.</summary>
    public static FieldProblem Id(string at, string id) => id.Length == 0
        ? FieldProblem.At(at, "required", $"Say an id: none was given, and none can be made of the name. {IdRule}")
        : FieldProblem.At(at, "malformed", IdRule);

    /// <summary>What is wrong with a content by itself, whatever is on record; all of it.</summary>
    public static IEnumerable<FieldProblem> Check(StakeContent stake, string at)
    {
        if (!SourceRules.IsId(stake.Id))
        {
            yield return Id($"{at}/id", stake.Id);
        }

        foreach (var problem in ContextRules.Text($"{at}/name", stake.Name, ContextRules.LongestName, required: true)
            .Concat(ContextRules.Text($"{at}/description", stake.Description, ContextRules.LongestText, multiline: true))
            .Concat(ContextRules.Text($"{at}/kind", stake.Kind, ContextRules.LongestName))
            .Concat(ContextRules.Place($"{at}/place", stake.Place))
            .Concat(ContextRules.Actors($"{at}/heldBy", stake.HeldBy))
            .Concat(ContextRules.Actors($"{at}/soughtBy", stake.SoughtBy))
            .Concat(ContextRules.AtMost($"{at}/issues", stake.Issues.Count, IncidentRules.MostTags))
            .Concat(ContextRules.Repeated($"{at}/issues", stake.Issues))
            .Concat(ContextRules.Incidents($"{at}/incidents", stake.Incidents)))
        {
            yield return problem;
        }

        if (stake.HeldBy.Count + stake.SoughtBy.Count == 0)
        {
            yield return FieldProblem.At($"{at}/heldBy", "required", "Somebody holds a stake or seeks it: name at least one actor.");
        }

        foreach (var (i, tag) in stake.Issues.Index())
        {
            if (!IncidentRules.IsTag(tag))
            {
                yield return FieldProblem.At($"{at}/issues/{i}", "malformed", "A tag has 1 to 64 letters, digits, or . _ - and begins with a letter or digit.");
            }
        }
    }

    /// <summary>Streams of what it names.</summary>
    public static IEnumerable<StreamKey> Named(StakeContent stake) =>
        Actors(stake, "").Select(a => StreamKey.Actor(a.Code)).Concat(stake.Incidents.Select(StreamKey.Incident));

    /// <summary>What it names that is not on record.</summary>
    /// <param name="before">What was on record of it, which is not looked at again.</param>
    public static IEnumerable<FieldProblem> Unknown(StakeContent stake, RecordView record, string at, StakeContent? before = null, IReadOnlySet<string>? coming = null)
    {
        var known = before is null ? [] : Actors(before, "").Select(a => a.Code).ToHashSet();
        return ContextRules.UnknownActors(record, Actors(stake, at).Where(a => !known.Contains(a.Code)))
            .Concat(ContextRules.UnknownIncidents(
                record, stake.Incidents.Select((id, i) => (id, $"{at}/incidents/{i}")).Where(i => before?.Incidents.Contains(i.id) != true), coming));
    }

    private static IEnumerable<(ActorCode Code, string Pointer)> Actors(StakeContent stake, string at) =>
        stake.HeldBy.Select((a, i) => (a, $"{at}/heldBy/{i}"))
            .Concat(stake.SoughtBy.Select((a, i) => (a, $"{at}/soughtBy/{i}")))
            .Concat(stake.Place?.Country is { } country ? [(country, $"{at}/place/country")] : []);
}
