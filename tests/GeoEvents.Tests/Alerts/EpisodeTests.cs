using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;
using static GeoEvents.Tests.Alerts.Scene;

namespace GeoEvents.Tests.Alerts;

/// <summary>How an episode opens, goes on and ends.</summary>
public class EpisodeTests
{
    private const double Second = 1 / 86_400.0;

    /// <summary>Weight −7.5: it is above <see cref="Seven"/> for 1.39 days.</summary>
    private static readonly Deed Border = new("border", 10, "border-closed");

    private static readonly Condition Seven = new ThresholdCondition(Above: Tension(7), ResolvesBelow: Tension(7));

    private static readonly double Lasts = 14 * Math.Log2(7.5 / 7);

    [Fact]
    public void It_stays_open_for_a_while_after_its_condition_ceased()
    {
        var scene = new Scene(Rule(Seven) with { KeepFiringHours = 36 }).Log(Border).PassTo(100);
        scene.Ended.ShouldBe([10 + Lasts + 1.5], 2 * Second);
    }

    [Fact]
    public void What_holds_again_in_that_while_is_the_same_episode()
    {
        var scene = new Scene(Rule(Seven) with { KeepFiringHours = 36 }).Log(Border).Log(Border with { Id = "more", Day = 12.5, Type = "criticism" }).PassTo(100);
        scene.Fired.ShouldBe([10]);
        scene.Ended.ShouldBe([12.5 + (14 * Math.Log2(((7.5 * Math.Pow(2, -2.5 / 14)) + 2) / 7)) + 1.5], 3 * Second);
    }

    [Fact]
    public void Of_a_moment_it_lasts_a_day_from_the_last_such_fact()
    {
        var scene = new Scene(Rule(new MeasureOpenedCondition())).Log(Border with { Opens = true }).Log(Border with { Id = "more", Day = 10.5, Opens = true })
            .Log(new Deed("words", 10.6, "criticism")).PassTo(100);
        scene.Fired.ShouldBe([10]);
        scene.Ended.ShouldBe([11.5], Second);
    }

    [Fact]
    public void A_rule_that_waits_fires_once_its_condition_has_held_for_so_long()
    {
        new Scene(Rule(Seven) with { HoldHours = 24 }).Log(Border).PassTo(100).Fired.ShouldBe([11], Second);
        new Scene(Rule(Seven) with { HoldHours = 24 * Lasts + 0.001 }).Log(Border).PassTo(100).Fired.ShouldBeEmpty("it ceased before");
        new Scene(Rule(Seven) with { HoldHours = 24 * Lasts - 0.001 }).Log(Border).PassTo(100).Fired.ShouldBe([10 + Lasts - (0.001 / 24)], 2 * Second);
    }

    [Fact]
    public void A_break_makes_it_wait_from_the_beginning()
    {
        var scene = new Scene(Rule(Seven) with { HoldHours = 24 }).Log(Border).Retract("border", 10.9).Log(Border with { Id = "more", Day = 10.95 }).PassTo(100);
        scene.Fired.ShouldBe([11.95], Second);
    }

    [Fact]
    public void After_its_end_none_opens_for_a_while()
    {
        // The first ends on day 11.39; its quiet time is over on day 21.39.
        var scene = new Scene(Rule(Seven) with { CooldownHours = 240 }).Log(Border).Log(Border with { Id = "within", Day = 21 }).PassTo(22);
        scene.Fired.ShouldBe([10]);
        scene.Log(new Deed("beyond", 22, "criticism")).Fired.ShouldBe([10, 22]);
    }

    /// <summary>Silence begins by time, and goes on: when the quiet time is over, it is looked at again.</summary>
    [Fact]
    public void What_begins_by_time_while_it_is_quiet_opens_when_that_is_over()
    {
        var scene = new Scene(Rule(new SilenceCondition(24)) with { CooldownHours = 72 }).PassTo(1).Check(1.5).PassTo(100);
        scene.Fired.ShouldBe([1, 4.5], Second);
        scene.Ended.ShouldBe([1.5], Second);
    }

    [Fact]
    public void A_sequence_within_its_window_and_beyond()
    {
        var then = new ThenCondition(new MeasureOpenedCondition(5), Seven, 48);
        var first = new Deed("first", 10, "border-closed", Credibility: 0.3, Opens: true);
        new Scene(Rule(then)).Log(first).Log(Border with { Id = "second", Day = 12 }).Fired.ShouldBe([12]);
        new Scene(Rule(then)).Log(first).Log(Border with { Id = "second", Day = 12.001 }).Fired.ShouldBeEmpty();
        new Scene(Rule(then)).Log(Border with { Opens = true }).Fired.ShouldBeEmpty("the first has to come before");
        new Scene(Rule(then)).Log(Border with { Opens = true }).Log(new Deed("words", 11, "criticism")).Fired.ShouldBe([11]);
    }

    [Fact]
    public void What_happened_long_before_it_was_recorded_opens_nothing_yet_counts()
    {
        var rule = Rule(new PostureReachesCondition(5)) with { MaxAgeHours = 96 };
        new Scene(rule).Log(Border, 14, ChangeClass.Late).Fired.ShouldBe([14]);
        var beyond = new Scene(rule).Log(Border, 14.001, ChangeClass.Late);
        beyond.Fired.ShouldBeEmpty();
        beyond.Log(new Deed("words", 15, "criticism")).Fired.ShouldBe([15]);
    }

