using System.Text;
using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Alerts;

public class RuleSentenceTests
{
    [Theory]
    [InlineData("""{"kind":"threshold"}""", "tension on AZE-RUS rises to 60 or above, until it falls below 45")]
    [InlineData("""{"kind":"threshold","of":"warmth","above":20.5,"resolvesBelow":20.5}""", "warmth on AZE-RUS is at 20.5 or above")]
    [InlineData("""{"kind":"threshold","above":59.9999}""", "tension on AZE-RUS rises to 59.9999 or above, until it falls below 44.999925")]
    [InlineData("""{"kind":"threshold","above":40}""", "tension on AZE-RUS rises to 40 or above, until it falls below 30")]
    [InlineData("""{"kind":"rate-of-change","rise":1e-300}""", "hostility on AZE-RUS rises by 1E-300 or more within 3 days")]
    [InlineData("""{"kind":"rate-of-change"}""", "hostility on AZE-RUS rises by 6 or more within 3 days")]
    [InlineData("""{"kind":"rate-of-change","rise":4,"withinHours":36}""", "hostility on AZE-RUS rises by 4 or more within 36 hours")]
    [InlineData("""{"kind":"pressure"}""", "hostility on AZE-RUS comes at 5 times its slow pace or more")]
    [InlineData("""{"kind":"new-high"}""", "tension on AZE-RUS is higher than on any of the last 365 days, and 25 or above")]
    [InlineData("""{"kind":"first"}""", "an incident on AZE-RUS is the first of its type by one side, at rung 3 (diplomatic-retaliation) or above, ever. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"first","of":"rung","years":1,"minRung":5,"direction":false}""", "an incident on AZE-RUS is the first at its rung or above by either side, from rung 5 (rupture) on, in 1 year. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"posture-jump"}""", "the posture on AZE-RUS rises by 2 rungs or more within 7 days")]
    [InlineData("""{"kind":"posture-reaches"}""", "the posture on AZE-RUS is at rung 5 (rupture) or above")]
    [InlineData("""{"kind":"words-to-deeds"}""", "the share of deeds in hostility on AZE-RUS over 14 days exceeds that of the 90 days before by 40 points or more, on 3 incidents or more in each")]
    [InlineData("""{"kind":"tit-for-tat"}""", "hostile acts on AZE-RUS answer one another in 3 turns or more within 7 days, the worst of severity 6 or more")]
    [InlineData("""{"kind":"disproportionate-response"}""", "an incident on AZE-RUS answers another within 7 days with 2 times its severity or more. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"change-point"}""", "the daily pace of hostility on AZE-RUS has shifted upwards (CUSUM of 5 or more, slack 0.5, z capped at 3)")]
    [InlineData("""{"kind":"measure-opened"}""", "a measure of rung 4 (coercion) or above is taken on AZE-RUS. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"measure-overdue"}""", "a measure of rung 4 (coercion) or above on AZE-RUS has been in force for more than 90 days")]
    [InlineData("""{"kind":"measure-closed"}""", "a measure of rung 4 (coercion) or above is ended on AZE-RUS. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"posture-falls"}""", "the posture on AZE-RUS falls by 1 rung or more within 7 days")]
    [InlineData("""{"kind":"tension-falls"}""", "tension on AZE-RUS falls by 20 or more within 30 days")]
    [InlineData("""{"kind":"silence"}""", "nothing is recorded on AZE-RUS for 2 days, neither incident nor check")]
    [InlineData("""{"kind":"revision"}""", "a change of the record on AZE-RUS moves tension by 5 or more, or a death toll by 20 % or more. An episode stays open for 24 hours after that")]
    [InlineData("""{"kind":"and","all":[{"kind":"pressure"}]}""", "hostility on AZE-RUS comes at 5 times its slow pace or more")]
    [InlineData("""{"kind":"and","all":[{"kind":"threshold"},{"kind":"pressure"}]}""", "on AZE-RUS, both tension is at 60 or above (until it falls below 45) and hostility comes at 5 times its slow pace or more")]
    [InlineData(
        """{"kind":"or","any":[{"kind":"pressure"},{"kind":"and","all":[{"kind":"posture-reaches"},{"kind":"rate-of-change"}]}]}""",
        "on AZE-RUS, either hostility comes at 5 times its slow pace or more or (both the posture is at rung 5 (rupture) or above and hostility rises by 6 or more within 3 days)")]
    [InlineData(
        """{"kind":"or","any":[{"kind":"posture-falls"},{"kind":"tension-falls"},{"kind":"new-high","of":"warmth"}]}""",
        "on AZE-RUS, any of (1) the posture falls by 1 rung or more within 7 days, (2) tension falls by 20 or more within 30 days or (3) (warmth is higher than on any of the last 365 days, and 25 or above)")]
    [InlineData("""{"kind":"not","not":{"kind":"silence"}}""", "on AZE-RUS, it is not so that (nothing is recorded for 2 days, neither incident nor check)")]
    [InlineData(
        """{"kind":"then","first":{"kind":"measure-opened"},"second":{"kind":"posture-reaches","rung":6},"withinHours":336}""",
        "on AZE-RUS, first a measure of rung 4 (coercion) or above is taken, and then within 14 days the posture is at rung 6 (threat-of-force) or above")]
    public void A_condition_reads_as_a_clause(string when, string clause) => Sentence($$"""{"scope":{"dyads":["AZE-RUS"]},"when":{{when}} }""").ShouldBe($"Warns when{(clause.StartsWith("on ", StringComparison.Ordinal) ? "," : "")} {clause}.");

