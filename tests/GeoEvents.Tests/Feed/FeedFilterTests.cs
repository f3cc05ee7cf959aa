using System.Reflection;
using GeoEvents.Coding;
using GeoEvents.Feed;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Tests.Feed;

public class FeedFilterTests
{
    [Theory]
    [InlineData("", "", "", true)]
    [InlineData("AZE-RUS", "", "", true)]
    [InlineData("ARM-TUR AZE-RUS", "", "", true)]
    [InlineData("ARM-TUR", "", "", false)]
    [InlineData("", "alert_fired", "", true)]
    [InlineData("", "alert_resolved incident_logged", "", false)]
    [InlineData("", "", "crisis other", true)]
    [InlineData("", "", "other", false)]
    [InlineData("AZE-RUS", "alert_fired", "crisis", true)]
    [InlineData("ARM-TUR", "alert_fired", "crisis", false)]
    [InlineData("AZE-RUS", "alert_fired", "other", false)]
    public void An_item_passes_if_it_has_one_of_each_list(string dyads, string types, string rules, bool passes)
    {
        var filter = FeedFilter.Of(Words(dyads).Select(Dyad.Parse), Words(types), Words(rules));
        filter.Passes(Item("alert_fired", "crisis")).ShouldBe(passes);
        if (passes)
        {
            filter.MayBeOf("alert_fired").ShouldBeTrue("else it would not be read");
        }
    }

    [Fact]
    public void What_is_about_no_rule_passes_no_filter_by_rule()
    {
        var filter = FeedFilter.Of([], [], ["crisis"]);
        filter.Passes(Item("incident_logged", null)).ShouldBeFalse();
        (filter.MayBeOf("incident_logged"), filter.MayBeOf("alert_rule_enabled"), filter.MayBeOf("alert_annotated")).ShouldBe((false, true, true));
    }

    [Fact]
    public void Every_fact_of_an_incident_names_its_relationships()
    {
        foreach (var type in FactTypes.ByName.Values.Where(t => t.IsAssignableTo(typeof(IncidentEvent)) && t != typeof(IncidentLogged)))
        {
            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single(c => c.GetParameters().Length > 0);
            Dyad[] dyads = [Dyad.Parse("AZE-RUS"), Dyad.Parse("ARM-TUR")];
            var fact = constructor.Invoke([.. constructor.GetParameters().Select(p => p.Name == "Dyads" ? dyads : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null)]);
            FeedFacts.DyadsOf(fact).ShouldBe(dyads, type.Name);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static FeedItem Item(string type, string? rule) => new(1, type, DateTimeOffset.UnixEpoch, [Dyad.Parse("AZE-RUS")], "alert/x", rule, null, default);
}
