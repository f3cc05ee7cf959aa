using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>The instants of a paired series.</summary>
public sealed record Steps(string Step, IReadOnlyList<DateTimeOffset> Instants);

/// <summary>Answers what a relationship would be if some incidents were otherwise: the record in memory, the changes, and the one fold twice.</summary>
public sealed class CounterfactualReader(LedgerImage image, LedgerReader ledger, OverlayReader overlays, IncidentReader incidents)
{
    /// <exception cref="InvalidRequestException">A change does not fit the record.</exception>
    public async Task<CounterfactualView> Read(string workspace, Dyad dyad, AsOf asOf, IReadOnlyList<Layer> layers, Steps? steps, CancellationToken cancel)
    {
        var (known, method, t) = (asOf.Known.Position, asOf.Method, asOf.Valid);
        var supposed = await overlays.Apply(workspace, known, method, layers, cancel);
        var record = await image.Of(workspace, dyad, known, method, cancel);
        var real = record.FoldAt(known, method);
        var merges = await ledger.Merges(workspace, known, cancel);
        var edits = supposed.States.Select(s => EditOf(s.Key, s.Value)).ToList();
        var alone = supposed.Changes.Select(c => EditOf(c.Change.Id, c.Alone)).ToList();
        var closers = await Closers(workspace, record, edits.Concat(alone).ToList(), known, cancel);
        var hypothetical = new RelationshipFold(ImpulseList.Of(Hypothetical.Impulses(real.Impulses, closers, edits)), method);
        var (before, after) = (real.At(t), hypothetical.At(t));
        var effects = Effects.OfEach(real, closers, alone, method, t);
        var named = await Named(workspace, known, supposed, [real, hypothetical], t, cancel);
        return new CounterfactualView(
            dyad,
            t,
            asOf.Known,
            method.Id,
            asOf.Shown,
            Counterfactual: true,
            "Counterfactual: what is called hypothetical is supposed and on no record; nothing was changed by asking.",
            layers.Select(l => l.Overlay).FirstOrDefault(name => name is not null),
            [.. supposed.Changes.Zip(effects, Change)],
            Stands(dyad, real, before, named, asOf),
            Stands(dyad, hypothetical, after, named, asOf),
            MainNumbers.Of(after) - MainNumbers.Of(before),
            steps is null
                ? null
                : new PairedSeries(steps.Step, [.. steps.Instants.Select(at => new PairedPoint(at, MainNumbers.Of(real.At(at)), MainNumbers.Of(hypothetical.At(at))))]));

        Edit EditOf(string id, Incident? state) => Edit.Of(workspace, dyad, StreamKey.Incident(id).In(workspace), state, method, closes => merges.Meant(closes, known, known + 1).First().Incident);

        SupposedChange Change(AppliedChange applied, Effect effect)
        {
            var (shown, real) = ((applied.Alone ?? applied.Real)!.Content, applied.Real?.Content);
            return new SupposedChange(
                applied.Change.Kind,
                shown.Id,
                shown.Title,
                shown.Occurred,
                applied.Overlay,
                real is null ? [] : IncidentFields.Difference(real, shown),
                effect.Touches,
                effect.Tension,
                effect.Tension - before.Tension);
        }
    }

    /// <summary>What closes the measures of the dyad on record, and those of the incidents that are only supposed to be in it.</summary>
    private async Task<IReadOnlyList<Closer>> Closers(
        string workspace, DyadRecord record, IReadOnlyCollection<Edit> edits, long known, CancellationToken cancel)
    {
        var others = edits.Where(e => e.Impulses.Any(i => i.Opens)).Select(e => e.Incident).Except(record.Openers).ToList();
        var closing = await ledger.Closers(workspace, others, known, cancel);
        return
        [
            .. record.ClosersAt(known),
            .. closing.SelectMany(c => c).Where(c => c.HoldsAt(known)).Select(c => c.Closer),
        ];
    }

    /// <summary>The incidents that an answer names, as they are supposed to be or else as known at K.</summary>
    private async Task<Func<Guid, Incident>> Named(
        string workspace, long known, SupposedRecord supposed, IReadOnlyList<RelationshipFold> folds, DateTimeOffset t, CancellationToken cancel)
    {
        var wanted = folds.SelectMany(f => f.MeasuresAt(t).Select(m => m.Incident).Concat(f.PostureHeldBy(t) is { } holder ? [holder] : [])).ToHashSet();
        var onRecord = await incidents.Load(workspace, wanted, known, cancel);
        var added = supposed.Changes.Where(c => c.Real is null).ToDictionary(c => StreamKey.Incident(c.Change.Id).In(workspace), c => c.Alone!);
        return id => onRecord.TryGetValue(id, out var incident) ? incident : added[id];
    }

    private static Supposed Stands(Dyad dyad, RelationshipFold fold, RelationshipState state, Func<Guid, Incident> named, AsOf asOf) => new(
        state,
        new PostureView(
            state.Rung, asOf.Method.Rungs[state.Rung].Name, fold.PostureHeldBy(asOf.Valid) is { } holder ? named(holder).Content.Id : null),
        [.. fold.MeasuresAt(asOf.Valid).Select(m => (Measure: m, named(m.Incident).Content)).Select(m => new MeasureView(
            m.Content.Id, m.Content.Title, m.Content.Type, m.Measure.Forward ? dyad.First : dyad.Second, m.Measure.Tau, m.Measure.ClosedAt))]);
}
