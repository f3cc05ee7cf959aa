using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Delivery;
using GeoEvents.Feed;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Tests.Delivery;

public class DeliveryPlanTests
{
    private static readonly Dyad Pair = Dyad.Parse("AZE-RUS");
    private static readonly IReadOnlyDictionary<string, double> Values = new Dictionary<string, double>();
    private static readonly Receipt Because = new(1, "2026.1", 1, default, null, null, null, Values, []);

    private static readonly AlertFired Fired = new("a.AZE-RUS.1", "a", Pair, Severity.Warning, default, Because);
    private static readonly AlertSeverityRaised Raised = new("a.AZE-RUS.1", "a", Pair, Severity.Warning, Severity.Critical, default, Because);
    private static readonly AlertResolved Resolved = new("a.AZE-RUS.1", "a", Pair, Severity.Warning, Ending.ConditionCeased, default, Values);
    private static readonly AlertRecalled Recalled = new("a.AZE-RUS.1", "a", Pair, Severity.Warning, default, 1, ChangeClass.Correction, "i", default, Values, Values, true);
    private static readonly AlertAcknowledged Acknowledged = new("a.AZE-RUS.1", "a", Pair, "me");

    [Fact]
    public void Who_gets_the_firing_gets_the_rest_but_not_what_people_do_with_it() =>
        Numbers(new SubscriptionFilter(), Fired, Raised, Acknowledged, Resolved, Recalled).ShouldBe([1, 2, 4, 5]);

    [Fact]
    public void A_silenced_firing_and_its_end_go_to_nobody() =>
        Numbers(new SubscriptionFilter(), Fired with { Silence = "s" }, Raised with { Silence = "s" }, Resolved, Recalled).ShouldBeEmpty();

    [Fact]
    public void A_rise_after_a_silence_goes_out_and_so_does_the_end_then() =>
        Numbers(new SubscriptionFilter(), Fired with { Silence = "s" }, Raised, Resolved).ShouldBe([2, 3]);

    [Fact]
    public void The_end_of_an_alert_that_went_out_is_told_through_a_silence() =>
        Numbers(new SubscriptionFilter(), Fired, Resolved with { Silence = "s" }).ShouldBe([1, 2]);

    [Fact]
    public void An_alert_comes_to_whom_it_concerns_when_it_is_severe_enough() =>
        Numbers(new SubscriptionFilter(MinSeverity: Severity.Critical), Fired, Raised, Resolved).ShouldBe([2, 3]);

    [Fact]
    public void An_alert_of_another_relationship_or_rule_goes_to_nobody()
    {
        Numbers(new SubscriptionFilter(Dyads: [Dyad.Parse("ARM-TUR")]), Fired, Raised, Resolved).ShouldBeEmpty();
        Numbers(new SubscriptionFilter(Rules: ["b"]), Fired, Raised, Resolved).ShouldBeEmpty();
        Numbers(new SubscriptionFilter(Dyads: [Pair], Rules: ["a"]), Fired, Raised, Resolved).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Who_names_types_gets_those_and_what_becomes_of_what_he_got()
    {
        Numbers(new SubscriptionFilter(Types: ["alert_fired"]), Fired, Raised, Resolved).ShouldBe([1, 2, 3]);
        Numbers(new SubscriptionFilter(Types: ["alert_recalled"]), Fired, Raised, Resolved, Recalled).ShouldBe([4]);
        Numbers(new SubscriptionFilter(Types: ["alert_acknowledged"]), Fired, Acknowledged, Resolved).ShouldBe([2, 3]);
        Numbers(new SubscriptionFilter(Types: ["alert_fired", "alert_resolved"]), Resolved).ShouldBeEmpty();
    }

    [Fact]
    public void Who_got_it_before_gets_the_recall_whatever_the_filter_says_now() =>
        DeliveryPlan.Of([Item(7, Recalled)], [("s", new SubscriptionFilter(Rules: ["b"]), 0)], [(Recalled.Alert, "s")]).ShouldHaveSingleItem().Item.Number.ShouldBe(7);

    [Fact]
    public void What_was_recorded_before_a_subscription_began_is_none_of_its_business() =>
        DeliveryPlan.Of([Item(7, Fired), Item(8, Fired with { Alert = "a.AZE-RUS.2" })], [("s", new SubscriptionFilter(), 7)], []).ShouldHaveSingleItem().Item.Number.ShouldBe(8);

    private static IEnumerable<long> Numbers(SubscriptionFilter filter, params IReadOnlyList<AlertEvent> facts) =>
        DeliveryPlan.Of([.. facts.Select((fact, i) => Item(i + 1, fact))], [("s", filter, 0)], []).Select(p => p.Item.Number);

    private static PlannedItem Item(long number, AlertEvent fact) => new(
        new FeedItem(number, FactTypes.NameOf(fact), default, [fact.Dyad], $"alert/{fact.Alert}", fact.Rule, null, default(JsonElement)),
        fact,
        fact is AlertFired { Silence: not null } or AlertSeverityRaised { Silence: not null } or AlertResolved { Silence: not null });
}