    [Fact]
    public void All_that_a_rule_says_is_in_its_sentence() => Sentence(
        """
        {
          "scope": {"dyads": ["AZE-RUS"]}, "filter": {"minCredibility": 0.6}, "when": {"kind": "threshold"}, "raises": [{"to": "critical", "when": {"kind": "posture-reaches"}}],
          "cooldownHours": 24, "budget": {"alertsPerWeek": 3}
        }
        """).ShouldBe(
        "Warns when tension on AZE-RUS rises to 60 or above, until it falls below 45; critical from rung 5 (rupture) on. "
        + "Only facts of credibility 0.6 or more; silent for 24 hours after each episode. It is meant to send at most 3 alerts a week.");

    [Fact]
    public void What_keeps_it_from_firing_comes_after_it() => Sentence(
        """
        {
          "scope": {"dyads": ["ARM-AZE", "AZE-RUS"], "actors": ["TUR", "USA"]}, "when": {"kind": "posture-jump"}, "severity": "info",
          "filter": {"types": ["office-closed", "diplomats-expelled"], "minAttribution": 0.5, "changes": ["live", "late", "correction"]},
          "raises": [{"to": "warning", "when": {"kind": "pressure"}}, {"to": "critical", "when": {"kind": "threshold", "above": 80, "resolvesBelow": 75}}],
          "holdHours": 6, "keepFiringHours": 12, "maxAgeHours": 24, "budget": {"alertsPerWeek": 1}
        }
        """).ShouldBe(
        "Informs when the posture on ARM-AZE, AZE-RUS or any relationship of TUR or USA rises by 2 rungs or more within 7 days; "
        + "warning once hostility comes at 5 times its slow pace or more; critical once tension rises to 80 or above, until it falls below 75. "
        + "Only if it holds for 6 hours on end; only facts of class live, late or correction, of type office-closed or diplomats-expelled and of attribution 0.5 or more; "
        + "no incident older than 24 hours when it is recorded; an episode stays open for 12 hours after it ceased to hold. It is meant to send at most 1 alert a week.");

    [Fact]
    public void A_rule_may_watch_everything() =>
        Sentence("""{"scope":{"all":true},"when":{"kind":"posture-reaches","rung":9},"severity":"critical"}""").ShouldBe("Alerts as critical when the posture on any relationship is at rung 9 (war) or above.");

    private static string Sentence(string rule) => RuleSentence.Of(Body.Parse<AlertRule>(Encoding.UTF8.GetBytes(rule)));
}
