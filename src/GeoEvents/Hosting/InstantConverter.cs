using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoEvents.Hosting;

/// <summary>Writes an instant in UTC with a <c>Z</c>; reads RFC 3339 and insists on an offset, since a time without one is nobody's.</summary>
public sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return hasOffset && reader.TryGetDateTimeOffset(out var instant)
            ? Coding.Microseconds.Floor(instant)
            : throw new JsonException("Not a date-time with offset, such as 2025-07-02T12:00:00Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

    /// <summary>In UTC, to the microsecond, without zeros at the end: <c>2025-07-02T12:00:00.5Z</c>.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
