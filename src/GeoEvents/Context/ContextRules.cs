using System.Text;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>What the parts of a context have in common: which texts, ranges and references they may have, each fault named by JSON pointer.</summary>
public static class ContextRules
{
    public const int LongestName = 300;
    public const int LongestShortText = 500;
    public const int LongestText = 10_000;
    public const int MostItems = 100;

    private const int LongestId = 64;

    public static IEnumerable<FieldProblem> Text(string at, string? text, int longest, bool required = false, bool multiline = false) =>
        TextRules.Fault(text, longest, required, multiline) is { } fault ? [FieldProblem.At(at, fault.Code, fault.Detail)] : [];

    /// <summary>A list of short texts, none blank and none twice.</summary>
    public static IEnumerable<FieldProblem> Texts(string at, IReadOnlyList<string> texts) =>
        AtMost(at, texts.Count)
            .Concat(texts.SelectMany((text, i) => Text($"{at}/{i}", text, LongestShortText, required: true)))
            .Concat(Repeated(at, texts));

    public static IEnumerable<FieldProblem> Actors(string at, IReadOnlyList<ActorCode> actors) =>
        AtMost(at, actors.Count)
            .Concat(actors.SelectMany((actor, i) => actor == default ? [FieldProblem.At($"{at}/{i}", "required", "Not an actor code.")] : Array.Empty<FieldProblem>()))
            .Concat(Repeated(at, actors));

    /// <summary>Ids of incidents by themselves; whether they are on record is <see cref="UnknownIncidents"/>.</summary>
    public static IEnumerable<FieldProblem> Incidents(string at, IReadOnlyList<string> incidents) =>
        AtMost(at, incidents.Count)
            .Concat(incidents.SelectMany((id, i) => IncidentRules.IsId(id) ? Array.Empty<FieldProblem>() : [FieldProblem.At($"{at}/{i}", "malformed", "Not the id of an incident.")]))
            .Concat(Repeated(at, incidents));

    public static IEnumerable<FieldProblem> AtMost(string at, int count, int most = MostItems) =>
        count > most ? [FieldProblem.At(at, "too-many", $"At most {most}.")] : [];

    public static IEnumerable<FieldProblem> Repeated<T>(string at, IReadOnlyList<T> items) =>
        items.Index().Where(item => items.Take(item.Index).Contains(item.Item)).Select(item => FieldProblem.At($"{at}/{item.Index}", "repeated", "It is given twice."));

    /// <param name="likelihood">Lowest and highest probability, each 0 to 1.</param>
    public static IEnumerable<FieldProblem> Likelihood(string at, IReadOnlyList<double>? likelihood) =>
        likelihood is null || Icd203.IsRange(likelihood)
            ? []
            : [FieldProblem.At(at, "out-of-range", "A likelihood is two numbers, lowest and highest, each from 0 to 1.")];

    public static IEnumerable<FieldProblem> Place(string at, Place? place)
    {
        foreach (var problem in Text($"{at}/name", place?.Name, LongestName))
        {
            yield return problem;
        }

        if (place is { Latitude: not (null or >= -90 and <= 90) })
        {
            yield return FieldProblem.At($"{at}/latitude", "out-of-range", "Not a number from -90 to 90.");
        }

        if (place is { Longitude: not (null or >= -180 and <= 180) })
        {
            yield return FieldProblem.At($"{at}/longitude", "out-of-range", "Not a number from -180 to 180.");
        }

        if (place?.Latitude is null != place?.Longitude is null)
        {
            yield return FieldProblem.At($"{at}/{(place?.Latitude is null ? "latitude" : "longitude")}", "required", "Latitude and longitude come together.");
        }
    }

    /// <summary>Those of some actors that are not on record.</summary>
    public static IEnumerable<FieldProblem> UnknownActors(RecordView record, IEnumerable<(ActorCode Code, string Pointer)> actors) => actors
        .Where(a => record.FindActor(a.Code) is null)
        .Select(a => FieldProblem.At(a.Pointer, "unknown-actor", $"There is no actor '{a.Code}'. Register it first."));

    /// <summary>Those of some incidents that do not stand on record.</summary>
    /// <param name="coming">Incidents that are about to be recorded.</param>
    public static IEnumerable<FieldProblem> UnknownIncidents(RecordView record, IEnumerable<(string Id, string Pointer)> incidents, IReadOnlySet<string>? coming = null) =>
        from named in incidents
        where coming?.Contains(named.Id) != true
        let incident = record.FindIncident(named.Id)
        where incident is null or { Standing: not Standing.OnRecord }
        select incident is null
            ? FieldProblem.At(named.Pointer, "unknown-incident", $"There is no incident '{named.Id}'. Log it first.")
            : FieldProblem.At(named.Pointer, "incident-retracted", $"Incident '{named.Id}' does not count any more: it was retracted, merged or split.");

    /// <summary>An id made of a name: its letters and digits of ASCII in lower case, with a hyphen for what stands between them; at most 64. Empty if it has none.</summary>
    public static string Slug(string name)
    {
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug is { Length: > 0 } && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString()[..Math.Min(slug.Length, LongestId)].Trim('-');
    }
}
