using System.Globalization;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Feed;
using GeoEvents.Incidents;

namespace GeoEvents.Delivery;

/// <summary>What a message says in one sentence.</summary>
public static class Headlines
{
    /// <param name="rule">Title of the rule.</param>
    /// <param name="incident">Title of the incident that changed, if one did.</param>
    /// <param name="firedAt">When the alert fired.</param>
    /// <param name="before">Severity of the alert before it; null if it was not known.</param>
    public static string Of(AlertEvent fact, string rule, string? incident, DateTimeOffset firedAt, Severity? before) => fact switch
    {
        AlertFired e => $"{e.Dyad}: “{rule}” fired, {Name(e.Severity)}.",
        AlertSeverityRaised e => $"{e.Dyad}: “{rule}” became more severe, from {Name(e.From)} to {Name(e.To)}.",
        AlertResolved { Because: Ending.RuleDisabled } e => $"{e.Dyad}: “{rule}” is over, because the rule was disabled.",
        AlertResolved { Because: Ending.RuleChanged } e => $"{e.Dyad}: “{rule}” is over, because another version of the rule was enabled.",
        AlertResolved e => $"{e.Dyad}: “{rule}” is over; its condition has ceased to hold.",
        AlertRecalled e => $"{e.Dyad}: “{rule}” of {Moment(firedAt)} is recalled; with what is now known of {Incident(e.Incident, incident)} it would not have fired.",
        AlertAmended e => $"{e.Dyad}: “{rule}” of {Moment(firedAt)} stands, but {Incident(e.Incident, incident)} that it rests on has changed{SeverityNow.Of(e.Severity, before)}.",
        AlertAcknowledged e => $"{e.Dyad}: “{rule}” was acknowledged by {e.By}.",
        AlertAssigned { To: null } e => $"{e.Dyad}: “{rule}” is assigned to nobody any more.",
        AlertAssigned e => $"{e.Dyad}: “{rule}” was assigned to {e.To}.",
        AlertAnnotated e => $"{e.Dyad}: “{rule}” was annotated by {e.By}.",
        _ => $"{fact.Dyad}: “{rule}”.",
    };

    /// <summary>For facts that are not about an alert: <c>incident corrected: “Raid in Baku” (incident/baku-raid).</c></summary>
    /// <param name="title">Of what it is about; null if it has none.</param>
    public static string Of(string type, string subject, string? title) => $"{type.Replace('_', ' ')}: {(title is null ? subject : $"“{title}” ({subject})")}.";

    /// <summary>To the second, as people read it.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The change that a recall or an amendment is about.</summary>
    public static (string Incident, Guid Stream, ChangeClass Class, long Position, IReadOnlyDictionary<string, double> Then, IReadOnlyDictionary<string, double> Now)? ChangeOf(AlertEvent fact) => fact switch
    {
        AlertRecalled e => (e.Incident, e.Stream, e.Change, e.Position, e.Then, e.Now),
        AlertAmended e => (e.Incident, e.Stream, e.Change, e.Position, e.Then, e.Now),
        _ => null,
    };

    private static string Incident(string id, string? title) => title is null ? $"incident {id}" : $"“{title}” ({id})";

    private static string Name<T>(T value) where T : struct, Enum => KebabCaseEnumConverter.NameOf(value);
}
