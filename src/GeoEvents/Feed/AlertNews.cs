using System.Globalization;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Feed;

/// <summary>Something about an alert that whoever follows a relationship or a rule is to know.</summary>
/// <param name="Number">Of the fact in the feed.</param>
/// <param name="Fact">What the engine decided: what people do about an alert is no news.</param>
/// <param name="Rule">Title of the rule's version that fired; its id if it has none.</param>
/// <param name="Before">Severity of the alert before it; null if it was not known.</param>
/// <param name="Titles">Of incidents, by stream, as they were called when it was recorded.</param>
public sealed record AlertNews(long Number, AlertEvent Fact, string Rule, DateTimeOffset RecordedAt, Severity? Before, IReadOnlyDictionary<Guid, string> Titles)
{
    private const int MostCauses = 5;

    /// <summary>In a line.</summary>
    public string Title => $"{Fact switch
    {
        AlertFired e => $"{e.Severity}",
        AlertSeverityRaised e => $"Now {Lower($"{e.To}")}",
        AlertResolved => "Resolved",
        AlertRecalled => "Recalled",
        AlertAmended e when e.Severity != Before => $"Amended, now {Lower($"{e.Severity}")}",
        _ => "Amended",
    }}: {Rule}, {Fact.Dyad}";

    /// <summary>Severity of the alert with that fact.</summary>
    public string Severity => Lower($"{Decision.Severity}");

    /// <summary>When it was so, which may be before it was recorded.</summary>
    public DateTimeOffset At => Decision.At;

    private IAlertDecision Decision => (IAlertDecision)Fact;

    /// <summary>In a few sentences.</summary>
    public string Text => $"{Names}, {At.UtcDateTime.ToString("d MMMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}. {Fact switch
    {
        AlertFired e => $"The alert was fired. {Rests(e.Receipt)}",
        AlertSeverityRaised e => $"The alert is {Lower($"{e.To}")} now, no longer {Lower($"{e.From}")}. {Rests(e.Receipt)}",
        AlertResolved { Because: Ending.RuleDisabled } => "The rule was disabled, so the alert ended.",
        AlertResolved e => $"The condition ceased to hold, so the alert ended. {Values(e.Values)}",
        AlertRecalled e => $"With what is known now it would not have been fired: {Because(e.Change, e.Incident, e.Stream)}. Then: {Values(e.Then)} Now: {Values(e.Now)}",
        AlertAmended e => $"It rests on an incident that has changed, and stands{SeverityNow.Of(e.Severity, Before)}: {Because(e.Change, e.Incident, e.Stream)}. Then: {Values(e.Then)} Now: {Values(e.Now)}",
        _ => "",
    }}".TrimEnd();

    private string Names => $"{NameOf(Fact.Dyad.First)} and {NameOf(Fact.Dyad.Second)}";

    private static string NameOf(ActorCode actor) => States.Find(actor)?.Name ?? actor.ToString();

    /// <summary>The incidents that the text names.</summary>
    public IEnumerable<Guid> Streams => Fact switch
    {
        AlertFired e => e.Receipt.Causes.Take(MostCauses).Select(c => c.Stream),
        AlertSeverityRaised e => e.Receipt.Causes.Take(MostCauses).Select(c => c.Stream),
        AlertRecalled e => [e.Stream],
        AlertAmended e => [e.Stream],
        _ => [],
    };

    private string Because(ChangeClass change, string incident, Guid stream) =>
        $"{KebabCaseEnumConverter.NameOf(change)} of {(Titles.TryGetValue(stream, out var title) ? $"“{title}” ({incident})" : $"incident {incident}")}";

    private string Rests(Receipt receipt) => $"{Values(receipt.Values)}{(receipt.Causes.Count == 0
        ? ""
        : $" It rests on {string.Join(", ", receipt.Causes.Take(MostCauses).Select(c => Titles.TryGetValue(c.Stream, out var title) ? $"“{title}”" : c.Incident))}{(receipt.Causes.Count > MostCauses ? $" and {receipt.Causes.Count - MostCauses} more" : "")}.")}";

    private static string Values(IReadOnlyDictionary<string, double> values) => values.Count == 0
        ? ""
        : $"{string.Join(", ", values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key} {v.Value.ToString("0.##", CultureInfo.InvariantCulture)}"))}.";

    private static string Lower(string severity) => severity.ToLowerInvariant();
}
