using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery.Webhooks;

/// <summary>The body of a webhook: a CloudEvents 1.0 event in structured JSON, never larger than <see cref="Most"/>.</summary>
/// <param name="Id">Number in the feed; with <paramref name="Source"/> it names the event, whoever gets it.</param>
/// <param name="Source">The feed.</param>
/// <param name="Type">As in <c>geoevents.alert_fired</c>.</param>
/// <param name="Time">When the fact was recorded.</param>
/// <param name="Sequence">Number in the feed with zeros before it, so that texts are in its order (CloudEvents extension).</param>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    string Sequence,
    DeliveryContent Data)
{
    /// <summary>Bytes of the largest body.</summary>
    public const int Most = 20_000;

    private static readonly (string Name, Func<DeliveryContent, DeliveryContent> Without)[] LastResorts =
    [
        ("fact", d => d with { Fact = null }),
        ("values", d => d with { Values = null, Then = null, Now = null }),
        ("references", d => d with { References = null }),
    ];

    /// <summary>What does not fit is left out, causes first, and the content says so.</summary>
    /// <param name="source">The feed of the content's workspace.</param>
    public static byte[] Write(DeliveryContent content, string source)
    {
        var (kept, body) = (content, Whole(content, source));
        for (var causes = content.Causes?.Count ?? 0; body.Length > Most && causes > 0;)
        {
            causes -= Math.Max(1, causes / 4);
            kept = LeaveOut(content, "causes") with { Causes = [.. content.Causes!.Take(causes)] };
            body = Whole(kept, source);
        }

        foreach (var (name, without) in LastResorts)
        {
            if (body.Length > Most && without(kept) is var less && less != kept)
            {
                kept = LeaveOut(less, name);
                body = Whole(kept, source);
            }
        }

        return body;
    }

    private static DeliveryContent LeaveOut(DeliveryContent content, string name) => content with { LeftOut = [.. content.LeftOut ?? [], name] };

    private static byte[] Whole(DeliveryContent content, string source) => JsonSerializer.SerializeToUtf8Bytes(
        new CloudEvent(
            "1.0",
            content.Number.ToString(CultureInfo.InvariantCulture),
            source,
            $"geoevents.{content.Type}",
            content.Subject,
            content.RecordedAt,
            "application/json",
            content.Number.ToString("D19", CultureInfo.InvariantCulture),
            content),
        GeoJson.Options);
}
