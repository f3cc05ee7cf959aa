using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts;

/// <summary>What happened to an alert, in one sentence without its full stop: "Tension on AZE-RUS rose to 63.2, above 60; it rests on 'Raid in Yekaterinburg' (41 %) and 7 others".</summary>
/// <remarks>Made of the rule's version and what was recorded, so that it says the same wherever it is shown.</remarks>
public static class AlertHeadline
{
    /// <summary>So many causes are kept at most; there may have been more.</summary>
    public const int MostCauses = 20;

    /// <summary>The last that fired: its opening, or a rise of its severity that stands.</summary>
    public static string Of(AlertRule rule, Alert alert, Func<string, string?> titleOf) =>
        alert.Raised is { } raised ? Raised(rule, alert.Dyad, raised, titleOf) : Fired(rule, alert.Dyad, alert.Receipts[0], titleOf);

    /// <param name="rule">The version that fired.</param>
    /// <param name="titleOf">Title of an incident by its id; null if it is not known.</param>
    public static string Fired(AlertRule rule, Dyad dyad, Receipt receipt, Func<string, string?> titleOf) =>
        $"{What(rule, dyad, receipt, "/when")}{RestsOn(receipt, titleOf)}";

    public static string Raised(AlertRule rule, Dyad dyad, AlertSeverityRaised fact, Func<string, string?> titleOf) =>
        $"{Capital(KebabCaseEnumConverter.NameOf(fact.To))} now, after {KebabCaseEnumConverter.NameOf(fact.From)}: {Uncapital(What(rule, dyad, fact.Receipt, "/raises"))}{RestsOn(fact.Receipt, titleOf)}";

    public static string Resolved(AlertRule rule, AlertResolved fact) =>
        $"{rule.Title} on {fact.Dyad} is over: {fact.Because switch { Ending.RuleDisabled => "the rule was disabled", Ending.RuleChanged => "another version of the rule watches now", _ => "what it fired on ceased to hold" }}";

    public static string Recalled(AlertRule rule, AlertRecalled fact, Func<string, string?> titleOf) =>
        $"{rule.Title} on {fact.Dyad} is recalled: with what is known now it would not have fired, since {Named(fact.Incident, titleOf)} {Changed(fact.Change)}";

    public static string Amended(AlertRule rule, AlertAmended fact, Func<string, string?> titleOf) =>
        $"{rule.Title} on {fact.Dyad} stands, but {Named(fact.Incident, titleOf)}, which it rests on, {Changed(fact.Change)}";

    private static string What(AlertRule rule, Dyad dyad, Receipt receipt, string part)
    {
        var clauses = AlertWords.Of(PlacedCondition.AllOf(rule).Where(c => c.Pointer.StartsWith(part, StringComparison.Ordinal)), receipt.Values, $" on {dyad}");
        return clauses.Count == 0 ? $"{rule.Title} on {dyad}" : Capital(ConditionWords.List(clauses, "and"));
    }

    private static string RestsOn(Receipt receipt, Func<string, string?> titleOf)
    {
        if (receipt.Causes.Count == 0)
        {
            return "";
        }

        var all = receipt.Causes.Sum(c => c.Weight);
        var share = all > 0 && receipt.Causes.Count > 1 ? $" ({ConditionWords.Number(Math.Round(100 * receipt.Causes[0].Weight / all))} %)" : "";
        var others = receipt.Causes.Count - 1;
        var rest = others switch
        {
            0 => "",
            1 => " and another",
            _ => $" and {others}{(receipt.Causes.Count == MostCauses ? " or more" : "")} others",
        };
        return $"; it rests on {Named(receipt.Causes[0].Incident, titleOf)}{share}{rest}";
    }

    private static string Named(string incident, Func<string, string?> titleOf) => titleOf(incident) is { } title ? $"'{title}'" : $"incident {incident}";

    private static string Changed(ChangeClass change) => change switch
    {
        ChangeClass.Correction => "was corrected",
        ChangeClass.Retraction => "was retracted",
        ChangeClass.Reinstatement => "was reinstated",
        ChangeClass.Merge => "was merged",
        ChangeClass.Split => "was split",
        _ => "changed",
    };

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    private static string Uncapital(string text) => $"{char.ToLowerInvariant(text[0])}{text[1..]}";
}
