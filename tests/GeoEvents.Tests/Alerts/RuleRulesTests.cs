using System.Text;
using System.Text.Json.Nodes;
using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Alerts;

public class RuleRulesTests
{
    /// <summary>Changes to a sound rule, each at a pointer, and what is wrong then.</summary>
    [Theory]
    [InlineData("""{"id":""}""", "/id required")]
    [InlineData("""{"id":"Crisis"}""", "/id malformed")]
    [InlineData("""{"id":"crisis-"}""", "/id malformed")]
    [InlineData("""{"id":"ready-made"}""", "/id malformed")]
    [InlineData("""{"filter":{"changes":["live","retraction"]}}""", "/filter/changes/1 contradiction")]
    [InlineData("""{"filter":{"changes":["retraction"]},"when":{"kind":"revision"}}""", "")]
    [InlineData("""{"budget":{}}""", "/budget/alertsPerWeek required")]
    [InlineData("""{"budget":{"alertsPerWeek":0.5}}""", "/budget/alertsPerWeek out-of-range")]
    [InlineData("""{"budget":{"alertsPerWeek":1}}""", "")]
    [InlineData("""{"holdHours":1e-300,"keepFiringHours":1e-9,"cooldownHours":0.0002,"maxAgeHours":0.0003}""",
        "/holdHours out-of-range, /keepFiringHours out-of-range, /cooldownHours out-of-range")]
    [InlineData("""{"title":" "}""", "/title required")]
    [InlineData("""{"title":"a\u0000b"}""", "/title control-character")]
    [InlineData("""{"description":"a\u001bb"}""", "/description control-character")]
    [InlineData("""{"scope":{}}""", "/scope required")]
    [InlineData("""{"scope":{"all":true,"dyads":["AZE-RUS"]}}""", "/scope contradiction")]
    [InlineData("""{"scope":{"actors":["AZE","AZE"]}}""", "/scope/actors/1 repeated")]
    [InlineData("""{"scope":{"dyads":["AZE-RUS","RUS-AZE"]}}""", "/scope/dyads/1 repeated")]
    [InlineData("""{"filter":{"types":["office-closed","nothing"]}}""", "/filter/types/1 unknown-type")]
    [InlineData("""{"filter":{"minCredibility":1.1,"minAttribution":-0.1}}""", "/filter/minCredibility out-of-range, /filter/minAttribution out-of-range")]
    [InlineData("""{"filter":{"changes":["live","live","backfill","method"]}}""", "/filter/changes/1 repeated, /filter/changes/2 contradiction, /filter/changes/3 contradiction")]
    [InlineData("""{"holdHours":-1,"keepFiringHours":8761,"cooldownHours":9000,"maxAgeHours":721}""",
        "/holdHours out-of-range, /keepFiringHours out-of-range, /cooldownHours out-of-range, /maxAgeHours out-of-range")]
    [InlineData("""{"budget":{"alertsPerWeek":-1}}""", "/budget/alertsPerWeek out-of-range")]
    [InlineData("""{"budget":{"alertsPerWeek":1e999}}""", "/budget/alertsPerWeek out-of-range")]
    [InlineData("""{"raises":[{"to":"warning","when":{"kind":"pressure"}}]}""", "/raises/0/to contradiction")]
    [InlineData("""{"severity":"info","raises":[{"to":"critical","when":{"kind":"pressure"}},{"to":"warning","when":{"kind":"pressure"}}]}""", "/raises/1/to contradiction")]
    [InlineData("""{"raises":[{"to":"critical"}]}""", "/raises/0/when required")]
    [InlineData("""{"raises":[{"to":"critical","when":{"kind":"posture-reaches","rung":0}}]}""", "/raises/0/when/rung out-of-range")]
    [InlineData("""{"when":null}""", "/when required")]
    [InlineData("""{"scope":{"actors":["AZE"]},"when":{"kind":"or","any":[{"kind":"pressure"},{"kind":"silence"}]}}""", "/when/any/1 contradiction")]
    [InlineData("""{"scope":{"all":true},"when":{"kind":"silence"}}""", "/when contradiction")]
    [InlineData("""{"when":{"kind":"not","not":{"kind":"measure-opened"}}}""", "/when/not momentary")]
    [InlineData("""{"when":{"kind":"not","not":{"kind":"and","all":[{"kind":"pressure"},{"kind":"revision"}]}}}""", "/when/not/all/1 momentary")]
    [InlineData("""{"when":{"kind":"not","not":{"kind":"then","first":{"kind":"revision"},"second":{"kind":"pressure"}}}}""", "")]
    [InlineData("""{"when":{"kind":"then","first":{"kind":"not","not":{"kind":"revision"}},"second":{"kind":"pressure"}}}""", "/when/first/not momentary")]
    [InlineData("""{"holdHours":6,"when":{"kind":"or","any":[{"kind":"pressure"},{"kind":"first"}]}}""", "/holdHours momentary")]
    [InlineData("""{"holdHours":6,"raises":[{"to":"critical","when":{"kind":"first"}}]}""", "")]
    public void What_is_wrong_is_named_by_its_place(string changes, string faults) => Faults(changes).ShouldBe(faults);

