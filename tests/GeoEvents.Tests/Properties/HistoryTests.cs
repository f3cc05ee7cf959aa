using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Properties;

/// <summary>The promises of DESIGN §3 and §5, on random records.</summary>
public class HistoryTests
{
    private const double Tolerance = 1e-9;

    private static readonly Gen<(int V, int K)[]> Points = Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 10_000]).Array[3];

    [Fact]
    public void The_ledger_at_any_V_and_K_says_what_a_reader_of_the_whole_log_would_compute_by_hand() =>
        Gen.Select(History.AnySteps, Points).Sample(
            (steps, points) =>
            {
                var history = History.Of(steps);
                foreach (var (v, k) in points)
                {
                    var (valid, known) = At(history, v, k);
                    foreach (var dyad in History.Dyads)
                    {
                        var state = history.Fold(dyad, valid, known).At(valid);
                        var naive = history.Naive(dyad, known).At(valid);
                        Differences(state, naive).ShouldBeEmpty($"{dyad} at V {valid:O}, K {known}");
                    }
                }
            },
            iter: History.Many(800));

    [Fact]
    public void Level_arrow_measures_and_posture_agree_with_a_count_by_hand() =>
        Gen.Select(History.AnySteps, Points).Sample(
            (steps, points) =>
            {
                var history = History.Of(steps);
                var (valid, known) = At(history, points[0].V, points[0].K);
                var dyad = History.Dyads[points[1].V % History.Dyads.Length];
                var fold = history.Fold(dyad, valid, known);
                var naive = history.Naive(dyad, known);

                fold.MeasuresAt(valid).Select(m => m.Incident).Order().ShouldBe(naive.Measures(valid).Select(History.StreamOf).Order());
                fold.ArrowAt(valid).ShouldBe(ArrowByHand(naive, valid));
                LevelShouldBe(fold.LevelAt(valid), naive, valid);
            },
            iter: History.Many(30));

    [Fact]
    public void Any_order_of_recording_gives_the_same_state() =>
        Gen.Select(History.AnySteps, Gen.Int[0, int.MaxValue]).Sample(
            (steps, seed) =>
            {
                var inOrder = History.Of(steps);
                var shuffled = History.Recorded(Interleaved(inOrder.Log, new Random(seed)));
                foreach (var dyad in History.Dyads)
                {
                    foreach (var valid in new[] { inOrder.Now, inOrder.Now.AddDays(-200), inOrder.Now.AddDays(30) })
                    {
                        // The same facts make the same entries, so not only to 1e-9 but to the bit.
                        shuffled.Fold(dyad, valid, shuffled.Head).At(valid).ShouldBe(inOrder.Fold(dyad, valid, inOrder.Head).At(valid));
                    }
                }
            },
            iter: History.Many(400));

    [Fact]
    public void An_answer_never_changes_whatever_is_recorded_afterwards() =>
        Gen.Select(History.AnySteps, Points).Sample(
            (steps, points) =>
            {
                var history = new History();
                var given = new List<(Dyad Dyad, DateTimeOffset V, long K, RelationshipState State)>();
                var next = 0;
                foreach (var step in steps)
                {
                    var before = history.Head;
                    history.Take(step);
                    if (history.Head > before)
                    {
                        var dyad = History.Dyads[(int)(history.Head % History.Dyads.Length)];
                        var valid = At(history, points[next++ % points.Length].V, 0).V;
                        given.Add((dyad, valid, history.Head, history.Fold(dyad, valid, history.Head).At(valid)));
                    }
                }

                foreach (var (dyad, valid, known, state) in given)
                {
                    history.Fold(dyad, valid, known).At(valid).ShouldBe(state);
                }
            },
            iter: History.Many(400));

    [Fact]
    public void What_was_asked_before_does_not_reach_a_bit_of_the_answer() =>
        Gen.Select(History.AnySteps, Gen.Int[0, 5_000_000].Array[1, 25]).Sample(
            (steps, minutes) =>
            {
                var history = History.Of(steps);
                var instants = minutes.Order().Select(m => History.Start.AddDays(-1_200).AddMinutes(m)).Append(History.Start.AddYears(60)).ToList();
                foreach (var dyad in History.Dyads)
                {
                    var whole = history.Fold(dyad, DateTimeOffset.MaxValue, history.Head);
                    foreach (var (at, state) in instants.Select(t => (t, whole.At(t))))
                    {
                        // Entries that come later than V make no difference either.
                        history.Fold(dyad, at, history.Head).At(at).ShouldBe(state);
                    }
                }
            },
            iter: History.Many(100));

    [Fact]
    public void Shares_add_up_to_tension_and_marginals_are_what_a_record_without_the_incident_shows() =>
        Gen.Select(History.AnySteps, Points).Sample(
            (steps, points) =>
            {
                var history = History.Of(steps);
                var (valid, known) = At(history, points[0].V, points[0].K);
                var closers = history.Closers(known);
                foreach (var dyad in History.Dyads)
                {
                    var fold = history.Fold(dyad, valid, known);
                    var contributions = Contributions.At(fold, closers, Methods.Shipped, valid);
                    contributions.Sum(c => c.Share).ShouldBe(fold.At(valid).Tension, Tolerance);
                    contributions.Count.ShouldBe(fold.At(valid).Incidents);
                    foreach (var c in contributions)
                    {
                        var without = new RelationshipFold(history.Entries(dyad, valid, known, without: c.Incident), Methods.Shipped);
                        c.TensionWithout.ShouldBe(without.At(valid).Tension, Tolerance);
                        var naive = new NaiveFold(history.Held[(int)known].Values.Where(i => History.StreamOf(i.Id) != c.Incident), dyad);
                        c.TensionWithout.ShouldBe(naive.Tension(valid), Tolerance);
                    }
                }
            },
            iter: History.Many(150));

    [Fact]
    public void Revisions_of_an_incident_follow_each_other_without_gap_or_overlap() =>
        History.AnySteps.Sample(
            steps =>
            {
                var history = History.Of(steps);
                foreach (var incident in history.Ledger.Where(r => r.Link == 0).GroupBy(r => r.Incident))
                {
                    var revisions = incident.OrderBy(r => r.Position).ToList();
                    revisions.Zip(revisions.Skip(1)).ShouldAllBe(pair => pair.First.Until == pair.Second.Position);
                    revisions[^1].Until.ShouldBe(GeoEvents.Ledger.LedgerRow.Open);
                }

                history.Ledger.Count(r => r.Link == 0).ShouldBe(history.Log.Count);
            },
            iter: History.Many(300));

    /// <summary>The histories must hold what the other tests are about, or those would prove little.</summary>
    [Fact]
    public void Histories_are_rich_enough_to_prove_something()
    {
        var kinds = new Dictionary<string, int>();
        var (tense, held, closed) = (0, 0, 0);
        Array.ForEach(
            History.AlwaysTheSame(History.AnySteps, 800),
            steps =>
            {
                var history = History.Of(steps);
                foreach (var (_, fact, _) in history.Log)
                {
                    kinds[fact.GetType().Name] = kinds.GetValueOrDefault(fact.GetType().Name) + 1;
                }

                foreach (var dyad in History.Dyads)
                {
                    var fold = history.Fold(dyad, history.Now, history.Head);
                    tense += fold.At(history.Now).Tension > 10 ? 1 : 0;
                    held += fold.At(history.Now).Rung > 0 ? 1 : 0;
                    closed += fold.Impulses.Any(i => i.ClosedAt > i.Tau) ? 1 : 0;
                }
            });
        kinds.Keys.Order().ShouldBe(
            [
                nameof(IncidentAbsorbed), nameof(IncidentCorrected), nameof(IncidentDissolved), nameof(IncidentGraded), nameof(IncidentLogged), nameof(IncidentMerged),
                nameof(IncidentReinstated), nameof(IncidentReleased), nameof(IncidentRetracted), nameof(IncidentSplit), nameof(IncidentUnmerged), nameof(IncidentUnsplit),
                nameof(ReportAttached), nameof(ReportWithdrawn), nameof(ReportsRegraded),
            ]);
        kinds.Values.Min().ShouldBeGreaterThan(20, string.Join(", ", kinds));
        Math.Min(tense, Math.Min(held, closed)).ShouldBeGreaterThan(50, $"{tense} tense, {held} with a posture, {closed} with a measure closed");
    }

    /// <summary>V from three years before the start to half a year after the last recording; K from 0 to the head.</summary>
    internal static (DateTimeOffset V, long K) At(History history, int v, int k)
    {
        var from = History.Start.AddDays(-1_100);
        var minutes = (long)(history.Now.AddDays(180) - from).TotalMinutes;
        var exact = history.Ledger.Count > 0 && v % 4 == 0 ? history.Ledger[v % history.Ledger.Count].Tau : (DateTimeOffset?)null;
        return (exact ?? from.AddMinutes(v * 104_729L % minutes), k % (history.Head + 1));
    }

    internal static IEnumerable<string> Differences(RelationshipState state, NaiveState naive)
    {
        (string Name, double Is, double Should)[] numbers =
        [
            ("hostilityFast", state.HostilityFast, naive.HostilityFast),
            ("hostilitySlow", state.HostilitySlow, naive.HostilitySlow),
            ("cooperationFast", state.CooperationFast, naive.CooperationFast),
            ("cooperationSlow", state.CooperationSlow, naive.CooperationSlow),
            ("tension", state.Tension, naive.Tension),
            ("warmth", state.Warmth, naive.Warmth),
            ("asymmetry", state.Asymmetry, naive.Asymmetry),
            ("pressure", state.Pressure, naive.Pressure),
            ("materialShare", state.MaterialShare, naive.MaterialShare),
            ("rise", state.Rise, naive.Rise),
            ("rung", state.Rung, naive.Rung),
            ("incidents", state.Incidents, naive.Incidents),
        ];
        foreach (var (name, value, should) in numbers.Where(n => !(Math.Abs(n.Is - n.Should) <= Tolerance)))
        {
            yield return $"{name} is {value:R}, should be {should:R}";
        }

        if ((state.FirstIncident, state.LastIncident) != (naive.FirstIncident, naive.LastIncident))
        {
            yield return $"first and last are {state.FirstIncident:O} and {state.LastIncident:O}, should be {naive.FirstIncident:O} and {naive.LastIncident:O}";
        }

        if (state.Baseline != (naive.BaselineSuffices ? Baseline.Sufficient : Baseline.Insufficient))
        {
            yield return $"baseline is {state.Baseline}";
        }
    }

    /// <summary>Streams in another mixture, each in its own order.</summary>
    private static IEnumerable<(string Incident, IncidentEvent Fact, DateTimeOffset At)> Interleaved(
        IEnumerable<(string Incident, IncidentEvent Fact, DateTimeOffset At)> log, Random random)
    {
        var streams = log.GroupBy(f => f.Incident).Select(g => new Queue<(string Incident, IncidentEvent Fact, DateTimeOffset At)>(g)).ToList();
        while (streams.Count > 0)
        {
            var stream = streams[random.Next(streams.Count)];
            yield return stream.Dequeue();
            if (stream.Count == 0)
            {
                streams.Remove(stream);
            }
        }
    }

    private static Arrow ArrowByHand(NaiveFold naive, DateTimeOffset t)
    {
        var month = new DateTimeOffset(t.Year, t.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var before = Midnights(month.AddMonths(-1), month.AddTicks(-1)).Select(naive.Tension).Average();
        var now = Midnights(month, t).Select(naive.Tension).Average();
        var (rungBefore, rung) = (naive.Rung(month.AddTicks(-1)), naive.Rung(t));
        return rung > rungBefore || (rung == rungBefore && now - before >= 10) ? Arrow.Deteriorated
            : rung < rungBefore || now - before <= -10 ? Arrow.Improved
            : Arrow.Unchanged;
    }

    private static void LevelShouldBe(RelativeLevel level, NaiveFold naive, DateTimeOffset t)
    {
        var first = naive.At(t).FirstIncident;
        var tension = naive.Tension(t);
        var values = first is null
            ? []
            : Midnights(t.AddDays(-1_095), t).Where(m => m > t.AddDays(-1_095) && m >= first).Select(m => (At: m, Tension: naive.Tension(m))).ToList();
        level.Days.ShouldBe(values.Count);

        // Values within rounding of the present one may be counted either way.
        var sure = values.Count(v => v.Tension < tension - Tolerance);
        var perhaps = values.Count(v => v.Tension <= tension + Tolerance);
        if (values.Count == 0)
        {
            level.Percentile.ShouldBeNull();
        }
        else
        {
            level.Percentile!.Value.ShouldBeInRange((100.0 * sure / values.Count) - Tolerance, (100.0 * perhaps / values.Count) + Tolerance);
        }

        var since = values.Where(v => v.Tension > tension + Tolerance).Select(v => (DateTimeOffset?)v.At).LastOrDefault();
        if (level.HighestSince != since)
        {
            level.HighestSince.ShouldNotBeNull();
            naive.Tension(level.HighestSince.Value).ShouldBe(tension, Tolerance);
        }
    }

    private static IEnumerable<DateTimeOffset> Midnights(DateTimeOffset from, DateTimeOffset to)
    {
        for (var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero); day <= to; day = day.AddDays(1))
        {
            if (day >= from)
            {
                yield return day;
            }
        }
    }
}
