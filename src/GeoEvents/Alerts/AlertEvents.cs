using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts;

/// <summary>A fact in the stream of one episode. The engine decides some (<see cref="IAlertDecision"/>), people the others.</summary>
/// <param name="Alert">Id of the episode: rule, dyad and number, as in <c>crisis.AZE-RUS.3</c>.</param>
public abstract record AlertEvent(string Alert, string Rule, Dyad Dyad);

/// <summary>What the engine decided of an episode, in contrast to what people do about it.</summary>
public interface IAlertDecision
{
    /// <summary>When it counts, which may be before it was recorded.</summary>
    DateTimeOffset At { get; }

    /// <summary>Of the alert from then on.</summary>
    Severity Severity { get; }
}

/// <summary>An episode opened.</summary>
/// <param name="At">When; at a fact, the time it was recorded, else the computed instant. Not after the fact itself was recorded.</param>
/// <param name="Silence">Id of the silence that keeps it from going out; null if none.</param>
public sealed record AlertFired(string Alert, string Rule, Dyad Dyad, Severity Severity, DateTimeOffset At, Receipt Receipt, string? Silence = null)
    : AlertEvent(Alert, Rule, Dyad), IAlertDecision;

/// <summary>An open episode became more severe.</summary>
public sealed record AlertSeverityRaised(
    string Alert, string Rule, Dyad Dyad, Severity From, Severity To, DateTimeOffset At, Receipt Receipt, string? Silence = null) : AlertEvent(Alert, Rule, Dyad), IAlertDecision
{
    Severity IAlertDecision.Severity => To;
}

/// <summary>Why an episode ended.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Ending>))]
public enum Ending { ConditionCeased, RuleDisabled, RuleChanged }

/// <summary>An episode ended.</summary>
/// <param name="At">Computed: when the condition had ceased to hold for as long as the rule keeps firing.</param>
public sealed record AlertResolved(
    string Alert, string Rule, Dyad Dyad, Severity Severity, Ending Because, DateTimeOffset At, [property: KeepEmpty] IReadOnlyDictionary<string, double> Values, string? Silence = null)
    : AlertEvent(Alert, Rule, Dyad), IAlertDecision;

/// <summary>The reason of an alert was withdrawn: with what is known now of the incidents known then, it would not have fired.</summary>
/// <param name="Position">Of the fact that withdrew it.</param>
/// <param name="Change">Class of that fact.</param>
/// <param name="Incident">Id of the incident that it is of.</param>
/// <param name="Stream">Its stream in the store.</param>
/// <param name="Then">Values that it fired on.</param>
/// <param name="Now">The same values, at the same instant, as known now.</param>
/// <param name="WasOpen">Whether the episode was still open, and ends with this.</param>
public sealed record AlertRecalled(
    string Alert,
    string Rule,
    Dyad Dyad,
    Severity Severity,
    DateTimeOffset At,
    long Position,
    ChangeClass Change,
    string Incident,
    Guid Stream,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Then,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Now,
    bool WasOpen) : AlertEvent(Alert, Rule, Dyad), IAlertDecision;

/// <summary>An incident among the causes of an alert changed, by a fifth of what it added or more; the alert stands.</summary>
/// <remarks>For the rest see <see cref="AlertRecalled"/>.</remarks>
public sealed record AlertAmended(
    string Alert,
    string Rule,
    Dyad Dyad,
    Severity Severity,
    DateTimeOffset At,
    long Position,
    ChangeClass Change,
    string Incident,
    Guid Stream,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Then,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Now) : AlertEvent(Alert, Rule, Dyad), IAlertDecision;

/// <summary>Somebody has seen it.</summary>
/// <param name="By">Who, as the client said.</param>
public sealed record AlertAcknowledged(string Alert, string Rule, Dyad Dyad, string By, string? Note = null) : AlertEvent(Alert, Rule, Dyad);

/// <summary>Somebody is to see to it.</summary>
/// <param name="To">Null: nobody any more.</param>
public sealed record AlertAssigned(string Alert, string Rule, Dyad Dyad, string? To) : AlertEvent(Alert, Rule, Dyad);

/// <summary>Somebody says something about it.</summary>
/// <param name="By">Who, as the client said.</param>
public sealed record AlertAnnotated(string Alert, string Rule, Dyad Dyad, string By, string Text) : AlertEvent(Alert, Rule, Dyad);

/// <summary>What an alert fired on, complete: the rule's version computed anew from it gives the same values for ever.</summary>
/// <param name="RuleVersion">Version of the rule.</param>
/// <param name="Method">Id of the method.</param>
/// <param name="Position">K: the last log position that was known.</param>
/// <param name="At">V: the instant.</param>
/// <param name="Trigger">Stream of the incident whose fact at <paramref name="Position"/> opened it; null: time did.</param>
/// <param name="Held">Numbers of the conditions that had held up to that instant, of a rule that waits before it fires; null: the rule was inactive.</param>
/// <param name="Earlier">When the first condition of a sequence last held before that instant, by the number of the sequence in the rule; null without sequences.</param>
/// <param name="Values">What was computed, by condition and name.</param>
/// <param name="Causes">The incidents it rests on: those that a condition names, then those that add most to a level, each half a percent of it or more; at most 20.</param>
public sealed record Receipt(
    int RuleVersion,
    string Method,
    long Position,
    DateTimeOffset At,
    Guid? Trigger,
    IReadOnlyList<int>? Held,
    IReadOnlyDictionary<int, DateTimeOffset>? Earlier,
    [property: KeepEmpty] IReadOnlyDictionary<string, double> Values,
    [property: KeepEmpty] IReadOnlyList<AlertCause> Causes);

/// <summary>A revision of an incident that an alert rests on.</summary>
/// <param name="Incident">Its id.</param>
/// <param name="Stream">Its stream in the store.</param>
/// <param name="Position">Log position of the revision; 0 of an incident of another relationship.</param>
/// <param name="Weight">h + k that it adds at the instant, in units of impulse.</param>
public sealed record AlertCause(string Incident, Guid Stream, long Position, double Weight);
