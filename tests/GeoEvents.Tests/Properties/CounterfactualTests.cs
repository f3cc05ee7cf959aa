using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Tests.Properties;

/// <summary>What is supposed of random records.</summary>
public class CounterfactualTests
{
    private const double Tolerance = 1e-9;

    private static readonly Gen<(Step[] Steps, Step[] Supposed, int V, int K)> Any =
        Gen.Select(History.AnySteps, History.AnyStep.Array[0, 8], Gen.Int[0, 100_000], Gen.Int[0, 10_000]);

    [Fact]
    public void The_hypothetical_is_what_a_reader_of_the_edited_record_would_compute_by_hand() =>
        Any.Sample(
            given =>
            {
                var history = History.Of(given.Steps);
                var (valid, known) = HistoryTests.At(history, given.V, given.K % 3 == 0 ? given.K : (int)history.Head);
                var changes = Sound(history, Supposing.Overlay(history, known, given.Supposed));
                var supposed = Supposing.Apply(history, known, Layers(history, changes));
                foreach (var dyad in History.Dyads)
                {
                    var fold = Supposing.Fold(history, dyad, known, supposed);
                    var naive = new NaiveFold(Supposing.ByHand(history, known, changes), dyad);
                    HistoryTests.Differences(fold.At(valid), naive.At(valid)).ShouldBeEmpty($"{dyad} at V {valid:O}, K {known}");
                    fold.MeasuresAt(valid).Select(m => m.Incident).Order().ShouldBe(naive.Measures(valid).Select(History.StreamOf).Order());
                }
            },
            iter: History.Many(250));

    [Fact]
    public void The_effect_of_a_change_is_that_of_an_overlay_with_nothing_else() =>
        Any.Sample(
            given =>
            {
                var history = History.Of(given.Steps);
                var (valid, known) = HistoryTests.At(history, given.V, (int)history.Head);
                var changes = Sound(history, Supposing.Overlay(history, known, given.Supposed));
                var supposed = Supposing.Apply(history, known, Layers(history, changes));
                var dyad = History.Dyads[given.K % History.Dyads.Length];
                var real = history.Fold(dyad, DateTimeOffset.MaxValue, known);
                var alone = supposed.Changes.Select(c => Edit.Of(History.Workspace, dyad, History.StreamOf(c.Change.Id), c.Alone, Methods.Shipped, closes => history.Meant(closes, known)!.Value)).ToList();
                var effects = Effects.OfEach(real, history.Closers(known), alone, Methods.Shipped, valid);
                foreach (var (only, effect) in Singles(changes).Zip(effects))
                {
                    var naive = new NaiveFold(Supposing.ByHand(history, known, only), dyad);
                    effect.Tension.ShouldBe(naive.Tension(valid), Tolerance, $"{only}");
                    effect.Touches.ShouldBe(!Supposing.Fold(history, dyad, known, Supposing.Apply(history, known, new Layer(only, history.Now))).Impulses.SequenceEqual(real.Impulses));
                }
            },
            iter: History.Many(80));

    [Fact]
    public void Without_a_change_it_is_reality_to_the_bit() =>
        Any.Sample(
            given =>
            {
                var history = History.Of(given.Steps);
                var (valid, known) = HistoryTests.At(history, given.V, given.K);
                foreach (var dyad in History.Dyads)
                {
                    Supposing.Fold(history, dyad, known, Supposing.Apply(history, known)).At(valid).ShouldBe(history.Fold(dyad, valid, known).At(valid));
                }
            },
            iter: History.Many(60));

    [Fact]
    public void What_is_changed_back_in_the_next_layer_is_reality_to_the_bit() =>
        Any.Sample(
            given =>
            {
                var history = History.Of(given.Steps);
                var known = history.Head;
                var changes = Sound(history, Supposing.Overlay(history, known, given.Supposed));
                var codes = (changes with { Drop = [], Add = [], Move = [] }) is var only && only.Count() > 0 ? only : null;
                if (codes is null)
                {
                    return;
                }

                var back = new OverlayChanges(
                    [],
                    [],
                    [.. codes.Recode!.Select(r => history.StatesAt(known)[r.Id].Content).Select(c => new Recode(c.Id, c.Type, c.Cameo))],
                    [.. codes.Reattribute!.Select(r => new Reattribution(r.Id, history.StatesAt(known)[r.Id].Content.Links))]);
                var supposed = Supposing.Apply(history, known, new Layer(codes, history.Now, "stored"), new Layer(back, history.Now));
                foreach (var dyad in History.Dyads)
                {
                    Supposing.Fold(history, dyad, known, supposed).At(history.Now).ShouldBe(history.Fold(dyad, history.Now, known).At(history.Now));
                }
            },
            iter: History.Many(60));

