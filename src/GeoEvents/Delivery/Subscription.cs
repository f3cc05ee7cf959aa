using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Delivery.Email;

namespace GeoEvents.Delivery;

[JsonConverter(typeof(KebabCaseEnumConverter<SubscriptionState>))]
public enum SubscriptionState { Active, Disabled }

/// <summary>Why a subscription is disabled.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<DisabledBecause>))]
public enum DisabledBecause
{
    /// <summary>Somebody disabled it.</summary>
    User,

    /// <summary>Its receiver answered 410: it does not want to hear from us again.</summary>
    Gone,

    /// <summary>All attempts of a delivery failed.</summary>
    GaveUp,
}

/// <summary>Which facts a subscription is about. What is empty or absent does not narrow it.</summary>
/// <param name="Dyads">Facts that touch one of these relationships.</param>
/// <param name="Rules">Alerts of one of these rules.</param>
/// <param name="Types">Kinds of facts; empty stands for alerts that fire or become more severe. Who got an alert gets what becomes of it, whatever stands here.</param>
/// <param name="MinSeverity">Alerts of at least this severity.</param>
public sealed record SubscriptionFilter(
    IReadOnlyList<Dyad>? Dyads = null, IReadOnlyList<string>? Rules = null, IReadOnlyList<string>? Types = null, Severity? MinSeverity = null)
{
    public static readonly SubscriptionFilter None = new();
}

/// <param name="Url">Where to it is posted; https, unless http is allowed by configuration.</param>
public sealed record WebhookChannel(string Url = "");

/// <summary>What somebody asks for: one channel, and what of.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="Webhook">Or <paramref name="Email"/>: one of the two, which stays what it is.</param>
public sealed record SubscriptionContent(string? Title = null, WebhookChannel? Webhook = null, EmailChannel? Email = null, SubscriptionFilter? Filter = null);

/// <summary>A subscription as a client asks for it.</summary>
/// <param name="Id">1 to 64 lower-case letters, digits and hyphens; made by the service if not said.</param>
/// <param name="After">Feed number after which it begins; if not said, with what is recorded from now on.</param>
public sealed record SubscriptionDraft(
    string? Id = null, string? Title = null, WebhookChannel? Webhook = null, EmailChannel? Email = null, SubscriptionFilter? Filter = null, long? After = null)
{
    [JsonIgnore]
    public SubscriptionContent Content => new(Title, Webhook, Email, Filter);
}

/// <summary>A subscription as it stands.</summary>
/// <param name="Version">The ETag.</param>
/// <param name="Because">Why it is disabled; null while it is active.</param>
/// <param name="Since">When it came to its state.</param>
/// <param name="Position">Feed number up to which it has nothing to do with facts.</param>
/// <param name="DueAt">When the next attempt is due; null if nothing waits.</param>
public sealed record Subscription(
    string Id,
    long Version,
    SubscriptionContent Content,
    SubscriptionState State,
    DisabledBecause? Because,
    string? Detail,
    DateTimeOffset Since,
    long Position,
    string User,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DueAt)
{
    public SubscriptionFilter Filter => Content.Filter ?? SubscriptionFilter.None;
}

/// <summary>A subscription as clients see it.</summary>
/// <param name="Secret">What its webhooks are signed with; shown once, when it was made.</param>
/// <param name="Waiting">Deliveries that have not gone out yet.</param>
/// <param name="Disabled">Why it is disabled.</param>
public sealed record SubscriptionView(
    string Id,
    long Version,
    string? Title,
    WebhookChannel? Webhook,
    EmailChannel? Email,
    SubscriptionFilter? Filter,
    SubscriptionState State,
    DisablingView? Disabled,
    long Waiting,
    DateTimeOffset? NextAttempt,
    string User,
    DateTimeOffset CreatedAt,
    string? Secret = null)
{
    public static SubscriptionView Of(Subscription s, long waiting, string? secret = null) => new(
        s.Id, s.Version, s.Content.Title, s.Content.Webhook, s.Content.Email, s.Content.Filter, s.State,
        s.Because is { } because ? new DisablingView(because, s.Detail, s.Since) : null,
        waiting, s.State == SubscriptionState.Active && waiting > 0 ? s.DueAt : null, s.User, s.CreatedAt, secret);
}

/// <param name="Detail">What the receiver said, or the last error.</param>
public sealed record DisablingView(DisabledBecause Because, string? Detail, DateTimeOffset Since);

/// <summary>Enabling a subscription again.</summary>
/// <param name="Missed">What becomes of that which waited and of that which was recorded meanwhile; <c>send</c> if not said.</param>
public sealed record Enabling(Missed Missed = Missed.Send);

[JsonConverter(typeof(KebabCaseEnumConverter<Missed>))]
public enum Missed { Send, Skip }

/// <summary>A new secret.</summary>
/// <param name="KeepOldHours">For how long the one before stays valid, and both sign; 0 to 168, 24 if not said. 0 ends all old ones at once.</param>
public sealed record Rotation(double? KeepOldHours = null);

/// <param name="OldValidUntil">Until then the one before signs as well.</param>
public sealed record RotatedSecret(string Secret, DateTimeOffset OldValidUntil);
