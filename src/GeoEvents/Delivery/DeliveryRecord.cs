using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery;

[JsonConverter(typeof(KebabCaseEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>All attempts failed, or the receiver wants no more.</summary>
    GivenUp,

    /// <summary>Somebody enabled the subscription again and did not want it.</summary>
    Skipped,
}

/// <summary>Something to be delivered to one subscription.</summary>
/// <param name="Number">Within the subscription, in the order of going out.</param>
/// <param name="Item">Number in the feed.</param>
/// <param name="Type">Kind of the fact.</param>
/// <param name="Alert">Id of the alert that it is about.</param>
/// <param name="Message">webhook-id or Message-ID; the same in every attempt and replay.</param>
/// <param name="Batch">Message-ID of the digest that it went into; null if it goes by itself.</param>
/// <param name="Replay">Whether somebody asked for it again.</param>
/// <param name="Tries">Attempts since it last began to wait.</param>
/// <param name="Attempts">All attempts.</param>
public sealed record DeliveryRecord(
    long Number,
    long Item,
    string Type,
    string? Alert,
    string Message,
    string? Batch,
    bool Replay,
    DeliveryState State,
    [property: JsonIgnore] int Tries,
    int Attempts,
    DateTimeOffset PlannedAt,
    DateTimeOffset? SettledAt);

/// <summary>What came of one attempt.</summary>
/// <param name="No">1, 2, 3 … within the delivery.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">Of the HTTP answer, or the code of the SMTP reply; null if there was none.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
/// <param name="Answer">How the answer began, up to 1,000 characters.</param>
public sealed record Attempt(int No, DateTimeOffset At, int Milliseconds, int? Status, string? Error, string? Answer);

/// <summary>A delivery with every attempt, and the body that goes out.</summary>
public sealed record DeliveryView(
    DeliveryRecord Delivery, [property: KeepEmpty] IReadOnlyList<Attempt> Attempts, DateTimeOffset? NextAttempt, JsonElement? Body);

/// <summary>What an attempt came to, before it is on record.</summary>
/// <param name="Delivered">Whether the receiver took it.</param>
/// <param name="Gone">Whether the receiver wants nothing more.</param>
/// <param name="RetryAfter">How long the receiver asked us to wait; null if it did not.</param>
public sealed record AttemptResult(
    bool Delivered, int? Status = null, string? Error = null, string? Answer = null, bool Gone = false, TimeSpan? RetryAfter = null);

/// <summary>Deliveries of a range of the feed to be sent again.</summary>
/// <param name="From">First feed number.</param>
/// <param name="To">Last feed number; the last of the log if not said.</param>
public sealed record Replay(long? From = null, long? To = null);

/// <param name="Deliveries">How many were queued.</param>
public sealed record ReplayView(long From, long To, int Deliveries);
