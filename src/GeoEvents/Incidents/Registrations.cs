using GeoEvents.Actors;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Sources;

namespace GeoEvents.Incidents;

/// <summary>Actors and sources that a request brings along, so that whoever logs in haste need not stop to register them first.</summary>
public sealed record Registrations(IReadOnlyList<ActorDraft>? Actors = null, IReadOnlyList<SourceDraft>? Sources = null)
{
    /// <summary>Both together; of two with the same name the first counts.</summary>
    public Registrations And(Registrations? more) => more is null
        ? this
        : new([.. (Actors ?? []).Concat(more.Actors ?? []).DistinctBy(a => a.Code)], [.. (Sources ?? []).Concat(more.Sources ?? []).DistinctBy(s => s.Id)]);

    public IEnumerable<StreamKey> Streams =>
        (Actors ?? []).Select(a => StreamKey.Actor(a.Code)).Concat((Sources ?? []).Select(s => StreamKey.Source(s.Id)));

    /// <summary>What is wrong with them by themselves.</summary>
    public IEnumerable<FieldProblem> Check(string at) =>
        (Actors ?? []).SelectMany((a, i) => ActorRules.Check(a, $"{at}/actors/{i}"))
            .Concat((Sources ?? []).SelectMany((s, i) => SourceRules.Check(s, $"{at}/sources/{i}")));

    /// <summary>Facts for what is not on record yet. What is on record as given needs none.</summary>
    /// <exception cref="RefusedException">One is on record otherwise.</exception>
    public IEnumerable<Facts> Decide(RecordView record, string at)
    {
        foreach (var (draft, i) in (Actors ?? []).DistinctBy(a => a.Code).Select((a, i) => (a, i)))
        {
            if (ActorRules.Register(draft, record.FindActor(draft.Code), $"{at}/actors/{i}") is { } fact)
            {
                yield return new Facts(StreamKey.Actor(draft.Code), [fact]);
            }
        }

        foreach (var (draft, i) in (Sources ?? []).DistinctBy(s => s.Id).Select((s, i) => (s, i)))
        {
            if (SourceRules.Register(draft, record.FindSource(draft.Id), $"{at}/sources/{i}") is { } fact)
            {
                yield return new Facts(StreamKey.Source(draft.Id), [fact]);
            }
        }
    }

    public bool Brings(ActorCode code) => (Actors ?? []).Any(a => a.Code == code);

    public Source? SourceNamed(string id) =>
        (Sources ?? []).FirstOrDefault(s => s.Id == id) is { } draft ? Source.After(null, SourceRules.Fact(draft)) : null;
}
