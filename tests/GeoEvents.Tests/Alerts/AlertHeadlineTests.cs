using System.Text;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Alerts;

public class AlertHeadlineTests
{
    private static readonly DateTimeOffset At = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dyad Dyad = Dyad.Parse("AZE-RUS");

    [Theory]
    [InlineData("""{"kind":"threshold"}""", "tension=63.21", "Tension on AZE-RUS rose to 63.2, above 60")]
    [InlineData("""{"kind":"threshold"}""", "tension=60.01", "Tension on AZE-RUS rose to 60")]
    [InlineData("""{"kind":"threshold","of":"warmth","above":20,"resolvesBelow":10}""", "warmth=15", "Warmth on AZE-RUS is at 15")]
    [InlineData("""{"kind":"rate-of-change"}""", "rise=8.12", "Hostility on AZE-RUS rose by 8.1 within 3 days")]
    [InlineData("""{"kind":"pressure"}""", "pressure=7.33", "Hostility on AZE-RUS comes at 7.3 times its slow pace")]
    [InlineData("""{"kind":"new-high"}""", "tension=66.1 highestBefore=61", "Tension on AZE-RUS reached 66.1, the highest of the last 365 days")]
    [InlineData("""{"kind":"first","years":10}""", "rung=5", "An incident on AZE-RUS of rung 5 (rupture) is the first of its type in 10 years")]
    [InlineData("""{"kind":"first","of":"rung"}""", "rung=5", "An incident on AZE-RUS of rung 5 (rupture) is the first at its rung or above ever")]
    [InlineData("""{"kind":"posture-jump"}""", "rung=4 before=2", "The posture on AZE-RUS rose from rung 2 (formal-protest) to rung 4 (coercion) within 7 days")]
    [InlineData("""{"kind":"posture-reaches"}""", "rung=6", "The posture on AZE-RUS is at rung 6 (threat-of-force)")]
    [InlineData("""{"kind":"words-to-deeds"}""", "share=0.756 shareBefore=0.2", "The share of deeds in hostility on AZE-RUS rose from 20 % to 76 %")]
    [InlineData("""{"kind":"tit-for-tat"}""", "length=4 worst=7.2", "Hostile acts on AZE-RUS answer one another in 4 turns, the worst of severity 7.2")]
    [InlineData("""{"kind":"disproportionate-response"}""", "ratio=2.64", "An incident on AZE-RUS answers another with 2.6 times its severity")]
    [InlineData("""{"kind":"change-point"}""", "cusum=5.61", "The daily pace of hostility on AZE-RUS has shifted upwards (CUSUM 5.6)")]
    [InlineData("""{"kind":"measure-opened"}""", "rung=4", "A measure of rung 4 (coercion) was taken on AZE-RUS")]
    [InlineData("""{"kind":"measure-closed"}""", "rung=5", "A measure of rung 5 (rupture) was ended on AZE-RUS")]
    [InlineData("""{"kind":"measure-overdue"}""", "days=90.4 measures=1", "A measure of rung 4 (coercion) or above on AZE-RUS has been in force for 90 days")]
    [InlineData("""{"kind":"posture-falls"}""", "rung=3 before=4", "The posture on AZE-RUS fell from rung 4 (coercion) to rung 3 (diplomatic-retaliation) within 7 days")]
    [InlineData("""{"kind":"tension-falls"}""", "fall=25 before=80", "Tension on AZE-RUS fell from 80 to 55 within 30 days")]
    [InlineData("""{"kind":"silence"}""", "hours=48", "Nothing was recorded on AZE-RUS for 2 days")]
    [InlineData("""{"kind":"revision"}""", "tension=6.3 deaths=0 deathsBefore=0", "A change of the record on AZE-RUS moved tension by 6.3")]
    [InlineData("""{"kind":"revision"}""", "tension=0.1 deaths=5 deathsBefore=2", "A change of the record on AZE-RUS moved a death toll from 2 to 5")]
    [InlineData("""{"kind":"pressure"}""", "", "Crisis on AZE-RUS")]
    public void What_it_fired_on_is_said_with_its_values(string when, string values, string headline) =>
        AlertHeadline.Fired(Rule(when), Dyad, Receipt(values.Length == 0 ? "" : $"{Kind(when)}.{values.Replace(" ", $" {Kind(when)}.")}"), _ => null).ShouldBe(headline);

    [Theory]
    [InlineData("""{"kind":"and","all":[{"kind":"threshold"},{"kind":"pressure"}]}""", "threshold.tension=63 pressure.pressure=6", "Tension on AZE-RUS rose to 63, above 60 and hostility comes at 6 times its slow pace")]
    [InlineData("""{"kind":"or","any":[{"kind":"threshold"},{"kind":"pressure"}]}""", "threshold.tension=12 pressure.pressure=6", "Hostility on AZE-RUS comes at 6 times its slow pace")]
    [InlineData("""{"kind":"and","all":[{"kind":"pressure"},{"kind":"not","not":{"kind":"threshold"}}]}""", "pressure.pressure=6 threshold.tension=90", "Hostility on AZE-RUS comes at 6 times its slow pace")]
    [InlineData("""{"kind":"then","first":{"kind":"measure-opened"},"second":{"kind":"posture-reaches"}}""", "measure-opened.rung=4 posture-reaches.rung=5", "The posture on AZE-RUS is at rung 5 (rupture)")]
    [InlineData("""{"kind":"or","any":[{"kind":"threshold"},{"kind":"threshold","of":"warmth","above":20,"resolvesBelow":10}]}""", "threshold.tension=12 threshold#2.warmth=25", "Warmth on AZE-RUS rose to 25, above 20")]
    [InlineData("""{"kind":"or","any":[{"kind":"posture-reaches","rung":9},{"kind":"posture-reaches","rung":5}]}""", "posture-reaches.rung=6 posture-reaches#2.rung=6", "The posture on AZE-RUS is at rung 6 (threat-of-force)")]
    public void Of_a_combination_what_holds_is_said(string when, string values, string headline) => AlertHeadline.Fired(Rule(when), Dyad, Receipt(values), _ => null).ShouldBe(headline);

