using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>A step with what proves it, at one point.</summary>
/// <param name="Overdue">Whether its day has passed at V and it is neither done nor abandoned.</param>
/// <param name="Proven">Whether at least one of its incidents stands on record. One that is done and not proven has lost its proof.</param>
/// <param name="Proofs">Its incidents, each with how it stands.</param>
public sealed record StepView(
    string Id, string Title, StepState State, DateOnly? Due, bool Overdue, bool Proven, [property: KeepEmpty] IReadOnlyList<Reference> Proofs)
{
    public static StepView Of(PathwayStep step, IReadOnlyDictionary<string, Reference> references, DateTimeOffset valid)
    {
        IReadOnlyList<Reference> proofs = [.. step.Incidents.Select(i => references[i])];
        return new StepView(
            step.Id,
            step.Title,
            step.State,
            step.Due,
            step.State is StepState.Open or StepState.UnderWay && step.Due < DateOnly.FromDateTime(valid.UtcDateTime),
            proofs.Any(p => p.Standing == ReferenceStanding.OnRecord),
            proofs);
    }
}

/// <summary>A pathway at one point.</summary>
/// <param name="Next">Id of the first step that is neither done nor abandoned; null if there is none.</param>
/// <param name="Version">How many facts its stream holds; the ETag.</param>
public sealed record PathwayOnRecord(
    string Id, Dyad Dyad, string Name, [property: KeepEmpty] IReadOnlyList<StepView> Steps, string? Next, long Version, DateTimeOffset RecordedAt);

/// <summary>Reads pathways, and how the incidents stand that prove their steps.</summary>
public sealed class PathwayReader(StateReader states, ReferenceReader references)
{
    /// <summary>Pathways on record at K, in the order in which they were laid out.</summary>
    /// <param name="dyad">Those of this relationship; null is any.</param>
    public async Task<IReadOnlyList<PathwayOnRecord>> Find(string workspace, Dyad? dyad, AsOf asOf, CancellationToken cancel) => await Views(
        workspace,
        [.. (await states.All<Pathway, PathwayEvent>(workspace, asOf.Known.Position, cancel)).Where(p => dyad is null || p.Content.Dyad == dyad)],
        asOf,
        cancel);

    /// <exception cref="RefusedException">It was not on record then (404).</exception>
    public async Task<PathwayOnRecord> Read(string workspace, string id, AsOf asOf, CancellationToken cancel)
    {
        var pathway = await states.Find<Pathway>(workspace, StreamKey.Pathway(id), asOf.Known.Position, cancel) ?? throw RefusedException.NotFound("pathway", id);
        return (await Views(workspace, [pathway], asOf, cancel))[0];
    }

    private async Task<IReadOnlyList<PathwayOnRecord>> Views(string workspace, IReadOnlyList<Pathway> pathways, AsOf asOf, CancellationToken cancel)
    {
        var proofs = await references.Read(workspace, pathways.SelectMany(p => p.Content.Steps).SelectMany(s => s.Incidents), asOf, cancel);
        return [.. pathways.Select(p => new PathwayOnRecord(
            p.Content.Id,
            p.Content.Dyad!.Value,
            p.Content.Name,
            [.. p.Content.Steps.Select(s => StepView.Of(s, proofs, asOf.Valid))],
            p.Content.Steps.FirstOrDefault(s => s.State is StepState.Open or StepState.UnderWay)?.Id,
            p.Version,
            p.RecordedAt))];
    }
}
