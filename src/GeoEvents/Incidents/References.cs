using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>What an incident refers to: actors and sources, which must be on record or come along.</summary>
/// <remarks>Other incidents (<c>closes</c>, <c>respondsTo</c>) need not be there yet: facts arrive in any order, and the answer is the same.</remarks>
public static class References
{
    /// <summary>Actors that are not states; the states of ISO 3166-1 are always known.</summary>
    public static IEnumerable<ActorCode> Actors(IncidentContent content) => All(content).Select(a => a.Code).Where(c => States.Find(c) is null).Distinct();

    /// <exception cref="InvalidRequestException">An actor or source is unknown; all of them are named.</exception>
    /// <param name="known">Actors that need no check, because the record names them already.</param>
    public static void Check(
        IncidentContent content,
        IReadOnlyList<ReportDraft> reports,
        RecordView record,
        Registrations register,
        string at = "",
        IReadOnlySet<ActorCode>? known = null)
    {
        var problems = All(content)
            .Where(a => known?.Contains(a.Code) != true && record.FindActor(a.Code) is null && !register.Brings(a.Code))
            .Select(a => FieldProblem.At($"{at}/{a.Pointer}", "unknown-actor", $"There is no actor '{a.Code}'. Register it, also within this request."))
            .Concat(reports
                .Select((r, i) => (r.Source, Pointer: $"{at}/reports/{i}/source"))
                .Where(r => record.FindSource(r.Source) is null && register.SourceNamed(r.Source) is null)
                .Select(r => FieldProblem.At(r.Pointer, "unknown-source", $"There is no source '{r.Source}'. Register it, also within this request.")))
            .ToList();
        if (problems.Count > 0)
        {
            throw new InvalidRequestException(problems);
        }
    }

    /// <summary>A source on record or brought along.</summary>
    public static Source Source(string id, RecordView record, Registrations register) => record.FindSource(id) ?? register.SourceNamed(id)!;

    private static IEnumerable<(ActorCode Code, string Pointer)> All(IncidentContent content) =>
        content.Links.SelectMany((l, i) => new[] { (l.Actor, $"links/{i}/actor"), (l.Recipient, $"links/{i}/recipient") })
            .Concat(content.Others.Select((o, i) => (o.Actor, $"others/{i}/actor")))
            .Concat(content.Place?.Country is { } country ? [(country, "place/country")] : []);
}
