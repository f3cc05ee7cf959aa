using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Feed;

/// <summary>A fact of a workspace's log as its subscribers get it. The feed is the log: nothing is numbered twice.</summary>
/// <param name="Number">Position in the log: 1, 2, 3 … without gaps.</param>
/// <param name="Type">Kind of the fact, as stored: <c>incident_logged</c>, <c>alert_fired</c>.</param>
/// <param name="Dyads">The relationships that it touches.</param>
/// <param name="Subject">The stream that it is of: <c>incident/baku-raid</c>, <c>alert/crisis.AZE-RUS.3</c>.</param>
/// <param name="Rule">Id of the rule, of a fact about an alert or a rule.</param>
/// <param name="User">Who recorded it; null for the service itself.</param>
/// <param name="Data">The fact.</param>
public sealed record FeedItem(
    long Number,
    string Type,
    DateTimeOffset RecordedAt,
    [property: KeepEmpty] IReadOnlyList<Dyad> Dyads,
    string Subject,
    string? Rule,
    string? User,
    JsonElement Data);
