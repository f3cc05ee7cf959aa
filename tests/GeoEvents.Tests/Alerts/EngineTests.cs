using CsCheck;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Tests.Properties;

namespace GeoEvents.Tests.Alerts;

/// <summary>The engine over random histories with late facts, corrections, retractions, merges and splits.</summary>
public class EngineTests
{
    /// <summary>Half of them of whatever time, half of news.</summary>
    private static readonly Gen<(Step[] Steps, bool News)> AnyHistory = Gen.OneOf(History.AnySteps.Select(s => (s, false)), History.NewsSteps.Select(s => (s, true)));

    private static History Made((Step[] Steps, bool News) given) => given.News ? History.OfNews(given.Steps) : History.Of(given.Steps);

    [Fact]
    public void A_restart_neither_loses_nor_repeats_an_alert() => Gen.Select(AnyHistory, Gen.Int[1, 7]).Sample(
        (given, every) =>
        {
            var run = new EngineRun(Made(given), RulesOfEachKind.All);
            foreach (var dyad in History.Dyads)
            {
                var whole = run.Of(dyad, _ => false);
                var broken = run.Of(dyad, position => position % every == 0);
                InOrder(broken).Select(Told).ShouldBe(InOrder(whole).Select(Told));
                InOrder(broken).Zip(InOrder(whole), (one, other) => AlertNaming.At(one) - AlertNaming.At(other)).ShouldAllBe(t => t.Duration() <= TimeSpan.FromSeconds(1));
            }
        },
        iter: History.Many(60));

    [Fact]
    public void What_fires_is_what_the_fold_says_at_that_point() => AnyHistory.Sample(
        given =>
        {
            var history = Made(given);
            var run = new EngineRun(history, RulesOfEachKind.All);
            foreach (var dyad in History.Dyads)
            {
                foreach (var fired in run.Of(dyad, _ => false).OfType<AlertFired>())
                {
                    var state = history.Fold(dyad, fired.At, fired.Receipt.Position).At(fired.At);
                    fired.Receipt.Values["tension"].ShouldBe(state.Tension, 1e-9);
                    fired.Receipt.Values["warmth"].ShouldBe(state.Warmth, 1e-9);
                    fired.Receipt.Values["rung"].ShouldBe(state.Rung);
                }
            }
        },
        iter: History.Many(60));

    [Fact]
    public void A_threshold_ends_at_the_second_at_which_tension_is_down_to_its_bound() => AnyHistory.Sample(
        given =>
        {
            var history = Made(given);
            var run = new EngineRun(history, RulesOfEachKind.All);
            foreach (var dyad in History.Dyads)
            {
                var events = run.Of(dyad, _ => false).Where(e => e.Rule == "threshold").ToList();
                foreach (var ended in events.OfType<AlertResolved>())
                {
                    var known = history.Log.Count(f => f.At <= ended.At);
                    var before = history.Fold(dyad, ended.At, known).At(ended.At.AddSeconds(-1)).Tension;
                    var at = history.Fold(dyad, ended.At, known).At(ended.At).Tension;
                    at.ShouldBeLessThanOrEqualTo(8 + 1e-9);
                    if (!history.Log.Exists(f => f.At == ended.At))
                    {
                        before.ShouldBeGreaterThan(8 - 1e-9);
                    }
                }
            }
        },
        iter: History.Many(60));

    [Fact]
    public void Backfill_and_what_is_older_than_the_rule_takes_open_nothing() => AnyHistory.Sample(
        given =>
        {
            var history = Made(given);
            var run = new EngineRun(history, RulesOfEachKind.All);
            foreach (var fired in History.Dyads.SelectMany(d => run.Of(d, _ => false)).OfType<AlertFired>().Where(f => f.Receipt.Trigger is not null))
            {
                var change = history.ChangeAt(fired.Receipt.Position);
                change.ShouldNotBe(ChangeClass.Backfill);
                if (Conditions.Has<RevisionCondition>(RulesOfEachKind.All.Single(r => r.Id == fired.Rule).When!))
                {
                    // However old, what is changed today is changed today.
                    continue;
                }

                var rows = history.Ledger.Where(r => r.Incident == fired.Receipt.Trigger && r.Position <= fired.Receipt.Position).ToList();
                rows.Max(r => r.Tau).ShouldBeGreaterThanOrEqualTo(fired.At.AddHours(-720).AddMicroseconds(-2));
            }
        },
        iter: History.Many(60));

