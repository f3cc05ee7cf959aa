using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Tests.Alerts;

public class RuleTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule Crisis = new()
    {
        Id = "crisis",
        Title = "Crisis",
        Scope = new RuleScope { Dyads = [Dyad.Parse("AZE-RUS")] },
        When = new ThresholdCondition(),
        Budget = new AlertBudget(3),
    };

    private static readonly Rule Drafted = Rule.After(null, new AlertRuleDrafted(Crisis), Now);

    private static readonly Call Call = new("w", "amina", null, null);

    [Fact]
    public void The_same_rule_again_is_known_and_another_of_its_id_is_refused()
    {
        Rule.Draft(Crisis, null).ShouldBe(new AlertRuleDrafted(Crisis));
        Rule.Draft(Crisis with { }, Drafted).ShouldBeNull();
        Should.Throw<RefusedException>(() => Rule.Draft(Crisis with { Title = "Another" }, Drafted)).Code.ShouldBe("rule-exists");
    }

    [Fact]
    public void A_version_over_its_budget_watches_only_if_that_is_confirmed()
    {
        var refused = Should.Throw<RefusedException>(() => Enable(worstWeek: 7.5, confirm: false));
        (refused.Code, refused.Status).ShouldBe(("over-budget", 409));
        refused.Message.ShouldBe("In the worst week of its backtest version 1 of rule 'crisis' had 7.5 alerts, and its budget is 3 a week.");
        refused.Problems!.Single().Pointer.ShouldBe("/confirm");

        Enable(worstWeek: 7.5, confirm: true).ShouldBe([new AlertRuleEnabled("crisis", 1, 7.5, Confirmed: true)]);
        Enable(worstWeek: 3, confirm: false).ShouldBe([new AlertRuleEnabled("crisis", 1, 3)]);
        Enable(worstWeek: null, confirm: false).ShouldBe([new AlertRuleEnabled("crisis", 1)]);
    }

    [Fact]
    public void A_version_that_watches_is_not_enabled_again_nor_one_that_there_is_not()
    {
        var enabled = Rule.After(Drafted, new AlertRuleEnabled("crisis", 1), Now);
        enabled.Enable(1, null, false).ShouldBeEmpty();
        enabled.Enable(1, 7, false).ShouldBeEmpty("over its budget or not, it watches already");
        Should.Throw<RefusedException>(() => enabled.Enable(2, null, false).ToList()).Code.ShouldBe("version-not-found");
        Drafted.Disable("x").ShouldBeEmpty();
        enabled.Disable("x").ShouldBe([new AlertRuleDisabled("crisis", "x")]);
    }

    [Fact]
    public void A_version_never_changes_and_another_does_not_watch_before_it_is_enabled()
    {
        var other = Crisis with { Title = "Another" };
        var revised = Rule.After(Rule.After(Drafted, new AlertRuleEnabled("crisis", 1), Now), new AlertRuleRevised(other, "clearer"), Now);

        revised.Revise(other with { }, "again").ShouldBeEmpty();
        (revised.Watching!.Rule, revised.Latest.Rule, revised.Latest.Number).ShouldBe((Crisis, other, 2));
        revised.Revise(Crisis, "back").ShouldBe([new AlertRuleRevised(Crisis, "back")]);
    }

    private static IEnumerable<object> Enable(double? worstWeek, bool confirm) =>
        new EnableRule(Call, "crisis", 1, worstWeek, confirm).Decide(new RecordView(new Dictionary<StreamKey, object> { [StreamKey.AlertRule("crisis")] = Drafted }), Now).Single().Events;
}
