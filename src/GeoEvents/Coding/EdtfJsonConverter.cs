using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoEvents.Coding;

/// <summary>Writes an EDTF date as its text; what does not parse is a <see cref="JsonException"/> that says why.</summary>
public sealed class EdtfJsonConverter : JsonConverter<Edtf>
{
    public override Edtf Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("An EDTF date is a string.");
        }

        return Edtf.TryParse(reader.GetString(), out var value, out var error)
            ? value
            : throw new JsonException($"Not a supported EDTF date, at position {error.Position}: {error.Message}");
    }

    public override void Write(Utf8JsonWriter writer, Edtf value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
