using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using static GeoEvents.Tests.Alerts.Scene;

namespace GeoEvents.Tests.Alerts;

/// <summary>The computed instants at which conditions begin and end by time, against closed forms written out here and against a fine scan.</summary>
public class CrossingTimeTests
{
    private const double Second = 1 / 86_400.0;

    /// <summary>Weight −7.5 with a floor of 3.</summary>
    private static readonly Deed Border = new("border", 0, "border-closed", Opens: true);

    private static readonly Dictionary<string, double> Weights = Methods.Shipped.Types.ToDictionary(t => t.Type, t => -t.Weight);

    /// <summary>Weight −2.</summary>
    private static readonly Deed Words = new("words", 0, "criticism");

    [Fact]
    public void A_threshold_ends_while_a_measure_decays_still() =>
        Scene_of(4).Ended.ShouldBe([14 * Math.Log2(9.5 / 4)], 2 * Second);

    [Fact]
    public void A_threshold_ends_when_a_measure_is_at_its_floor() =>
        Scene_of(3.5).Ended.ShouldBe([28], 2 * Second);

    [Fact]
    public void A_threshold_ends_at_the_instant_at_which_a_measure_reaches_its_floor() =>
        Scene_of(9.5 * 0.4).Ended.ShouldBe([14 * Math.Log2(2.5)], 2 * Second);

    [Fact]
    public void A_threshold_below_the_floor_ends_after_the_measure_is_closed()
    {
        var scene = Scene_of(2.9);
        scene.PassTo(1000).Ended.ShouldBeEmpty();

        var closed = new Scene(Rule(new ThresholdCondition(Above: Tension(9), ResolvesBelow: Tension(2.9)))).Log(Words).Log(Border)
            .Log(new Deed("end", 60, "measures-eased", Closes: "border")).PassTo(1000);
        closed.Ended.ShouldBe([60 + (14 * Math.Log2((3 + (2 * Math.Pow(2, -60 / 14.0))) / 2.9))], 2 * Second);
    }

    [Fact]
    public void A_rise_ends_by_decay_or_when_what_rose_is_as_old_as_the_rule_looks_back()
    {
        Ends(new RateOfChangeCondition(7), s => s.Log(Border)).ShouldBe([14 * Math.Log2(7.5 / 7)], 2 * Second);
        Ends(new RateOfChangeCondition(6), s => s.Log(Border)).ShouldBe([3], 2 * Second);
    }

    [Fact]
    public void A_posture_holds_through_the_last_instant_of_its_dwell()
    {
        var protest = new Deed("protest", 0, "diplomatic-protest");
        Ends(new PostureReachesCondition(2), s => s.Log(protest)).ShouldBe([21 + Second], Second / 4);
        Ends(new PostureJumpCondition(2, 7), s => s.Log(protest)).ShouldBe([7], Second / 4);

        var falls = new Scene(Rule(new PostureFallsCondition(2, 7))).Log(protest).PassTo(100);
        falls.Fired.ShouldBe([21 + Second], Second / 4);
        falls.Ended.ShouldBe([28 + Second], Second / 4);
    }

    [Fact]
    public void A_new_high_ends_at_the_next_midnight() =>
        Ends(new NewHighCondition(Floor: 5), s => s.Log(Border with { Day = 3.25 })).ShouldBe([4], 2 * Second);

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(28)]
    public void A_fall_of_tension_begins_and_ends_where_a_scan_finds_it(double by)
    {
        Deed[] deeds = [Border, Words, new("clash", 2.3, "armed-clash"), new("raid", 7, "property-seized", Opens: true)];
        var scene = new Scene(Rule(new TensionFallsCondition(by, 20)));
        foreach (var deed in deeds)
        {
            scene.Log(deed);
        }

        scene.PassTo(200);
        double Fall(double day) => Tension(Hostility(deeds, day - 20)) - Tension(Hostility(deeds, day)) - by;
        var changes = Scan(Fall, 7, 120);
        changes.Count.ShouldBeGreaterThan(1);
        scene.Fired.ShouldBe(changes.Where((_, i) => i % 2 == 0), 3 * Second);
        scene.Ended.ShouldBe(changes.Where((_, i) => i % 2 == 1), 3 * Second);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void Pressure_ends_where_a_scan_finds_it(double above)
    {
        List<Deed> deeds = [.. Enumerable.Range(0, 10).Select(i => new Deed($"base{i}", 20 * i, "criticism")), Border with { Day = 300 }, new("clash", 301, "armed-clash")];
        var scene = new Scene(Rule(new PressureCondition(above))).WithBaseline().Log(deeds[^2]).Log(deeds[^1]).PassTo(1000);
        double Over(double day) =>
            (((Hostility(deeds, day) * Math.Log(2) / 14) + 0.02) / ((Hostility(deeds, day, 180) * Math.Log(2) / 180) + 0.02)) - above;
        scene.Ended.Last().ShouldBe(Scan(Over, 301, 500)[0], 3 * Second);
    }

    private static Scene Scene_of(double resolvesAtHostility) =>
        new Scene(Rule(new ThresholdCondition(Above: Tension(9), ResolvesBelow: Tension(resolvesAtHostility)))).Log(Words).Log(Border).PassTo(500);

    private static IEnumerable<double> Ends(Condition condition, Func<Scene, Scene> play) => play(new Scene(Rule(condition))).PassTo(500).Ended;

    /// <summary>H by its definition, of incidents with weight alone; measures stay open.</summary>
    private static double Hostility(IReadOnlyList<Deed> deeds, double day, double halfLife = 14) => deeds.Where(d => d.Day <= day).Sum(d =>
        Weights[d.Type] * Math.Max(Math.Pow(2, -(day - d.Day) / halfLife), d.Opens ? 0.4 : 0));

    /// <summary>Where a function changes its sign: looked for every half an hour, then bisected.</summary>
    private static List<double> Scan(Func<double, double> f, double from, double to)
    {
        const double Step = 1 / 48.0;
        var found = new List<double>();
        for (var day = from; day < to; day += Step)
        {
            var (low, high) = (day, day + Step);
            if (f(low) >= 0 == f(high) >= 0)
            {
                continue;
            }

            while (high - low > Second / 4)
            {
                var middle = (low + high) / 2;
                (low, high) = f(middle) >= 0 == f(low) >= 0 ? (middle, high) : (low, middle);
            }

            found.Add(high);
        }

        return found;
    }
}
