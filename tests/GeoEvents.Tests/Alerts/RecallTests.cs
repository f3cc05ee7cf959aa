using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using static GeoEvents.Tests.Alerts.Scene;

namespace GeoEvents.Tests.Alerts;

/// <summary>What becomes of an alert when what it rests on turns out otherwise.</summary>
public class RecallTests
{
    private static readonly Deed Border = new("border", 10, "border-closed");

    private static readonly AlertRule Seven = Rule(new ThresholdCondition(Above: Tension(7), ResolvesBelow: Tension(6)));

    [Fact]
    public void An_open_alert_is_recalled_when_its_reason_is_retracted_and_ends_with_it()
    {
        var scene = new Scene(Seven).Log(Border).Retract("border", 10.5).PassTo(100);
        var recall = scene.Events.OfType<AlertRecalled>().Single();
        (recall.WasOpen, recall.At, recall.Change, recall.Position).ShouldBe((true, At(10.5), ChangeClass.Retraction, 2));
        recall.Then["tension"].ShouldBe(Tension(7.5), 1e-9);
        recall.Now["tension"].ShouldBe(0, 1e-9);
        scene.Ended.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_ended_is_recalled_within_a_year()
    {
        var scene = new Scene(Seven).Log(Border).PassTo(100);
        scene.Ended.Count().ShouldBe(1);
        scene.Retract("border", 375);
        scene.Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeFalse();

        var late = new Scene(Seven).Log(Border).Retract("border", 375.1);
        late.Events.OfType<AlertRecalled>().ShouldBeEmpty();
    }

    [Fact]
    public void It_is_recalled_once_even_if_the_reason_comes_back_and_goes_again()
    {
        var war = Border with { Id = "war", Type = "war" };
        var scene = new Scene(Seven).Log(war).Retract("war", 13).Log(war, 14, ChangeClass.Reinstatement).Retract("war", 15);
        scene.Fired.ShouldBe([10, 14]);
        scene.Events.OfType<AlertRecalled>().Select(r => (r.Alert, (r.At - Start).TotalDays)).ShouldBe([("r.AZE-RUS.1", 13), ("r.AZE-RUS.2", 15)]);
    }

    [Fact]
    public void One_that_ended_is_asked_with_the_incidents_known_then_alone()
    {
        // What becomes known afterwards is no reason to have fired.
        var scene = new Scene(Seven).Log(Border).PassTo(60).Log(new Deed("late", 9, "war"), 60.2, ChangeClass.Backfill).Retract("border", 60.5);
        scene.Events.OfType<AlertRecalled>().Single().Alert.ShouldBe("r.AZE-RUS.1");
    }

    [Fact]
    public void An_open_one_stands_while_others_carry_it_and_says_what_is_gone()
    {
        var scene = new Scene(Seven).Log(Border).Log(new Deed("late", 9, "war"), 10.2, ChangeClass.Late).Retract("border", 10.5);
        scene.Events.OfType<AlertRecalled>().ShouldBeEmpty();
        var amendment = scene.Events.OfType<AlertAmended>().Single();
        (amendment.Alert, amendment.Now["tension"]).ShouldBe(("r.AZE-RUS.1", 0));
        scene.Retract("late", 10.6).Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeTrue("now nothing does");
    }

    [Fact]
    public void What_is_left_between_its_bounds_does_not_carry_it()
    {
        var scene = new Scene(Seven).Log(Border with { Attribution = 6.5 / 7.5 });
        scene.Fired.ShouldBeEmpty("above the bound at which it would end, and below the one at which it begins");
        scene.Log(new Deed("hoax", 10.1, "border-closed", Attribution: 0.2)).Fired.ShouldBe([10.1], 1e-9);
        scene.Retract("hoax", 10.2).Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeTrue();
    }

    [Fact]
    public void An_incident_and_its_grade_are_one_fact()
    {
        new Scene(Seven).LogGraded(Border, 0.02).Events.ShouldBeEmpty("nobody believed it at any time");
        new Scene(Seven).LogGraded(Border with { Credibility = 0.5 }, 1).Events.Single().ShouldBeOfType<AlertFired>().Receipt.Values["tension"].ShouldBe(Tension(7.5), 1e-9);
        new Scene(Rule(new RevisionCondition(5))).LogGraded(Border with { Credibility = 0.5 }, 1).Events.ShouldBeEmpty("nothing was revised");

        var news = Rule(new MeasureOpenedCondition(4)) with { Filter = new RuleFilter { MinCredibility = 0.6, Changes = [ChangeClass.Live] } };
        new Scene(news).LogGraded(Border with { Opens = true, Credibility = 0.5 }, 1).Fired.ShouldBe([10]);
    }

    [Fact]
    public void A_cause_that_is_moved_in_time_amends_or_recalls()
    {
        var measure = Border with { Type = "war", Opens = true };
        var amended = new Scene(Seven).Log(measure).Correct(measure with { Day = 5 }, 10.1);
        amended.Events.OfType<AlertAmended>().Single().Change.ShouldBe(ChangeClass.Correction);
        new Scene(Seven).Log(measure).Correct(measure with { Day = 9.9 }, 10.1).Events.OfType<AlertAmended>().ShouldBeEmpty("less than a fifth");

        var young = Rule(new MeasureOpenedCondition(4)) with { MaxAgeHours = 72 };
        var recalled = new Scene(young).Log(Border with { Opens = true }).Correct(Border with { Opens = true, Day = 5 }, 10.1);
        recalled.Events.OfType<AlertRecalled>().Count().ShouldBe(1, "it was too old to fire when it was recorded");
    }

    [Fact]
    public void An_incident_does_not_follow_itself()
    {
        var rule = Rule(new ThenCondition(new MeasureOpenedCondition(4), new MeasureOpenedCondition(5), 720));
        var rupture = new Deed("rupture", 10, "relations-severed", Opens: true);
        var scene = new Scene(rule).Log(rupture).Retract("rupture", 10.1).Log(rupture, 10.2, ChangeClass.Reinstatement);
        scene.Events.ShouldBeEmpty();
        scene.Log(Border with { Id = "another", Day = 11, Opens = true, Type = "relations-severed" }).Fired.ShouldBe([11]);
    }

    [Fact]
    public void However_old_what_is_revised_is_the_revision_is_new()
    {
        var rule = Rule(new RevisionCondition(5)) with { MaxAgeHours = 72 };
        new Scene(rule).Log(Border).Retract("border", 14).Fired.ShouldBe([14]);
        new Scene(rule).Log(Border, 14, ChangeClass.Late).Events.ShouldBeEmpty("what is late is no revision while it is older than that");
    }

    [Fact]
    public void A_rise_is_undone_when_its_reason_goes_and_the_alert_stands()
    {
        var rule = Seven with { Raises = [new SeverityRaise(Severity.Critical, new MeasureOpenedCondition(4))] };
        var scene = new Scene(rule).Log(Border).Log(new Deed("closed", 11, "border-closed", Opens: true));
        scene.Events.OfType<AlertSeverityRaised>().Single().To.ShouldBe(Severity.Critical);
        scene.Retract("closed", 11.5);
        scene.Events.OfType<AlertRecalled>().ShouldBeEmpty();
        scene.Events.OfType<AlertAmended>().Single().Severity.ShouldBe(Severity.Warning);
        scene.Log(new Deed("again", 12, "border-closed", Opens: true)).Events.OfType<AlertSeverityRaised>().Count().ShouldBe(2, "it may rise again");
    }

    [Fact]
    public void A_correction_that_changes_no_number_changes_no_alert()
    {
        var scene = new Scene(Seven).Log(Border).Correct(Border, 10.5).PassTo(100).Correct(Border, 101);
        scene.Events.ShouldAllBe(e => e is AlertFired || e is AlertResolved);
    }

    [Fact]
    public void What_is_too_small_to_be_listed_is_a_cause_all_the_same()
    {
        // Tension comes to the bound with the last of thirty, of which twenty are listed.
        var bound = Tension((30 * -Methods.Shipped.Score("criticism", null).Weight) - 1e-3);
        var rule = Rule(new ThresholdCondition(Above: bound, ResolvesBelow: bound));
        var scene = new Scene(rule);
        for (var i = 0; i < 30; i++)
        {
            scene.Log(new Deed($"deed{i:00}", 10, "criticism"));
        }

        var receipt = scene.Events.OfType<AlertFired>().Single().Receipt;
        scene.PassTo(20);
        var unlisted = Enumerable.Range(0, 30).Select(i => $"deed{i:00}").First(id => receipt.Causes.All(c => c.Stream != StreamOf(id)));
        scene.Retract(unlisted, 20.5).Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeFalse();
    }

    [Fact]
    public void What_goes_on_under_another_id_withdraws_nothing()
    {
        var scene = new Scene(Seven).Log(Border).Log(Border with { Id = "twin" }, 10.1).PassTo(60).Merge("border", 61);
        scene.Events.OfType<AlertRecalled>().ShouldBeEmpty();
        scene.Retract("twin", 62).Events.OfType<AlertRecalled>().Single().Incident.ShouldBe("");
    }

    [Fact]
    public void Rules_look_at_a_split_as_a_whole()
    {
        var scene = new Scene(Rule(new ThresholdCondition(Above: Tension(12), ResolvesBelow: Tension(6)))).Log(Border);
        scene.Split("border", 10.5, Border with { Id = "one" }, Border with { Id = "other", Attribution = 0.1 });
        scene.Events.ShouldBeEmpty("at no time was it twice what it was");
    }

    [Fact]
    public void What_changes_a_cause_by_a_fifth_and_leaves_the_reason_amends()
    {
        var war = Border with { Id = "war", Type = "war" };
        var scene = new Scene(Seven).Log(war).Correct(war with { Attribution = 0.81 }, 10.1);
        scene.Events.OfType<AlertAmended>().ShouldBeEmpty("less than a fifth");
        scene.Correct(war with { Attribution = 0.81 * 0.9 }, 10.2).Events.OfType<AlertAmended>().ShouldBeEmpty("a tenth of what it was");

        var amended = new Scene(Seven).Log(war).Correct(war with { Attribution = 0.8 }, 10.1);
        var amendment = amended.Events.OfType<AlertAmended>().Single();
        (amendment.At, amendment.Change).ShouldBe((At(10.1), ChangeClass.Correction));
        (amendment.Then["tension"], amendment.Now["tension"]).ShouldBe((Tension(10), Tension(8)), TupleTolerance);
        amended.Events.OfType<AlertRecalled>().ShouldBeEmpty();
    }

    [Fact]
    public void An_alert_about_a_revision_is_never_recalled()
    {
        var scene = new Scene(Rule(new RevisionCondition(5))).Log(Border).Correct(Border with { Attribution = 0.5 }, 10.1).Correct(Border, 10.2).Retract("border", 10.3);
        scene.Fired.ShouldBe([10.1], 1e-9);
        scene.Events.OfType<AlertRecalled>().ShouldBeEmpty();
    }

    [Fact]
    public void An_alert_of_a_rule_that_watches_no_more_is_recalled_all_the_same()
    {
        var scene = new Scene(Seven).Log(Border).Disable(10.2).Retract("border", 10.5);
        scene.Events.OfType<AlertResolved>().Single().Because.ShouldBe(Ending.RuleDisabled);
        scene.Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeFalse();
        scene.Log(Border, 10.6, ChangeClass.Reinstatement).Log(Border with { Id = "more", Day = 11 }).Fired.ShouldBe([10], "it watches no more");
    }

    [Fact]
    public void A_silence_that_was_is_not_taken_back_because_the_rule_was_enabled_anew()
    {
        var rule = Rule(new AndCondition([new ThresholdCondition(Above: Tension(7), ResolvesBelow: Tension(6)), new SilenceCondition(24)]));
        var scene = new Scene(rule).Log(Border with { Id = "war", Type = "war" }).PassTo(11.5).EnableAgain(rule, 12).Correct(Border with { Id = "war", Type = "war", Attribution = 0.9 }, 12.1);
        scene.Fired.ShouldBe([11]);
        scene.Events.OfType<AlertRecalled>().ShouldBeEmpty();
        scene.Correct(Border with { Id = "war", Type = "war", Attribution = 0.2 }, 12.2).Events.OfType<AlertRecalled>().Count().ShouldBe(1);
    }

    [Fact]
    public void One_that_time_fired_is_recalled_when_what_was_there_was_not()
    {
        var measure = Border with { Opens = true };
        var scene = new Scene(Rule(new MeasureOverdueCondition(5, 30))).Log(measure).PassTo(50).Retract("border", 60);
        scene.Events.OfType<AlertRecalled>().Single().WasOpen.ShouldBeTrue();
        var corrected = new Scene(Rule(new MeasureOverdueCondition(5, 30))).Log(measure).PassTo(50).Correct(measure with { Day = 15 }, 60);
        corrected.Events.OfType<AlertRecalled>().ShouldBeEmpty("by now it has been in force for 45 days");
        var before = new Scene(Rule(new MeasureOverdueCondition(5, 30))).Log(measure).PassTo(41).Correct(measure with { Day = 15 }, 42);
        before.Events.OfType<AlertRecalled>().Single().Alert.ShouldBe("r.AZE-RUS.1", "it has been in force for 27 days");
    }

    private static readonly IEqualityComparer<(double, double)> TupleTolerance =
        EqualityComparer<(double, double)>.Create((a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9);
}
