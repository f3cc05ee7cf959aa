using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;
using GeoEvents.Relationships.Robustness;

namespace GeoEvents.Tests.Properties;

/// <summary>Sources that are supposed never to have said anything, on random records.</summary>
public class RobustnessTests
{
    /// <summary>Points of tension: what is left unexamined may move it by so much.</summary>
    private const double Tolerance = 1e-6;

    [Fact]
    public void Without_a_source_a_group_or_a_side_it_is_what_a_reader_who_never_heard_of_them_would_compute_by_hand() =>
        Gen.Select(History.AnySteps, Gen.Int[0, 100_000], Gen.Int[0, 10_000]).Sample(
            (steps, v, k) =>
            {
                var history = History.Of(steps);
                var (valid, known) = HistoryTests.At(history, v, k % 3 == 0 ? k : (int)history.Head);
                foreach (var dyad in History.Dyads)
                {
                    var fold = history.Fold(dyad, DateTimeOffset.MaxValue, known);
                    var reliances = Of(history, dyad, fold, valid, known);
                    Agree(reliances.Sources, r => r.Source);
                    Agree(reliances.Groups, r => r.Group);
                    Agree(reliances.Sides, r => r.Affiliation?.ToString());
                    reliances.Sides.ShouldAllBe(s => s.Name == dyad.First.ToString() || s.Name == dyad.Second.ToString());

                    void Agree(IReadOnlyList<Reliance> of, Func<Report, string?> nameOf)
                    {
                        of.Select(r => r.Dependence).ShouldBe(of.Select(r => r.Dependence).OrderDescending());
                        foreach (var reliance in of)
                        {
                            var naive = new NaiveFold(Silenced(history.Held[(int)known].Values, r => nameOf(r) == reliance.Name), dyad);
                            var tension = fold.At(valid).Tension;
                            reliance.TensionWithout.ShouldBe(naive.Tension(valid), Tolerance, $"{dyad} without {reliance.Name} at {valid:O}");
                            reliance.RungWithout.ShouldBe(naive.Rung(valid), $"{dyad} without {reliance.Name} at {valid:O}");
                            reliance.Dependence.ShouldBe(tension == 0 ? 0 : (tension - reliance.TensionWithout) / tension, 1e-12);
                        }
                    }
                }
            },
            iter: History.Many(120));

    [Fact]
    public void What_is_not_listed_makes_no_difference() =>
        Gen.Select(History.AnySteps, Gen.Int[0, 100_000]).Sample(
            (steps, v) =>
            {
                var history = History.Of(steps);
                var (valid, known) = HistoryTests.At(history, v, (int)history.Head);
                foreach (var dyad in History.Dyads)
                {
                    var fold = history.Fold(dyad, DateTimeOffset.MaxValue, known);
                    var listed = Of(history, dyad, fold, valid, known).Sources.Select(s => s.Name).ToList();
                    foreach (var source in Enumerable.Range(0, 5).Select(n => $"s{n}").Except(listed))
                    {
                        var naive = new NaiveFold(Silenced(history.Held[(int)known].Values, r => r.Source == source), dyad);
                        naive.Tension(valid).ShouldBe(fold.At(valid).Tension, Tolerance);
                        naive.Rung(valid).ShouldBe(fold.At(valid).Rung);
                    }
                }
            },
            iter: History.Many(60));

    private static Reliances Of(History history, Dyad dyad, RelationshipFold fold, DateTimeOffset valid, long known)
    {
        var here = fold.Impulses.Where(i => i.Opens).Select(i => i.Incident).ToHashSet();
        var closers = history.Closers(known).Where(c => here.Contains(c.Closes)).ToList();
        var matter = Reliances.Matter(fold, closers, Methods.Shipped, valid);
        var incidents = history.StatesAt(known).Values.Where(i => matter.Contains(History.StreamOf(i.Content.Id))).ToDictionary(i => History.StreamOf(i.Content.Id));
        return new Reliances(History.Workspace, dyad, fold, closers, incidents, Methods.Shipped, valid);
    }

    private static IEnumerable<NaiveIncident> Silenced(IEnumerable<NaiveIncident> held, Func<Report, bool> own) =>
        from incident in held
        let left = incident.Reports.Where(r => !own(r)).ToList()
        where !incident.Counts || incident.Reports.Count == 0 || left.Count > 0
        select incident with { Reports = left };
}