    [Theory]
    [InlineData("""{"kind":"threshold","above":40}""", "")]
    [InlineData("""{"kind":"silence","hours":1e-300}""", "/when/hours out-of-range")]
    [InlineData("""{"kind":"first","years":1e-9}""", "/when/years out-of-range")]
    [InlineData("""{"kind":"posture-jump","withinDays":1e-6}""", "/when/withinDays out-of-range")]
    [InlineData("""{"kind":"threshold","above":100.1}""", "/when/above out-of-range")]
    [InlineData("""{"kind":"threshold","above":50,"resolvesBelow":50.1}""", "/when/resolvesBelow contradiction")]
    [InlineData("""{"kind":"threshold","above":50,"resolvesBelow":-1}""", "/when/resolvesBelow out-of-range")]
    [InlineData("""{"kind":"rate-of-change","rise":0,"withinHours":8761}""", "/when/rise out-of-range, /when/withinHours out-of-range")]
    [InlineData("""{"kind":"rate-of-change","rise":1e999}""", "/when/rise out-of-range")]
    [InlineData("""{"kind":"pressure","above":1}""", "/when/above out-of-range")]
    [InlineData("""{"kind":"new-high","days":0,"floor":101}""", "/when/days out-of-range, /when/floor out-of-range")]
    [InlineData("""{"kind":"first","years":0,"minRung":10}""", "/when/years out-of-range, /when/minRung out-of-range")]
    [InlineData("""{"kind":"posture-jump","rungs":0,"withinDays":366}""", "/when/rungs out-of-range, /when/withinDays out-of-range")]
    [InlineData("""{"kind":"posture-reaches","rung":10}""", "/when/rung out-of-range")]
    [InlineData("""{"kind":"words-to-deeds","days":0,"priorDays":1096,"rise":1.1,"minIncidents":0}""",
        "/when/days out-of-range, /when/priorDays out-of-range, /when/rise out-of-range, /when/minIncidents out-of-range")]
    [InlineData("""{"kind":"tit-for-tat","withinDays":91,"length":1,"severity":21}""", "/when/withinDays out-of-range, /when/length out-of-range, /when/severity out-of-range")]
    [InlineData("""{"kind":"disproportionate-response","ratio":1,"withinDays":0}""", "/when/ratio out-of-range, /when/withinDays out-of-range")]
    [InlineData("""{"kind":"change-point","cap":0,"slack":-1,"threshold":0}""", "/when/cap out-of-range, /when/slack out-of-range, /when/threshold out-of-range")]
    [InlineData("""{"kind":"change-point","cap":1,"slack":1}""", "/when/slack contradiction")]
    [InlineData("""{"kind":"measure-opened","minRung":-1}""", "/when/minRung out-of-range")]
    [InlineData("""{"kind":"measure-overdue","minRung":10,"days":36501}""", "/when/minRung out-of-range, /when/days out-of-range")]
    [InlineData("""{"kind":"measure-closed","minRung":10}""", "/when/minRung out-of-range")]
    [InlineData("""{"kind":"posture-falls","rungs":10,"withinDays":0}""", "/when/rungs out-of-range, /when/withinDays out-of-range")]
    [InlineData("""{"kind":"tension-falls","by":0,"withinDays":0}""", "/when/by out-of-range, /when/withinDays out-of-range")]
    [InlineData("""{"kind":"silence","hours":0}""", "/when/hours out-of-range")]
    [InlineData("""{"kind":"revision","tensionBy":0,"deathsByPercent":0}""", "/when/tensionBy out-of-range, /when/deathsByPercent out-of-range")]
    [InlineData("""{"kind":"and","all":[]}""", "/when/all required")]
    [InlineData("""{"kind":"and"}""", "/when/all required")]
    [InlineData("""{"kind":"or"}""", "/when/any required")]
    [InlineData("""{"kind":"not"}""", "/when/not required")]
    [InlineData("""{"kind":"then","withinHours":0}""", "/when/first required, /when/second required, /when/withinHours out-of-range")]
    [InlineData("""{"kind":"and","all":[{"kind":"pressure"},{"kind":"or","any":[{"kind":"pressure"},{"kind":"pressure","above":0}]}]}""", "/when/all/1/any/1/above out-of-range")]
    public void Each_number_of_a_condition_has_its_range(string when, string faults) => Faults($$"""{"when":{{when}} }""").ShouldBe(faults);

    [Fact]
    public void A_rule_has_at_most_32_conditions_and_8_within_one_another()
    {
        const string One = """{"kind":"pressure"}""";
        Faults(When(AnyOf(31))).ShouldBe("");
        Faults(When(AnyOf(32))).ShouldBe("/when/any/31 too-many");
        Faults(When(Nested(8))).ShouldBe("");
        Faults(When(Nested(9))).ShouldBe("/when/not/not/not/not/not/not/not/not too-deep");

        static string When(string condition) => $$"""{"when":{{condition}} }""";

        static string AnyOf(int count) => $$"""{"kind":"or","any":[{{string.Join(',', Enumerable.Repeat(One, count))}}]}""";

        static string Nested(int depth) => depth == 1 ? One : $$"""{"kind":"not","not":{{Nested(depth - 1)}} }""";
    }

