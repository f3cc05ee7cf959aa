using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

[JsonConverter(typeof(KebabCaseEnumConverter<AlertState>))]
public enum AlertState { Firing, Resolved, Recalled }

/// <summary>An episode: one firing of one rule on one relationship, from opening to resolution or recall.</summary>
/// <param name="Version">How many facts there are on it; the ETag.</param>
/// <param name="EndedAt">When it was resolved or recalled; null while it is open.</param>
/// <param name="RecalledBy">The last recall; null if its reason stands.</param>
/// <param name="Receipts">What it fired on, then what each rise of its severity did.</param>
public sealed record Alert(
    string Id,
    string Rule,
    Dyad Dyad,
    long Version,
    AlertState State,
    Severity Severity,
    DateTimeOffset FiredAt,
    LogPosition FiredAtPosition,
    DateTimeOffset? EndedAt,
    string? Silence,
    ImmutableArray<Receipt> Receipts,
    AlertRecalled? RecalledBy,
    ImmutableArray<AlertAmended> Amendments,
    string? AcknowledgedBy,
    DateTimeOffset? AcknowledgedAt,
    string? Assignee,
    ImmutableArray<AlertNote> Notes)
{
    /// <summary>The last rise of its severity, while that stands; null if there was none.</summary>
    public AlertSeverityRaised? Raised { get; init; }

    /// <summary>When the last of the engine's decisions counts.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    public static Alert After(Alert? before, AlertEvent fact, DateTimeOffset recordedAt, long position) => (before, fact) switch
    {
        (null, AlertFired e) => new Alert(
            e.Alert, e.Rule, e.Dyad, 1, AlertState.Firing, e.Severity, e.At, new LogPosition(position, recordedAt), null, e.Silence, [e.Receipt], null, [], null, null, null, [])
        {
            DecidedAt = e.At,
        },
        (null, _) => throw new InvalidOperationException($"{fact.GetType().Name} comes before its alert."),
        ({ } alert, _) => alert.With(fact, recordedAt) with { Version = alert.Version + 1, DecidedAt = (fact as IAlertDecision)?.At ?? alert.DecidedAt },
    };

    /// <returns>Nothing when it is acknowledged by them already and they say nothing new.</returns>
    public IEnumerable<AlertEvent> Acknowledge(string by, string? note) =>
        AcknowledgedBy == by && (note is null || SaidLast(by, note)) ? [] : [new AlertAcknowledged(Id, Rule, Dyad, by, note)];

    /// <returns>Nothing when it is theirs already.</returns>
    public IEnumerable<AlertEvent> Assign(string? to) => Assignee == to ? [] : [new AlertAssigned(Id, Rule, Dyad, to)];

    /// <returns>Nothing when that is what they said last.</returns>
    public IEnumerable<AlertEvent> Annotate(string by, string text) => SaidLast(by, text) ? [] : [new AlertAnnotated(Id, Rule, Dyad, by, text)];

    private bool SaidLast(string by, string text) => Notes.LastOrDefault(n => n.By == by)?.Text == text;

    private Alert With(AlertEvent fact, DateTimeOffset recordedAt) => fact switch
    {
        AlertSeverityRaised e => this with { Severity = e.To, Raised = e, Receipts = Receipts.Add(e.Receipt) },
        AlertResolved e => this with { State = AlertState.Resolved, EndedAt = e.At },
        AlertRecalled e => this with { State = AlertState.Recalled, EndedAt = EndedAt ?? e.At, RecalledBy = e },
        AlertAmended e => this with { Severity = e.Severity, Raised = Raised?.To == e.Severity ? Raised : null, Amendments = Amendments.Add(e) },
        AlertAcknowledged e => this with { AcknowledgedBy = e.By, AcknowledgedAt = recordedAt, Notes = e.Note is null ? Notes : Notes.Add(new AlertNote(e.Note, e.By, recordedAt)) },
        AlertAssigned e => this with { Assignee = e.To },
        AlertAnnotated e => this with { Notes = Notes.Add(new AlertNote(e.Text, e.By, recordedAt)) },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not a fact about an open alert."),
    };
}

/// <param name="By">Who wrote it, as the client said.</param>
public sealed record AlertNote(string Text, string By, DateTimeOffset At);