    /// <summary>A receipt is computed anew from the record alone: another watch, at that point.</summary>
    [Fact]
    public void Receipts_are_reproduced_from_the_record() => AnyHistory.Sample(
        given =>
        {
            var history = Made(given);
            var run = new EngineRun(history, RulesOfEachKind.All);
            foreach (var dyad in History.Dyads)
            {
                var record = history.RecordOf(dyad, Methods.Shipped);
                foreach (var fired in run.Of(dyad, _ => false).OfType<AlertFired>().Where(f => f.Rule != "silence"))
                {
                    var (receipt, rule) = (fired.Receipt, run.Rules.First(r => r.Rule.Id == fired.Rule));
                    var watch = DyadWatch.Of(dyad, record, receipt.Trigger is null ? receipt.Position : receipt.Position - 1, receipt.At, Methods.Shipped);
                    Trigger? trigger = null;
                    if (receipt.Trigger is not null)
                    {
                        var turn = EngineRun.Turns(history, dyad, record).Single(t => t.Step == receipt.Position);
                        trigger = watch.Apply(turn, turn.Step, history.ChangeAt(turn.Step));
                    }

                    var (holds, evidence) = Receipts.Ask(rule, rule.When, watch, trigger, receipt.Held, receipt.Earlier ?? MachineState.Inactive.Earlier, 0);
                    holds.ShouldBeTrue(fired.Rule);
                    evidence.Values.Keys.ShouldBe(receipt.Values.Keys);
                    foreach (var (name, value) in receipt.Values)
                    {
                        evidence.Values[name].ShouldBe(value, 1e-9 * Math.Max(1, Math.Abs(value)), $"{fired.Rule} {name}");
                    }

                    receipt.Causes.Where(c => c.Weight > 0).ShouldAllBe(c => watch.PositionsOf(c.Stream)!.Value.Last == c.Position);
                }
            }
        },
        iter: History.Many(60));

    /// <summary>What is recalled would not fire on the incidents known then, as they are known now, and nothing that came since would; said by the fold, not by the engine.</summary>
    [Fact]
    public void A_threshold_is_recalled_when_and_only_when_its_reason_is_gone() => AnyHistory.Sample(
        given =>
        {
            var history = Made(given);
            var run = new EngineRun(history, RulesOfEachKind.All);
            foreach (var dyad in History.Dyads)
            {
                var events = run.Of(dyad, _ => false).Where(e => e.Rule == "threshold").ToList();
                foreach (var fired in events.OfType<AlertFired>())
                {
                    var recall = events.OfType<AlertRecalled>().SingleOrDefault(r => r.Alert == fired.Alert);
                    var ended = events.OfType<AlertResolved>().SingleOrDefault(r => r.Alert == fired.Alert)?.At ?? DateTimeOffset.MaxValue;
                    var (at, known) = (fired.At, fired.Receipt.Position);
                    for (var position = known + 1; position < (recall?.Position ?? history.Head + 1) && history.Log[(int)position - 1].At < ended; position++)
                    {
                        known = history.GoesOnUnderAnotherId(dyad, position, known) ? position : known;
                        if (history.TensionThen(dyad, at, known, position) < 12 - 1e-9 || IsTooOld(position))
                        {
                            // From then on it rests on what carries it.
                            (at, known) = (history.Log[(int)position - 1].At, position);
                            history.TensionThen(dyad, at, known, position).ShouldBeGreaterThanOrEqualTo(12 - 1e-9, $"{fired.Alert} at {position}");
                        }
                    }

                    if (recall is { WasOpen: true })
                    {
                        known = history.GoesOnUnderAnotherId(dyad, recall.Position, known) ? recall.Position : known;
                        var then = history.TensionThen(dyad, at, known, recall.Position);
                        (then < 12 - 1e-9 || IsTooOld(recall.Position)).ShouldBeTrue();
                        recall.Now["tension"].ShouldBe(then, 1e-9);
                        history.Fold(dyad, recall.At, recall.Position).At(recall.At).Tension.ShouldBeLessThan(12 + 1e-9);
                    }

                    // What fired it was dated back since, so far that it would not have been news.
                    bool IsTooOld(long position) => at == fired.At
                        && fired.At - history.Ledger.LastOrDefault(r => r.Incident == fired.Receipt.Trigger && r.Position <= position)?.Tau > TimeSpan.FromHours(720).Add(TimeSpan.FromMicroseconds(1));
                }
            }
        },
        iter: History.Many(60));