    [Theory]
    [InlineData(ChangeClass.Backfill)]
    [InlineData(ChangeClass.Retraction)]
    [InlineData(ChangeClass.Method)]
    public void Some_facts_open_nothing(ChangeClass change) =>
        new Scene(Rule(new PostureReachesCondition(5))).Log(Border, change: change).Log(new Deed("words", 11, "criticism")).Fired.ShouldBe([11]);

    [Fact]
    public void A_filter_holds_back_facts_and_not_what_they_change()
    {
        var war = new Deed("war", 10, "war", Deaths: 6_000);
        var passes = new Deed("passes", 10.5, "criticism", Credibility: 0.7, Attribution: 0.5);
        Filtered(new RuleFilter { MinCredibility = 0.7 }, war with { Credibility = 0.69 }).ShouldBe([10.5]);
        Filtered(new RuleFilter { MinAttribution = 0.5 }, war with { Attribution = 0.49 }).ShouldBe([10.5]);
        Filtered(new RuleFilter { Types = ["criticism"] }, war).ShouldBe([10.5]);
        Filtered(new RuleFilter { MinCredibility = 0.7, MinAttribution = 0.5, Types = ["war"] }, war).ShouldBe([10]);
        new Scene(Rule(Seven) with { Filter = new RuleFilter { Changes = [ChangeClass.Live] } }).Log(war, 10.5, ChangeClass.Late).Log(passes with { Day = 11 }).Fired.ShouldBe([11]);

        IEnumerable<double> Filtered(RuleFilter filter, Deed first) => new Scene(Rule(Seven) with { Filter = filter }).Log(first).Log(passes).Fired;
    }

    [Fact]
    public void Its_severity_rises_once_and_does_not_fall()
    {
        var rule = Rule(Seven) with
        {
            Severity = Severity.Info,
            KeepFiringHours = 1_000,
            Raises = [new SeverityRaise(Severity.Warning, new PostureReachesCondition(6)), new SeverityRaise(Severity.Critical, new ThresholdCondition(Above: Tension(20), ResolvesBelow: Tension(20)))],
        };
        var scene = new Scene(rule).Log(Border).Log(new Deed("show", 11, "show-of-force", Credibility: 0.6)).Log(new Deed("war", 12, "war")).Log(new Deed("more", 13, "war")).PassTo(30);
        scene.Events.OfType<AlertFired>().Single().Severity.ShouldBe(Severity.Info);
        scene.Events.OfType<AlertSeverityRaised>().Select(r => (r.From, r.To, (r.At - Start).TotalDays)).ShouldBe([(Severity.Info, Severity.Warning, 11), (Severity.Warning, Severity.Critical, 12)]);

        var atOnce = new Scene(rule).Log(new Deed("war", 12, "war")).PassTo(30);
        atOnce.Events.OfType<AlertFired>().Single().Severity.ShouldBe(Severity.Warning);
        atOnce.Events.OfType<AlertSeverityRaised>().ShouldBeEmpty();
    }

    /// <summary>What was kept from opening an episode opens it at no other instant than that of a fact, even if the rule has to be looked at in between for another condition.</summary>
    [Fact]
    public void What_begins_at_a_fact_does_not_begin_because_time_passes()
    {
        var scene = new Scene(Rule(new OrCondition([Seven, new TensionFallsCondition(90, 1)])) with { MaxAgeHours = 24 })
            .Log(new Deed("war", 10, "war"), change: ChangeClass.Backfill).PassTo(12);
        scene.Fired.ShouldBeEmpty();
        scene.Log(new Deed("words", 12, "criticism")).Fired.ShouldBe([12]);
    }

    /// <summary>That it is not at 90 was so all the while; what began within the quiet time is the rise, and that at a fact.</summary>
    [Fact]
    public void A_negation_that_held_before_opens_nothing_when_the_quiet_time_is_over()
    {
        var rule = Rule(new AndCondition([Seven, new NotCondition(new ThresholdCondition(Above: 90, ResolvesBelow: 85))])) with { CooldownHours = 48 };
        var scene = new Scene(rule).Log(Border).Log(new Deed("war", 12, "war")).PassTo(14);
        scene.Fired.ShouldBe([10]);
        scene.Log(new Deed("words", 14, "criticism")).Fired.ShouldBe([10, 14]);
    }

    [Fact]
    public void What_holds_already_is_part_of_what_begins_by_time() =>
        new Scene(Rule(new AndCondition([Seven, new SilenceCondition(24)]))).Log(new Deed("war", 10, "war")).PassTo(12).Fired.ShouldBe([11]);

    [Fact]
    public void Its_severity_rises_when_time_brings_that_about()
    {
        var rule = Rule(Seven) with { KeepFiringHours = 1_000, Raises = [new SeverityRaise(Severity.Critical, new MeasureOverdueCondition(5, 3))] };
        var raised = new Scene(rule).Log(Border with { Opens = true }).PassTo(100).Events.OfType<AlertSeverityRaised>().Single();
        (raised.To, raised.At).ShouldBe((Severity.Critical, At(13).AddSeconds(1)));
    }
}
