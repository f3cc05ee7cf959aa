using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Tests.Properties;

/// <summary>What docs/method.md promises of a belief diff, on random records and between random points, forwards and backwards.</summary>
public class BeliefDiffTests
{
    private const double Tolerance = 1e-9;

    private static readonly Method Now = Methods.Shipped;

    /// <summary>Another method: other half-lives, saturation, magnitude and floors.</summary>
    private static readonly Method Other = Altered();

    private static readonly Gen<(int V, int K)[]> Points = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 100_000]).Array[6];

    private static readonly Gen<Step[]> ThousandsOfSteps = History.AnyStep.Array[3_000, 5_000];

    [Fact]
    public void Lines_add_up_to_the_difference_of_what_two_readers_of_the_log_compute_by_hand() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                ShouldAddUp(history.Diff(dyad, start, end), By(history, dyad, start), By(history, dyad, end));
            }
        },
        iter: History.Many(400));

    [Fact]
    public void They_add_up_over_thousands_of_facts() => Gen.Select(ThousandsOfSteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps, TimeSpan.FromHours(1));
            history.Head.ShouldBeGreaterThan(500);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                ShouldAddUp(history.Diff(dyad, start, end), By(history, dyad, start), By(history, dyad, end));
            }
        },
        iter: History.Many(3));

    [Fact]
    public void A_fact_does_what_its_lines_say_and_is_of_the_kind_that_they_say() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                var (low, high, sign) = start.Known <= end.Known ? (start.Known, end.Known, 1) : (end.Known, start.Known, -1);
                var lines = history.Diff(dyad, start, end with { Valid = start.Valid }).Lines.ToLookup(l => l.Position);
                for (var p = low + 1; p <= high; p++)
                {
                    var (before, after) = (history.Naive(dyad, p - 1).At(start.Valid), history.Naive(dyad, p).At(start.Valid));
                    lines[p].Sum(l => l.Effect.HostilityFast).ShouldBe(sign * (after.HostilityFast - before.HostilityFast), Tolerance, $"H at {p}");
                    lines[p].Sum(l => l.Effect.CooperationFast).ShouldBe(sign * (after.CooperationFast - before.CooperationFast), Tolerance, $"C at {p}");
                    var (incident, fact, _) = history.Log[(int)p - 1];
                    foreach (var line in lines[p])
                    {
                        // A merge moves what closes a measure, and is a fact of neither.
                        (line.Closer is not null && fact is IncidentMerged or IncidentUnmerged || (line.Closer ?? line.Incident) == History.StreamOf(incident)).ShouldBeTrue();
                        CausesOf(fact, line.Closer is null).ShouldContain(line.Cause);
                    }

                    lines[p].Count(l => l.Closer is null).ShouldBe(Touches(history, dyad, p, incident, start.Valid) ? 1 : 0, $"the fact at {p} has a line of its own");
                }
            }
        },
        iter: History.Many(200));

    [Fact]
    public void What_time_did_to_an_incident_is_what_its_line_says_and_the_rest_decayed() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                var lines = history.Diff(dyad, start with { Known = end.Known }, end with { Method = Now }).Lines;
                var (low, high) = start.Valid <= end.Valid ? (start.Valid, end.Valid) : (end.Valid, start.Valid);
                var left = 0;
                var decay = 0.0;
                foreach (var incident in history.Held[(int)end.Known].Values.Where(i => i.Counts && i.Tau <= high && i.Content.Links.Any(l => l.Dyad == dyad)))
                {
                    var alone = Alone(history, dyad, end.Known, incident.Id);
                    var change = alone.At(end.Valid).HostilityFast - alone.At(start.Valid).HostilityFast;
                    var measure = alone.Measures(low).Any();
                    Cause? expected = incident.Tau > low ? (incident.Content.Measure?.Opens == true ? Cause.MeasureOpened : Cause.Happened)
                        : measure && !alone.Measures(high).Any() ? Cause.MeasureClosed
                        : null;
                    var line = lines.SingleOrDefault(l => l.Incident == History.StreamOf(incident.Id));
                    if (line is not null)
                    {
                        line.Cause.ShouldBe(expected!.Value);
                    }

                    if (expected is null)
                    {
                        left++;
                        decay += change;
                    }

                    (line?.Effect.HostilityFast ?? change).ShouldBe(change, Tolerance);
                    (line is null).ShouldBe(expected is null || low == high);
                }

                var summed = lines.SingleOrDefault(l => l.Cause == Cause.Decay);
                (summed?.Effect.HostilityFast ?? 0).ShouldBe(decay, Tolerance);
                (summed?.Incidents ?? 0).ShouldBe(low == high ? 0 : left);
            }
        },
        iter: History.Many(150));

    [Fact]
    public void From_a_point_to_itself_nothing_changed() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, _) in Pairs(history, points))
            {
                var diff = history.Diff(dyad, start, start);
                diff.Lines.ShouldBeEmpty();
                diff.Difference.ShouldBe(default);
                diff.Totals.ShouldBeEmpty();
            }
        },
        iter: History.Many(50));

    [Fact]
    public void The_way_back_is_the_way_there_with_its_sign_reversed() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                var (there, back) = (history.Diff(dyad, start, end), history.Diff(dyad, end, start));
                ShouldBeMinus(there.Difference, back.Difference);
                ShouldBeMinus(Effect.Sum(there.Lines), Effect.Sum(back.Lines));

                // Along one axis alone, there is but one path, so every line is reversed.
                var known = start with { Known = end.Known };
                history.Diff(dyad, known, start).Lines.ShouldBe(history.Diff(dyad, start, known).Lines.Select(Reversed));
                var valid = start with { Valid = end.Valid };
                history.Diff(dyad, valid, start).Lines.ShouldBe(history.Diff(dyad, start, valid).Lines.Select(Reversed));
            }
        },
        iter: History.Many(100));

    [Fact]
    public void Every_cause_of_these_histories_appears()
    {
        var seen = new HashSet<Cause>();
        Gen.Select(History.AnyStep.Array[300], Points).Sample(
            (steps, points) =>
            {
                var history = History.Of(steps, TimeSpan.FromHours(6));
                foreach (var (dyad, start, end) in Pairs(history, points))
                {
                    lock (seen)
                    {
                        seen.UnionWith(history.Diff(dyad, start, end).Lines.Select(l => l.Cause));
                    }
                }
            },
            iter: History.Many(60));

        seen.ShouldBe(Enum.GetValues<Cause>(), ignoreOrder: true);
    }

    /// <summary>Largest first; what has no effect at all comes last, in the order of the log.</summary>
    [Fact]
    public void Lines_are_in_order_of_their_effect() => Gen.Select(History.AnySteps, Points).Sample(
        (steps, points) =>
        {
            var history = History.Of(steps);
            foreach (var (dyad, start, end) in Pairs(history, points))
            {
                var lines = history.Diff(dyad, start, end).Lines;
                lines.Zip(lines.Skip(1)).ShouldAllBe(pair => Rank(pair.First).CompareTo(Rank(pair.Second)) >= 0);
                lines.SkipWhile(l => l.Effect != default).ShouldAllBe(l => l.Effect == default);
                lines.Where(l => l.Effect == default).Select(l => l.Position ?? long.MaxValue).ShouldBeInOrder();
            }
        },
        iter: History.Many(100));

    private static (double Points, double Cooperation) Rank(DiffLine line) => (Math.Abs(line.Effect.Tension), Math.Abs(line.Effect.CooperationFast));

    /// <summary>Pairs of points: along all axes, along each, and so near each other in H that a quotient of differences would be nothing but rounding.</summary>
    private static IEnumerable<(Dyad Dyad, BeliefPoint Start, BeliefPoint End)> Pairs(History history, (int V, int K)[] points)
    {
        for (var i = 0; i + 1 < points.Length; i += 2)
        {
            var dyad = History.Dyads[points[i].V % History.Dyads.Length];
            var (start, end) = (Point(history, points[i]), Point(history, points[i + 1]));
            yield return (dyad, start, end);
            yield return (dyad, start, end with { Valid = start.Valid, Method = start.Method });
            yield return (dyad, start, start with { Method = Other });
            yield return (dyad, start, start with { Valid = start.Valid.AddTicks(10) });
        }
    }

    private static BeliefPoint Point(History history, (int V, int K) at)
    {
        var taus = history.Ledger.ConvertAll(r => r.Tau);
        var closings = history.Ledger.Where(r => r.Closes is not null).Select(r => r.Tau).ToList();
        var valid = at.V % 5 == 0 && taus.Count > 0 ? taus[at.V % taus.Count]
            : at.V % 5 == 2 && closings.Count > 0 ? closings[at.V % closings.Count]
            : at.V % 5 == 1 ? history.Now
            : History.Start.AddDays(-1_100).AddMinutes(at.V / 1_000_000.0 * ((history.Now - History.Start).TotalMinutes + (1_200 * 1_440)));
        return new BeliefPoint(Microseconds.Floor(valid), at.K % (history.Head + 1), Now);
    }

    private static (double H, double C, double T) By(History history, Dyad dyad, BeliefPoint point)
    {
        if (point.Method == Now)
        {
            var naive = history.Naive(dyad, point.Known).At(point.Valid);
            return (naive.HostilityFast, naive.CooperationFast, naive.Tension);
        }

        var fold = new GeoEvents.Relationships.RelationshipFold(history.Entries(dyad, point.Valid, point.Known), point.Method).At(point.Valid);
        return (fold.HostilityFast, fold.CooperationFast, fold.Tension);
    }

    private static void ShouldAddUp(BeliefDiff diff, (double H, double C, double T) before, (double H, double C, double T) after)
    {
        foreach (var sum in new[] { diff.Difference, Effect.Sum(diff.Lines), SumOf(diff.Totals) })
        {
            sum.HostilityFast.ShouldBe(after.H - before.H, Tolerance);
            sum.CooperationFast.ShouldBe(after.C - before.C, Tolerance);
            sum.Tension.ShouldBe(after.T - before.T, Tolerance);
        }
    }

    private static Effect SumOf(IReadOnlyList<CauseTotal> totals) =>
        new(totals.Sum(t => t.HostilityFast), totals.Sum(t => t.CooperationFast), totals.Sum(t => t.Tension));

    private static void ShouldBeMinus(Effect one, Effect other)
    {
        one.HostilityFast.ShouldBe(-other.HostilityFast, Tolerance);
        one.CooperationFast.ShouldBe(-other.CooperationFast, Tolerance);
        one.Tension.ShouldBe(-other.Tension, Tolerance);
    }

    private static DiffLine Reversed(DiffLine line) => line with
    {
        Effect = new Effect(0 - line.Effect.HostilityFast, 0 - line.Effect.CooperationFast, 0 - line.Effect.Tension),
    };

    private static Cause[] CausesOf(IncidentEvent fact, bool own) => fact switch
    {
        _ when !own => [Cause.MeasureClosed, Cause.MeasureReopened],
        IncidentLogged { PartOf: not null } or IncidentSplit => [Cause.Split],
        IncidentDissolved or IncidentUnsplit => [Cause.Unsplit],
        IncidentMerged or IncidentAbsorbed => [Cause.Merged],
        IncidentUnmerged or IncidentReleased => [Cause.Unmerged],
        IncidentLogged => [Cause.LearnedLate],
        IncidentRetracted => [Cause.Retracted],
        IncidentReinstated => [Cause.Reinstated],
        _ => [Cause.Corrected],
    };

    /// <summary>Whether an incident that a fact is of counts before or after it.</summary>
    private static bool Touches(History history, Dyad dyad, long position, string incident, DateTimeOffset valid) =>
        ((long[])[position - 1, position]).Any(k => history.Held[(int)k].GetValueOrDefault(incident) is { Counts: true } i
            && i.Tau <= valid && i.Content.Links.Any(l => l.Dyad == dyad));

    /// <summary>One incident of the dyad with all that is known of what closes it.</summary>
    private static NaiveFold Alone(History history, Dyad dyad, long known, string incident) => new(
        history.Held[(int)known].Values.Select(i => i.Id == incident ? i : i with { Content = i.Content with { Links = [] } }), dyad);

    private static Method Altered()
    {
        using var ships = EmbeddedData.Open("method-2026.1.json");
        var document = JsonNode.Parse(ships)!;
        document["method"] = "2031.4";
        document["parameters"]!["halfLifeFastDays"] = 30;
        document["parameters"]!["saturation"] = 12;
        document["parameters"]!["magnitude"]!["perLog10Deaths"] = 0.5;
        foreach (var rung in document["rungs"]!.AsArray())
        {
            rung!["measureFloor"] = 0.25;
        }

        return Method.Load(new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document)));
    }
}