    [Fact]
    public void What_it_rests_on_is_named_with_its_share()
    {
        Fired(("raid", 6)).ShouldEndWith("; it rests on 'Raid in Yekaterinburg'");
        Fired(("raid", 6), ("note", 3)).ShouldEndWith("; it rests on 'Raid in Yekaterinburg' (67 %) and another");
        Fired(("raid", 4.1), ("a", 2), ("b", 2), ("c", 1.9)).ShouldEndWith("; it rests on 'Raid in Yekaterinburg' (41 %) and 3 others");
        Fired([("x", 1), .. Enumerable.Repeat(("y", 1.0), 19)]).ShouldEndWith("; it rests on incident x (5 %) and 19 or more others");

        static string Fired(params (string, double)[] causes) => AlertHeadline.Fired(Rule("""{"kind":"threshold"}"""), Dyad, Receipt("threshold.tension=63.2", causes), Title);
    }

    [Fact]
    public void What_happened_to_it_later_is_said_too()
    {
        var rule = Rule("""{"kind":"threshold"}""");
        var none = new Dictionary<string, double>();

        AlertHeadline.Raised(rule, Dyad, new AlertSeverityRaised("a", "crisis", Dyad, Severity.Warning, Severity.Critical, At, Receipt("posture-reaches.rung=6 tension=70", ("raid", 1))), Title)
            .ShouldBe("Critical now, after warning: the posture on AZE-RUS is at rung 6 (threat-of-force); it rests on 'Raid in Yekaterinburg'");
        AlertHeadline.Resolved(rule, new AlertResolved("a", "crisis", Dyad, Severity.Warning, Ending.ConditionCeased, At, none)).ShouldBe("Crisis on AZE-RUS is over: what it fired on ceased to hold");
        AlertHeadline.Resolved(rule, new AlertResolved("a", "crisis", Dyad, Severity.Warning, Ending.RuleDisabled, At, none)).ShouldBe("Crisis on AZE-RUS is over: the rule was disabled");
        AlertHeadline.Resolved(rule, new AlertResolved("a", "crisis", Dyad, Severity.Warning, Ending.RuleChanged, At, none)).ShouldBe("Crisis on AZE-RUS is over: another version of the rule watches now");
        AlertHeadline.Recalled(rule, new AlertRecalled("a", "crisis", Dyad, Severity.Warning, At, 9, ChangeClass.Retraction, "raid", Guid.Empty, none, none, true), Title)
            .ShouldBe("Crisis on AZE-RUS is recalled: with what is known now it would not have fired, since 'Raid in Yekaterinburg' was retracted");
        AlertHeadline.Amended(rule, new AlertAmended("a", "crisis", Dyad, Severity.Warning, At, 9, ChangeClass.Correction, "raid", Guid.Empty, none, none), Title)
            .ShouldBe("Crisis on AZE-RUS stands, but 'Raid in Yekaterinburg', which it rests on, was corrected");
    }

    [Fact]
    public void An_alert_is_told_of_by_the_last_rise_that_stands()
    {
        var rule = Rule("""{"kind":"threshold"}""");
        var none = new Dictionary<string, double>();
        var fired = After(null, new AlertFired("a", "crisis", Dyad, Severity.Warning, At, Receipt("threshold.tension=63.2")));
        var raised = After(fired, new AlertSeverityRaised("a", "crisis", Dyad, Severity.Warning, Severity.Critical, At, Receipt("posture-reaches.rung=6")));

        AlertHeadline.Of(rule, fired, Title).ShouldStartWith("Tension on AZE-RUS rose to 63.2");
        AlertHeadline.Of(rule, raised, Title).ShouldBe("Critical now, after warning: the posture on AZE-RUS is at rung 6 (threat-of-force)");
        AlertHeadline.Of(rule, Amended(Severity.Critical), Title).ShouldStartWith("Critical now");
        AlertHeadline.Of(rule, Amended(Severity.Warning), Title).ShouldStartWith("Tension on AZE-RUS rose to 63.2");

        Alert Amended(Severity to) => After(raised, new AlertAmended("a", "crisis", Dyad, to, At, 9, ChangeClass.Correction, "raid", Guid.Empty, none, none));

        static Alert After(Alert? before, AlertEvent fact) => Alert.After(before, fact, At, 9);
    }

    private static string Kind(string when) => System.Text.Json.JsonDocument.Parse(when).RootElement.GetProperty("kind").GetString()!;

    private static string? Title(string incident) => incident == "raid" ? "Raid in Yekaterinburg" : null;

    private static AlertRule Rule(string when) => Body.Parse<AlertRule>(Encoding.UTF8.GetBytes(
        $$"""{"id":"crisis","title":"Crisis","scope":{"dyads":["AZE-RUS"]},"when":{{when}},"raises":[{"to":"critical","when":{"kind":"posture-reaches"} }]}"""));

    private static Receipt Receipt(string values, params (string Incident, double Weight)[] causes) => new(
        1,
        "2026.1",
        10,
        At,
        Trigger: null,
        Held: null,
        Earlier: null,
        values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => double.Parse(v[1], System.Globalization.CultureInfo.InvariantCulture)),
        [.. causes.Select(c => new AlertCause(c.Incident, Guid.Empty, 1, c.Weight))]);
}