    /// <summary>What cannot be read as a rule at all, and what is said of it.</summary>
    [Theory]
    [InlineData("""{"when":{"above":60}}""", "/when/kind", "Say of which kind it is. There is: threshold, rate-of-change, pressure, ")]
    [InlineData("""{"when":{"kind":"thresold"}}""", "/when/kind", "There is no such kind. There is: threshold, ")]
    [InlineData("""{"when":{"kind":5}}""", "/when/kind", "There is no such kind. There is: ")]
    [InlineData("""{"when":{"kind":"and","all":[{"kind":"pressure"},{"kind":"xor"}]}}""", "/when/all/1/kind", "There is no such kind.")]
    [InlineData("""{"raises":[{"to":"critical","when":{"kind":"then","first":{}}}]}""", "/raises/0/when/first/kind", "Say of which kind it is.")]
    [InlineData("""{"when":{"kind":"threshold","abov":60}}""", "/when/abov", "There is no such field.")]
    [InlineData("""{"when":{"kind":"threshold","rung":5}}""", "/when/rung", "There is no such field.")]
    [InlineData("""{"when":{"above":60,"kind":"threshold","isOfAMoment":true}}""", "/when/isOfAMoment", "There is no such field.")]
    [InlineData("""{"when":{"kind":"threshold","above":"60"}}""", "/when/above", "The value does not fit this field.")]
    [InlineData("""{"when":{"kind":"and","all":[{"kind":"pressure"},{"kind":"threshold","above":true}]}}""", "/when/all/1/above", "The value does not fit this field.")]
    [InlineData("""{"when":{"kind":"threshold","of":"heat"}}""", "/when/of", "Not one of: tension, warmth.")]
    [InlineData("""{"when":{"kind":"and","all":{"kind":"pressure"}}}""", "/when/all", "The value does not fit this field.")]
    [InlineData("""{"when":{"kind":"and","all":[null]}}""", "/when/all/0", "A list holds no null.")]
    [InlineData("""{"when":{"kind":"threshold","above":60,"above":61}}""", "/when/above", "The field is given twice.")]
    [InlineData("""{"when":{"kind":"pressure","kind":"threshold"}}""", "/when/kind", "The field is given twice.")]
    [InlineData("""{"when":5}""", "/when", "The value does not fit this field.")]
    [InlineData("""{"scope":{"dyads":["AZE"]}}""", "/scope/dyads/0", "'AZE' is not a dyad such as AZE-RUS.")]
    [InlineData("""{"scope":{"dyads":["AZE-AZE"]}}""", "/scope/dyads/0", "'AZE-AZE' is not a dyad such as AZE-RUS.")]
    [InlineData("""{"scope":{"actors":["az"]}}""", "/scope/actors/0", "'az' is not an actor code such as RUS or NATO.")]
    [InlineData("""{"scope":null}""", "/scope", "The value does not fit this field.")]
    [InlineData("""{"severity":"fatal"}""", "/severity", "Not one of: info, warning, critical.")]
    [InlineData("""{"filter":{"changes":["news"]}}""", "/filter/changes/0", "Not one of: live, late, ")]
    public void What_cannot_be_read_is_named_by_its_place_in_a_sentence(string rule, string pointer, string detail)
    {
        var problem = Should.Throw<InvalidRequestException>(() => Parse(rule)).Problems.Single();
        problem.Detail.ShouldStartWith(detail);
        problem.Pointer.ShouldBe(pointer);
    }

    [Fact]
    public void Conditions_within_one_another_without_end_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"kind":"not","not":""", 40)) + """{"kind":"pressure"}""" + new string('}', 40);
        Should.Throw<InvalidRequestException>(() => Parse($$"""{"when":{{deep}} }""")).Problems.Single().Detail.ShouldBe("Nested too deeply: at most 32 levels.");
    }

    [Fact]
    public void A_rule_is_read_back_as_it_was_written()
    {
        foreach (var rule in ReadyMadeRules.All)
        {
            var json = System.Text.Json.JsonSerializer.Serialize(rule, GeoJson.Options);
            System.Text.Json.JsonSerializer.Serialize(Parse(json), GeoJson.Options).ShouldBe(json);
        }
    }

    private static AlertRule Parse(string json) => Body.Parse<AlertRule>(Encoding.UTF8.GetBytes(json));

    private static string Faults(string changes)
    {
        var rule = JsonNode.Parse("""{"id":"crisis","title":"Crisis","scope":{"dyads":["AZE-RUS"]},"when":{"kind":"threshold"}}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject().ToList())
        {
            rule[name] = value?.DeepClone();
        }

        var problems = RuleRules.Check(Parse(rule.ToJsonString())).ToList();
        problems.ShouldAllBe(p => p.Detail.EndsWith('.'));
        return string.Join(", ", problems.Select(p => $"{p.Pointer} {p.Code}"));
    }
}