    [Fact]
    public void Incidents_under_an_overlay_are_those_on_record_but_for_what_it_says() =>
        Any.Sample(
            given =>
            {
                var history = History.Of(given.Steps);
                var known = history.Head;
                var changes = Sound(history, Supposing.Overlay(history, known, given.Supposed));
                var onRecord = history.StatesAt(known).Values.ToList();
                var over = Supposing.Apply(history, known, Layers(history, changes)).Over(onRecord).ToList();

                over.Select(o => o.Incident.Content.Id).ShouldBe(
                    onRecord.Select(i => i.Content.Id).Where(id => !changes.Drop!.Contains(id)).Concat(changes.Add!.Select(a => a.Id)));
                over.Where(o => o.Mark == Supposition.Added).Select(o => o.Incident.Content.Id).ShouldBe(changes.Add!.Select(a => a.Id));
                var changed = changes.Move!.Select(m => m.Id).Concat(changes.Recode!.Select(r => r.Id)).Concat(changes.Reattribute!.Select(r => r.Id)).ToHashSet();
                over.Where(o => o.Mark == Supposition.Changed).Select(o => o.Incident.Content.Id).ShouldBe(changed, ignoreOrder: true);
                over.Where(o => o.Mark == Supposition.AsOnRecord).ShouldAllBe(o => onRecord.Contains(o.Incident));
            },
            iter: History.Many(60));

    /// <summary>The suppositions must do what the other tests are about, or those would prove little.</summary>
    [Fact]
    public void Suppositions_are_rich_enough_to_prove_something()
    {
        var kinds = new Dictionary<ChangeKind, int>();
        var (reopened, closed, other) = (0, 0, 0);
        Array.ForEach(
            History.AlwaysTheSame(Any, 1_600),
            given =>
            {
                var history = History.Of(given.Steps);
                var supposed = Supposing.Apply(history, history.Head, Layers(history, Sound(history, Supposing.Overlay(history, history.Head, given.Supposed))));
                foreach (var kind in supposed.Changes.Select(c => c.Change.Kind))
                {
                    kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                }

                foreach (var dyad in History.Dyads)
                {
                    var real = history.Fold(dyad, history.Now, history.Head).Impulses.Where(i => i.Opens).ToLookup(i => (i.Incident, i.Link));
                    foreach (var measure in Supposing.Fold(history, dyad, history.Head, supposed).Impulses.Where(i => i.Opens && real.Contains((i.Incident, i.Link))))
                    {
                        var before = real[(measure.Incident, measure.Link)].Single();
                        reopened += before.ClosedAt is not null && measure.ClosedAt is null ? 1 : 0;
                        closed += before.ClosedAt is null && measure.ClosedAt is not null ? 1 : 0;
                        other += before.ClosedAt is not null && measure.ClosedAt is not null && before.ClosedAt != measure.ClosedAt ? 1 : 0;
                    }
                }
            });
        kinds.Count.ShouldBe(5);
        Math.Min(kinds.Values.Min(), Math.Min(reopened, Math.Min(closed, other))).ShouldBeGreaterThan(10, $"{reopened} reopened, {closed} closed, {other} closed otherwise");
    }

    /// <summary>No changes at all are a fault of a request; here they are no layer.</summary>
    private static Layer[] Layers(History history, OverlayChanges changes) => changes.Count() == 0 ? [] : [new Layer(changes, history.Now)];

    /// <summary>Without what the rules refuse.</summary>
    private static OverlayChanges Sound(History history, OverlayChanges changes)
    {
        while (true)
        {
            var fault = OverlayRules.Check(changes, Methods.Shipped, history.Now, "").FirstOrDefault(p => p.Pointer!.Length > 0);
            if (fault is null)
            {
                return changes;
            }

            var (list, index) = (fault.Pointer!.Split('/')[1], int.Parse(fault.Pointer.Split('/')[2], null));
            changes = list switch
            {
                "move" => changes with { Move = Without(changes.Move!, index) },
                "recode" => changes with { Recode = Without(changes.Recode!, index) },
                "reattribute" => changes with { Reattribute = Without(changes.Reattribute!, index) },
                "add" => changes with { Add = Without(changes.Add!, index) },
                _ => throw new InvalidOperationException(fault.Detail),
            };
        }

        static IReadOnlyList<T> Without<T>(IReadOnlyList<T> list, int index) => [.. list.Where((_, i) => i != index)];
    }

    /// <summary>Each change by itself, in the order in which they are applied.</summary>
    private static IEnumerable<OverlayChanges> Singles(OverlayChanges all)
    {
        var none = new OverlayChanges([], [], [], [], []);
        return all.Drop!.Select(d => none with { Drop = [d] })
            .Concat(all.Move!.Select(m => none with { Move = [m] }))
            .Concat(all.Recode!.Select(r => none with { Recode = [r] }))
            .Concat(all.Reattribute!.Select(r => none with { Reattribute = [r] }))
            .Concat(all.Add!.Select(a => none with { Add = [a] }));
    }
}
