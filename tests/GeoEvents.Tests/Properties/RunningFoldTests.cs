using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Properties;

/// <summary>What runs along with the record is what is folded anew, whatever was recorded: late, corrected, redated, retracted, closed and opened again.</summary>
public class RunningFoldTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void After_every_fact_of_the_log_the_running_fold_is_the_fold_of_that_V_and_K() =>
        Gen.Select(History.AnySteps, Gen.Int[0, 10_000]).Sample(
            (steps, from) =>
            {
                var history = History.Of(steps);
                foreach (var dyad in History.Dyads)
                {
                    var record = RecordOf(history, dyad);
                    foreach (var begin in new[] { 0, from % (history.Head + 1) })
                    {
                        var turns = PlaybackTurn.AsRecorded(record, history.Retracted(dyad), begin, history.Head).ToDictionary(t => t.Step);
                        RunningFold? fold = null;
                        for (var position = begin + 1; position <= history.Head; position++)
                        {
                            var at = history.Log[(int)position - 1].At;
                            fold ??= PlaybackTurn.Begin(record, begin, at, Methods.Shipped);
                            fold.Advance(at);
                            Differences(fold.Numbers(), history.Fold(dyad, at, position - 1).At(at)).ShouldBeEmpty($"{dyad} before {position}");
                            if (turns.TryGetValue(position, out var turn))
                            {
                                turn.Apply(fold);
                            }

                            Differences(fold.Numbers(), history.Fold(dyad, at, position).At(at)).ShouldBeEmpty($"{dyad} at {position}, begun after {begin}");
                        }
                    }
                }
            },
            iter: History.Many(150));

    [Fact]
    public void Every_fact_that_touches_a_dyad_is_a_turn_and_no_other_turn_changes_a_number() =>
        History.AnySteps.Sample(
            steps =>
            {
                var history = History.Of(steps);
                foreach (var dyad in History.Dyads)
                {
                    var turns = PlaybackTurn.AsRecorded(RecordOf(history, dyad), history.Retracted(dyad), 0, history.Head).ToList();
                    turns.Select(t => t.Step).ShouldBe(turns.Select(t => t.Step).Distinct().Order());
                    // A merge moves what closes a measure, and is a fact of another incident.
                    turns.ShouldAllBe(t => t.Links == null || t.Incident == History.StreamOf(history.Log[(int)t.Step - 1].Incident));

                    var touching = turns.Where(t => t.Touches).Select(t => t.Step).ToHashSet();
                    for (var position = 1; position <= history.Head; position++)
                    {
                        var (incident, _, at) = history.Log[position - 1];
                        var own = history.Ledger.Any(r => r.Incident == History.StreamOf(incident) && r.Dyad == dyad && (r.Position == position || r.Until == position));
                        if (own)
                        {
                            touching.ShouldContain(position, $"{dyad}");
                        }
                        else if (!touching.Contains(position))
                        {
                            history.Fold(dyad, at, position).At(at).ShouldBe(history.Fold(dyad, at, position - 1).At(at), $"{dyad} at {position}");
                        }
                    }
                }
            },
            iter: History.Many(150));

    [Fact]
    public void A_story_told_with_hindsight_passes_through_what_is_known_of_each_instant() =>
        Gen.Select(History.AnySteps, Gen.Int[0, 10_000]).Sample(
            (steps, k) =>
            {
                var history = History.Of(steps);
                var known = k % (history.Head + 1);
                foreach (var dyad in History.Dyads)
                {
                    var fold = new RunningFold(Methods.Shipped);
                    var turns = PlaybackTurn.AsHappened(RecordOf(history, dyad), known, history.Now).ToList();
                    for (var i = 0; i < turns.Count; i++)
                    {
                        fold.Advance(turns[i].Tau!.Value);
                        turns[i].Apply(fold);
                        if (i + 1 == turns.Count || turns[i + 1].Tau > turns[i].Tau)
                        {
                            Differences(fold.Numbers(), history.Fold(dyad, fold.Now, known).At(fold.Now)).ShouldBeEmpty($"{dyad} at {fold.Now:O}, known at {known}");
                        }
                    }

                    turns.Count(t => t.Links!.Value.Length > 0).ShouldBe(fold.Numbers().Incidents);
                    var shown = turns.Where(t => t.Touches).ToList();
                    shown.Select(t => t.Step).ShouldBe(Enumerable.Range(1, shown.Count).Select(n => (long)n));
                }
            },
            iter: History.Many(150));

    /// <summary>Rounding of what was large must not show in the ratios of what is small.</summary>
    [Fact]
    public void What_is_taken_out_leaves_nothing_behind()
    {
        var (old, recent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var fold = new RunningFold(Methods.Shipped);
        fold.Advance(at);
        fold.Revise(old, [Impulse.Of(Entry(old, at, forward: false), Methods.Shipped)], null);
        fold.Advance(at.AddDays(500));
        var before = fold.Numbers();
        for (var i = 0; i < 1_000; i++)
        {
            fold.Revise(recent, [Impulse.Of(Entry(recent, at.AddDays(499), forward: true), Methods.Shipped)], null);
            fold.Revise(recent, [], null);
        }

        fold.Numbers().ShouldBe(before);
        before.Asymmetry.ShouldBe(-1);
        fold.Revise(old, [], null);
        (fold.Numbers().HostilityFast, fold.Numbers().HostilitySlow, fold.Numbers().Incidents).ShouldBe((0.0, 0.0, 0));
    }

    [Fact]
    public void Neither_time_nor_what_happens_later_can_be_taken_before_its_turn()
    {
        var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var incident = Guid.CreateVersion7();
        var fold = new RunningFold(Methods.Shipped);
        fold.Advance(at);

        Should.Throw<ArgumentOutOfRangeException>(() => fold.Advance(at.AddTicks(-1)));
        Should.Throw<ArgumentOutOfRangeException>(() => fold.Revise(incident, [Impulse.Of(Entry(incident, at.AddTicks(10), true), Methods.Shipped)], null));
        Should.Throw<ArgumentOutOfRangeException>(() => fold.Revise(incident, [], new Closer(incident, Guid.CreateVersion7(), at.AddTicks(10))));
        fold.Numbers().Incidents.ShouldBe(0);
    }

    private static LedgerEntry Entry(Guid incident, DateTimeOffset tau, bool forward) =>
        new(incident, 0, forward, 1, tau, "armed-clash", null, 0.9, 0, 0, true, false, null);

    private static DyadRecord RecordOf(History history, Dyad dyad) => history.RecordOf(dyad, Methods.Shipped);

    private static IEnumerable<string> Differences(RelationshipNumbers running, RelationshipNumbers folded)
    {
        (string Name, double Is, double Should)[] numbers =
        [
            ("hostilityFast", running.HostilityFast, folded.HostilityFast),
            ("hostilitySlow", running.HostilitySlow, folded.HostilitySlow),
            ("cooperationFast", running.CooperationFast, folded.CooperationFast),
            ("cooperationSlow", running.CooperationSlow, folded.CooperationSlow),
            ("tension", running.Tension, folded.Tension),
            ("warmth", running.Warmth, folded.Warmth),
            ("asymmetry", running.Asymmetry, folded.Asymmetry),
            ("pressure", running.Pressure, folded.Pressure),
            ("materialShare", running.MaterialShare, folded.MaterialShare),
            ("rung", running.Rung, folded.Rung),
            ("incidents", running.Incidents, folded.Incidents),
        ];
        foreach (var (name, value, should) in numbers.Where(n => !(Math.Abs(n.Is - n.Should) <= Tolerance)))
        {
            yield return $"{name} is {value:R}, should be {should:R}";
        }

        if ((running.FirstIncident, running.LastIncident, running.Baseline, running.Observation) != (folded.FirstIncident, folded.LastIncident, folded.Baseline, folded.Observation))
        {
            yield return $"{running}, should be {folded}";
        }
    }
}
