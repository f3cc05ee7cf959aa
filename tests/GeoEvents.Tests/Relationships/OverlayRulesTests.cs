using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Tests.Relationships;

public class OverlayRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{}""", "/changes required")]
    [InlineData("""{"drop":[""]}""", "/changes/drop/0 required")]
    [InlineData("""{"drop":["a b"]}""", "/changes/drop/0 malformed")]
    [InlineData("""{"drop":["a","a"]}""", "/changes/drop/1 repeated")]
    [InlineData("""{"move":[{"id":"a","occurred":"2025-01"},{"id":"a","occurred":"2025-02"}]}""", "/changes/move/1/id repeated")]
    [InlineData("""{"drop":["a"],"move":[{"id":"a","occurred":"2025-01"}]}""", "/changes/move/0/id contradiction")]
    [InlineData("""{"move":[{"id":"a"}]}""", "/changes/move/0/occurred required")]
    [InlineData("""{"move":[{"id":"a","occurred":"soon"}]}""", "/changes/move/0/occurred malformed-date")]
    [InlineData("""{"move":[{"id":"a","occurred":"2027-01-01"}]}""", "/changes/move/0/occurred malformed-date")]
    [InlineData("""{"move":[{"id":"a","occurred":"2025-01","zone":"Mars/Olympus"}]}""", "/changes/move/0/zone unknown-zone")]
    [InlineData("""{"recode":[{"id":"a"}]}""", "/changes/recode/0/type required")]
    [InlineData("""{"recode":[{"id":"a","type":"insult"}]}""", "/changes/recode/0/type unknown-type")]
    [InlineData("""{"recode":[{"id":"a","cameo":"99"}]}""", "/changes/recode/0/cameo unknown-cameo")]
    [InlineData("""{"reattribute":[{"id":"a"}]}""", "/changes/reattribute/0/links required")]
    [InlineData("""{"reattribute":[{"id":"a","links":[{"actor":"AZE","recipient":"AZE"}]}]}""", "/changes/reattribute/0/links/0/recipient same-actor")]
    [InlineData("""{"add":[{"id":"n","occurred":"2025-01","type":"protest","links":[{"actor":"AZE","recipient":"RUS"}]}]}""", "/changes/add/0/title required")]
    [InlineData("""{"add":[{"id":"n","occurred":"2025-01","title":"N","links":[{"actor":"AZE","recipient":"RUS"}],"reports":[{"source":"A B"}]}]}""", "/changes/add/0/reports/0/source malformed")]
    [InlineData("""{"add":[{"id":"n","occurred":"2025-01","title":"N","links":[],"register":{"sources":[{"id":""}]}}]}""", "/changes/add/0/register/sources/0/id required")]
    public void A_fault_of_form_is_named_by_its_place(string changes, string fault) =>
        OverlayRules.Check(Body.Parse<OverlayChanges>(System.Text.Encoding.UTF8.GetBytes(changes)), Methods.Shipped, Now)
            .Select(p => $"{p.Pointer} {p.Code}").ShouldContain(fault);

    [Fact]
    public void One_incident_may_be_moved_recoded_and_reattributed()
    {
        var changes = new OverlayChanges(
            Move: [new Move("a", "2025-01-02")], Recode: [new Recode("a", Cameo: "172")], Reattribute: [new Reattribution("a", [new(ActorCode.Parse("RUS"), ActorCode.Parse("AZE"), 0.3)])]);

        OverlayRules.Check(changes, Methods.Shipped, Now).ShouldBeEmpty();
    }

    [Fact]
    public void There_are_not_more_than_five_hundred()
    {
        var changes = new OverlayChanges(Drop: [.. Enumerable.Range(0, 501).Select(i => $"i{i}")]);

        OverlayRules.Check(changes, Methods.Shipped, Now).Select(p => $"{p.Pointer} {p.Code}").ShouldBe(["/changes too-many"]);
    }
}
