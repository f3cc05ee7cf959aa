using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Delivery;

/// <summary>What a message says, in itself enough to act on. The same fact gives the same content for ever, as things were known when it was recorded.</summary>
/// <param name="Number">In the feed.</param>
/// <param name="Headline">One sentence for people.</param>
/// <param name="From">Severity before it rose.</param>
/// <param name="Because">Why an episode ended.</param>
/// <param name="At">The instant that it is about: when it fired, ended, was recalled.</param>
/// <param name="Values">What was computed, by condition and name.</param>
/// <param name="Then">Values that it fired on, where they changed.</param>
/// <param name="Now">The same values as known when this was recorded.</param>
/// <param name="Change">What changed them.</param>
/// <param name="Causes">The incidents that the alert rests on, the weightiest first.</param>
/// <param name="Fact">The fact itself, if it is not about an alert.</param>
/// <param name="LeftOut">Fields that were shortened or left out because the message would be too large; the links have all.</param>
/// <param name="References">Earlier messages of the same alert that this subscription got.</param>
/// <param name="Replay">True if somebody asked for it again.</param>
public sealed record DeliveryContent(
    string Workspace,
    long Number,
    string Type,
    string Subject,
    DateTimeOffset RecordedAt,
    string Headline,
    string? Alert,
    RuleReference? Rule,
    [property: KeepEmpty] IReadOnlyList<Dyad> Dyads,
    Severity? Severity,
    Severity? From,
    Ending? Because,
    DateTimeOffset? At,
    IReadOnlyDictionary<string, double>? Values,
    IReadOnlyDictionary<string, double>? Then,
    IReadOnlyDictionary<string, double>? Now,
    ChangeReference? Change,
    IReadOnlyList<CauseReference>? Causes,
    JsonElement? Fact,
    ContentLinks Links,
    IReadOnlyList<string>? LeftOut = null,
    IReadOnlyList<MessageReference>? References = null,
    bool? Replay = null);

public sealed record RuleReference(string Id, string? Title, int? Version);

/// <param name="Incident">Id of the incident that changed.</param>
/// <param name="Position">Log position of the fact that changed it.</param>
public sealed record ChangeReference(string Incident, string? Title, ChangeClass Change, long Position);

/// <param name="Weight">What it adds, in units of impulse.</param>
public sealed record CauseReference(string Incident, string? Title, long Position, double Weight);

/// <summary>Where there is more.</summary>
public sealed record ContentLinks(string? Alert, string? Receipt, string Feed);

/// <param name="Message">webhook-id or Message-ID.</param>
/// <param name="Number">In the feed.</param>
public sealed record MessageReference(string Message, long Number, string Type);
