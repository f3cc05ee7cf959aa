using System.Text.RegularExpressions;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Sources;

/// <summary>A source as a client registers it. The group is the source itself if none is given; F (cannot be judged) if no reliability is.</summary>
public sealed record SourceDraft(
    string Id = "", string? Name = null, Reliability Reliability = Reliability.F, string? Group = null, ActorCode? Affiliation = null, string? Url = null);

/// <summary>Which sources can be registered.</summary>
public static partial class SourceRules
{
    public const string IdRule = "A source id has 1 to 64 lower-case letters, digits, or . _ - and begins with a letter or digit.";

    public static bool IsId(string id) => Id().IsMatch(id);

    public static IEnumerable<FieldProblem> Check(SourceDraft draft, string at)
    {
        if (!IsId(draft.Id))
        {
            yield return FieldProblem.At($"{at}/id", draft.Id.Length == 0 ? "required" : "malformed", IdRule);
        }

        foreach (var (field, text) in new[] { ("name", draft.Name), ("group", draft.Group) })
        {
            if (TextRules.Fault(text, 200, required: false, multiline: false) is { } fault)
            {
                yield return FieldProblem.At($"{at}/{field}", fault.Code, fault.Detail);
            }
        }

        if (draft.Url is { } url && !TextRules.IsWebAddress(url, IncidentRules.LongestUrl))
        {
            yield return FieldProblem.At($"{at}/url", "malformed", "Not an http or https address.");
        }
    }

    public static SourceRegistered Fact(SourceDraft draft) =>
        new(draft.Id, draft.Name ?? draft.Id, draft.Reliability, draft.Group ?? draft.Id, draft.Affiliation, draft.Url);

    /// <returns>Null if it is on record as given.</returns>
    /// <exception cref="RefusedException">It is on record otherwise.</exception>
    public static SourceEvent? Register(SourceDraft draft, Source? known, string at)
    {
        var fact = Fact(draft);
        return known switch
        {
            null => fact,
            _ when Source.After(null, fact) == known with { Version = 1 } => null,
            _ => throw new RefusedException(
                "source-exists",
                $"Source '{draft.Id}' is on record with another name, grade, group or affiliation. Regrade it, or leave it out here.",
                problems: [FieldProblem.At(at, "source-exists", "On record otherwise.")]),
        };
    }

    /// <exception cref="InvalidRequestException">The affiliation is not on record.</exception>
    public static void CheckNamed(ActorCode? affiliation, RecordView record) => InvalidRequestException.ThrowIfAny(
        affiliation is { } code && record.FindActor(code) is null
            ? [FieldProblem.At("/affiliation", "unknown-actor", $"There is no actor '{code}'.")]
            : []);

    public static Answer Answer(int status, string workspace, Source source) =>
        Answers.Of(status, $"/api/v1/{workspace}/sources/{source.Id}", source.Version, source);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Id();
}