    [Fact]
    public void Histories_make_every_rule_fire_and_end_and_some_be_recalled()
    {
        var counts = new Dictionary<string, int>();
        foreach (var given in History.AlwaysTheSame(AnyHistory, 120))
        {
            var run = new EngineRun(Made(given), RulesOfEachKind.All);
            foreach (var e in History.Dyads.SelectMany(d => run.Of(d, _ => false)))
            {
                foreach (var key in new[] { e.GetType().Name, $"{e.Rule} {e.GetType().Name}" })
                {
                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }
            }
        }

        RulesOfEachKind.All.Select(r => $"{r.Id} {nameof(AlertFired)}").ShouldBeSubsetOf(counts.Keys, string.Join('\n', counts.OrderBy(c => c.Key)));
        new[] { nameof(AlertSeverityRaised), nameof(AlertResolved), nameof(AlertRecalled), nameof(AlertAmended) }.ShouldBeSubsetOf(counts.Keys);
    }

    private static IEnumerable<AlertEvent> InOrder(IEnumerable<AlertEvent> events) => events.OrderBy(e => e.Alert, StringComparer.Ordinal).ThenBy(AlertNaming.At);

    /// <summary>All of it as text but what another order of adding changes: the last digits, and by those perhaps the second.</summary>
    private static string Told(AlertEvent e)
    {
        var values = e switch
        {
            AlertFired f => f.Receipt.Values,
            AlertSeverityRaised r => r.Receipt.Values,
            AlertResolved r => r.Values,
            AlertRecalled r => r.Now,
            AlertAmended a => a.Now,
            _ => throw new InvalidOperationException(),
        };
        var receipt = (e as AlertFired)?.Receipt ?? (e as AlertSeverityRaised)?.Receipt;
        return $"{e.GetType().Name} {e.Alert} {receipt?.Position} {receipt?.Trigger} "
            + $"{string.Join(' ', receipt?.Causes.Select(c => $"{c.Stream}@{c.Position}") ?? [])} {string.Join(' ', values.Select(v => $"{v.Key}={v.Value:G4}"))}";
    }
}

file static class Then
{
    /// <summary>Tension at an instant of the incidents known at one position, as known at another.</summary>
    public static double TensionThen(this History history, Dyad dyad, DateTimeOffset at, long then, long known)
    {
        var knownThen = history.Ledger.Where(r => r.Dyad == dyad && r.Position <= then).Select(r => r.Incident).ToHashSet();
        var entries = history.Entries(dyad, at, known).Where(e => knownThen.Contains(e.Incident));
        return new GeoEvents.Relationships.RelationshipFold(entries, Methods.Shipped).At(at).Tension;
    }

    /// <summary>Whether a fact merges or splits an incident that was known at an earlier position.</summary>
    public static bool GoesOnUnderAnotherId(this History history, Dyad dyad, long position, long then) =>
        history.ChangeAt(position) is ChangeClass.Merge or ChangeClass.Split
        && history.Ledger.Any(r => r.Dyad == dyad && r.Position <= then && r.Incident == History.StreamOf(history.Log[(int)position - 1].Incident));
}
