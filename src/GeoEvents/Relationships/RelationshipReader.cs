using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Relationships;

/// <summary>Answers questions about relationships: ledger, fold, and the names of the incidents involved.</summary>
public sealed class RelationshipReader(
    LedgerImage image,
    IncidentReader incidents,
    RegistryReader registry,
    MethodReader methods,
    AssessmentReader assessments,
    CoverageReader coverage)
{
    public async Task<RelationshipView> Read(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel)
    {
        var t = asOf.Valid;
        var fold = await Fold(workspace, dyad, asOf, t, cancel);
        var state = fold.At(t);
        var measures = fold.MeasuresAt(t);
        var heldBy = fold.PostureHeldBy(t);
        var named = await incidents.Load(
            workspace, [.. measures.Select(m => m.Incident).Concat(heldBy is { } holder ? [holder] : []).Distinct()], asOf.Known.Position, cancel);
        return new RelationshipView(
            dyad,
            t,
            asOf.Known,
            asOf.Method.Id,
            asOf.Shown,
            [await PartyOf(workspace, dyad.First, asOf, cancel), await PartyOf(workspace, dyad.Second, asOf, cancel)],
            state.HostilityFast,
            state.HostilitySlow,
            state.CooperationFast,
            state.CooperationSlow,
            state.Tension,
            state.Warmth,
            state.Band,
            state.Asymmetry,
            state.Pressure,
            state.Baseline,
            state.MaterialShare,
            state.Rung,
            new PostureView(state.Rung, asOf.Method.Rungs[state.Rung].Name, heldBy is { } by ? named[by].Content.Id : null),
            await assessments.InForce(workspace, dyad, asOf, cancel),
            state.Rise,
            fold.ArrowAt(t),
            fold.LevelAt(t),
            [.. measures.Select(m => MeasureOf(dyad, m, named[m.Incident]))],
            state.Incidents == 0 && (await coverage.ChecksOf(workspace, dyad, asOf.Known.Position, cancel)).HoldingAt(t).Any() ? Observation.Observed : state.Observation,
            state.Incidents,
            state.FirstIncident,
            state.LastIncident);
    }

    /// <summary>Every measure that was ever opened by V, with when it was closed.</summary>
    public async Task<IReadOnlyList<MeasureView>> Measures(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel)
    {
        var fold = await Fold(workspace, dyad, asOf, asOf.Valid, cancel);
        var measures = fold.Impulses.Where(i => i.Opens).DistinctBy(i => i.Incident).ToList();
        var named = await incidents.Load(workspace, [.. measures.Select(m => m.Incident)], asOf.Known.Position, cancel);
        return [.. measures.Select(m => MeasureOf(dyad, m.ClosedAt <= asOf.Valid ? m : m with { ClosedAt = null }, named[m.Incident]))];
    }

    public async Task<SeriesView> Series(
        string workspace, Dyad dyad, AsOf asOf, IReadOnlyList<DateTimeOffset> instants, string step, bool monthly, CancellationToken cancel)
    {
        var fold = await Fold(workspace, dyad, asOf, instants.Count > 0 ? instants[^1] : asOf.Valid, cancel);
        var points = instants.Select(at => (At: at, State: fold.At(at))).Select(p => new SeriesPoint(
            p.At,
            p.State.HostilityFast,
            p.State.HostilitySlow,
            p.State.CooperationFast,
            p.State.Tension,
            p.State.Warmth,
            p.State.Band,
            p.State.Asymmetry,
            p.State.Pressure,
            p.State.MaterialShare,
            p.State.Rung,
            p.State.Incidents,
            monthly ? fold.ArrowAt(p.At) : null));
        var breaks = instants.Count == 0
            ? []
            : (await methods.Breaks(workspace, asOf.Known.Position, cancel)).Where(b => b.At >= instants[0] && b.At <= instants[^1]);
        return new SeriesView(dyad, asOf.Known, asOf.Method.Id, asOf.Shown, step, [.. points], [.. breaks]);
    }

    /// <summary>The relationship's incidents up to V, latest first.</summary>
    public async Task<Page<TimelineEntry>> Timeline(string workspace, Dyad dyad, AsOf asOf, int limit, int skip, CancellationToken cancel)
    {
        var fold = await Fold(workspace, dyad, asOf, asOf.Valid, cancel);
        var halfLife = asOf.Method.Parameters.HalfLifeFastDays;
        var all = fold.Impulses.GroupBy(i => i.Incident).Reverse().ToList();
        var page = all.Skip(skip).Take(limit).ToList();
        var named = await incidents.Load(workspace, [.. page.Select(i => i.Key)], asOf.Known.Position, cancel);
        return new Page<TimelineEntry>(
            [.. page.Select(links => Entry(named[links.Key], [.. links]))], asOf.Known.Position, WholeLists.Next(all.Count, skip + limit, asOf), asOf.Shown);

        TimelineEntry Entry(Incident incident, IReadOnlyList<Impulse> links) => new(
            incident.Content.Id,
            incident.Content.Title,
            incident.Content.Occurred,
            links[0].Tau,
            incident.Content.Type,
            incident.Content.Cameo,
            links[0].Quad,
            links[0].Rung,
            [.. links.Select(l => ActorOf(dyad, l)).Distinct()],
            incident.EffectiveCredibility ?? asOf.Method.UngradedCredibility(incident.CountedSources),
            links.Sum(l => l.Hostile),
            links.Sum(l => l.Cooperative),
            links.Sum(l => l.Hostile * l.Remaining(asOf.Valid, halfLife)),
            links[0].Opens,
            links[0].ClosedAt <= asOf.Valid ? links[0].ClosedAt : null);
    }

    public async Task<ContributionsView> Contributions(string workspace, Dyad dyad, AsOf asOf, int limit, int skip, CancellationToken cancel)
    {
        var t = asOf.Valid;
        var fold = await Fold(workspace, dyad, asOf, t, cancel);
        var record = await image.Of(workspace, dyad, asOf.Known.Position, asOf.Method, cancel);
        var closers = record.ClosersAt(asOf.Known.Position);
        var all = Relationships.Contributions.At(fold, closers, asOf.Method, t);
        var tension = RelationshipState.Saturate(fold.HostilityFastAt(t), asOf.Method);
        var page = all.Skip(skip).Take(limit).ToList();
        var named = await incidents.Load(workspace, [.. page.Select(c => c.Incident)], asOf.Known.Position, cancel);
        return new ContributionsView(
            dyad,
            t,
            asOf.Known,
            asOf.Method.Id,
            asOf.Shown,
            tension,
            all.Count,
            [.. page.Select(View)],
            all.Take(skip).Concat(all.Skip(skip + limit)).Sum(c => c.Share),
            RollUps.Of(dyad, fold, tension, asOf.Method, t),
            WholeLists.Next(all.Count, skip + limit, asOf));

        ContributionView View(Contribution c)
        {
            var content = named[c.Incident].Content;
            return new ContributionView(
                content.Id,
                content.Title,
                content.Occurred,
                named[c.Incident].Interval.Tau,
                content.Type,
                content.Cameo,
                c.Phi,
                c.Share,
                c.TensionWithout,
                tension - c.TensionWithout);
        }
    }

    /// <summary>All relationships with an incident, a check or an assessment at (V, K), in the order asked for.</summary>
    public async Task<IReadOnlyList<BoardLine>> Board(string workspace, ActorCode? actor, AsOf asOf, BoardOrder order, CancellationToken cancel)
    {
        var records = await image.OfAll(workspace, asOf.Known.Position, asOf.Method, cancel);
        var assessed = await assessments.AllInForce(workspace, asOf, cancel);
        var searched = (await coverage.AllChecks(workspace, asOf.Known.Position, cancel)).Where(c => c.HoldingAt(asOf.Valid).Any()).Select(c => c.Dyad).ToHashSet();
        var lines = from dyad in records.Keys.Union(assessed.Keys).Union(searched)
                    where actor is not { } only || dyad.First == only || dyad.Second == only
                    let state = (records.GetValueOrDefault(dyad) ?? DyadRecord.Empty).FoldAt(asOf.Known.Position, asOf.Method).At(asOf.Valid)
                    where state.Incidents > 0 || assessed.ContainsKey(dyad) || searched.Contains(dyad)
                    select new BoardLine(
                        dyad,
                        state.Tension,
                        state.Rise,
                        state.Warmth,
                        state.Band,
                        state.Rung,
                        asOf.Method.Rungs[state.Rung].Name,
                        assessed.GetValueOrDefault(dyad) is { Fact.Rung: var rung } ? new AssessedRung(rung, asOf.Method.Rungs[rung].Name) : null,
                        state.Asymmetry,
                        state.Pressure,
                        state.Baseline,
                        searched.Contains(dyad) ? Observation.Observed : state.Observation,
                        state.Incidents,
                        state.LastIncident);
        return [.. (order switch
        {
            BoardOrder.Tension => lines.OrderByDescending(l => l.Tension),
            BoardOrder.Rise => lines.OrderByDescending(l => l.Rise),
            _ => lines.OrderByDescending(l => l.LastIncident),
        }).ThenBy(l => l.Dyad.ToString(), StringComparer.Ordinal)];
    }

    private async Task<RelationshipFold> Fold(string workspace, Dyad dyad, AsOf asOf, DateTimeOffset upTo, CancellationToken cancel) =>
        new((await image.Of(workspace, dyad, asOf.Known.Position, asOf.Method, cancel)).At(asOf.Known.Position, upTo), asOf.Method);

    private async Task<PartyView> PartyOf(string workspace, ActorCode code, AsOf asOf, CancellationToken cancel) =>
        await registry.FindActor(workspace, code, asOf.Known.Position, cancel) is { } actor ? new PartyView(code, actor.Name, actor.Affiliation) : new PartyView(code, null, null);

    private static ActorCode ActorOf(Dyad dyad, Impulse impulse) => impulse.Forward ? dyad.First : dyad.Second;

    private static MeasureView MeasureOf(Dyad dyad, Impulse measure, Incident incident) => new(
        incident.Content.Id, incident.Content.Title, incident.Content.Type, ActorOf(dyad, measure), measure.Tau, measure.ClosedAt);
}

/// <summary>What the board is sorted by, largest or latest first.</summary>
public enum BoardOrder { Tension, Rise, Last }
