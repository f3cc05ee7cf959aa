using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <summary>An alert as the service shows it, by itself.</summary>
public record AlertView
{
    public AlertView(Alert alert)
    {
        (Id, Rule, RuleVersion, Dyad, State, Severity) = (alert.Id, alert.Rule, alert.Receipts[0].RuleVersion, alert.Dyad, alert.State, alert.Severity);
        (FiredAt, EndedAt, Silence, AcknowledgedBy, AcknowledgedAt) = (alert.FiredAt, alert.EndedAt, alert.Silence, alert.AcknowledgedBy, alert.AcknowledgedAt);
        (Assignee, Notes, Recalled, Amendments, Version) = (alert.Assignee, alert.Notes, alert.RecalledBy is not null, alert.Amendments.Length, alert.Version);
    }

    public string Id { get; }

    public string Rule { get; }

    /// <summary>The version of the rule that fired.</summary>
    public int RuleVersion { get; }

    public Dyad Dyad { get; }

    public AlertState State { get; }

    public Severity Severity { get; }

    public DateTimeOffset FiredAt { get; }

    /// <summary>When it was resolved or recalled; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; }

    /// <summary>Id of the silence that kept it from going out; null if none did.</summary>
    public string? Silence { get; }

    /// <summary>Who acknowledged it last; the history has all who did.</summary>
    public string? AcknowledgedBy { get; }

    public DateTimeOffset? AcknowledgedAt { get; }

    /// <summary>Who is to see to it; null if nobody is.</summary>
    public string? Assignee { get; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AlertNote> Notes { get; }

    /// <summary>Whether its reason was withdrawn.</summary>
    public bool Recalled { get; }

    /// <summary>How often a cause of it changed, and it stood.</summary>
    public int Amendments { get; }

    /// <summary>How many facts there are on it; the ETag.</summary>
    public long Version { get; }

    public static Answer Answer(string workspace, Alert alert) =>
        Answers.Of(StatusCodes.Status200OK, $"/api/v1/{workspace}/alerts/{alert.Id}", alert.Version, new AlertView(alert));
}

/// <summary>An alert in a list.</summary>
public sealed record AlertLine : AlertView
{
    public AlertLine(Alert alert, string title, string headline)
        : base(alert) => (Title, Headline) = (title, headline);

    /// <summary>Of the rule's version.</summary>
    public string Title { get; }

    /// <summary>What happened, in a sentence without its full stop.</summary>
    public string Headline { get; }
}

/// <summary>An incident that an alert rests on.</summary>
/// <param name="Position">Log position of the revision that counted.</param>
/// <param name="Weight">h + k that it added, in units of impulse.</param>
/// <param name="Share">Of the weight of all causes that are listed, 0 to 1.</param>
/// <param name="About">The incident as known at K.</param>
public sealed record CauseView(string Incident, long Position, double Weight, double Share, Reference About);

/// <summary>A fact about an incident of the relationship, recorded while the episode was open.</summary>
/// <param name="Kind">Stored name of the fact, such as <c>incident_logged</c>.</param>
/// <param name="Title">Of the incident as known at K.</param>
public sealed record EpisodeFact(long Position, DateTimeOffset RecordedAt, string? User, string Kind, ChangeClass Change, string Incident, string? Title);

/// <summary>An episode with all that belongs to it.</summary>
/// <param name="Sentence">What the rule's version says.</param>
/// <param name="Because">Why it was resolved; null if it was not.</param>
/// <param name="Receipts">What it fired on, then what each rise of its severity did.</param>
/// <param name="Causes">The incidents it rests on, the weightiest first.</param>
/// <param name="RecalledBy">What withdrew its reason; null if that stands.</param>
/// <param name="AmendedBy">What changed among its causes.</param>
/// <param name="Facts">What was recorded of its relationship from its opening to its end, the last first; at most 50. All of them are at …/facts.</param>
/// <param name="History">Every fact of the alert, oldest first.</param>
public sealed record EpisodeView(
    AlertLine Alert,
    string Sentence,
    Ending? Because,
    IReadOnlyList<Receipt> Receipts,
    [property: KeepEmpty] IReadOnlyList<CauseView> Causes,
    AlertRecalled? RecalledBy,
    IReadOnlyList<AlertAmended> AmendedBy,
    [property: KeepEmpty] IReadOnlyList<EpisodeFact> Facts,
    IReadOnlyList<StreamFact> History,
    LogPosition KnownAsOf,
    string Shown);

/// <summary>What an alert fired on as it was stored, and what was learned of it since.</summary>
/// <param name="Receipts">What it fired on, then what each rise of its severity did.</param>
/// <param name="RecalledBy">What withdrew its reason, with the values then and now; null if it stands.</param>
/// <param name="AmendedBy">What changed among its causes, with the values then and now.</param>
public sealed record ReceiptView(
    string Alert, string Rule, Dyad Dyad, AlertState State, IReadOnlyList<Receipt> Receipts, AlertRecalled? RecalledBy, IReadOnlyList<AlertAmended> AmendedBy, LogPosition KnownAsOf, string Shown);

/// <summary>Alerts that have something in common.</summary>
/// <param name="Key">What that is: a dyad, the id of a rule, a severity, or a day (UTC).</param>
/// <param name="Open">How many of them are firing.</param>
/// <param name="Worst">The worst severity among them.</param>
/// <param name="LastFiredAt">When the last of them fired.</param>
/// <param name="Last">Its id.</param>
public sealed record AlertGroup(string Key, long Alerts, long Open, Severity Worst, DateTimeOffset LastFiredAt, string Last);
