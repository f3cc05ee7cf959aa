using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoEvents.Imports.Mappings;

/// <summary>Where a value comes from. Written as the bare text if it is no more than a text.</summary>
/// <param name="Of">Text in which <c>{column}</c> stands for the row's value; without one, a constant. If all columns that it names are empty, it is no value.</param>
/// <param name="Match">Regular expressions (.NET, without look-around and back-references), tried in turn: the first group of the first that matches is the value.</param>
/// <param name="Table">Name of a table of the mapping to look the value up in.</param>
/// <param name="Values">A table that stands here itself.</param>
/// <param name="Otherwise">The value where there would be none.</param>
[JsonConverter(typeof(TermConverter))]
public sealed record Term(
    string Of, IReadOnlyList<string>? Match = null, string? Table = null, IReadOnlyDictionary<string, string>? Values = null, string? Otherwise = null);

public sealed class TermConverter : JsonConverter<Term>
{
    public override Term Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new Term(reader.GetString()!);
        }

        try
        {
            var parts = JsonSerializer.Deserialize<Parts>(ref reader, options);
            return new Term(parts?.Of ?? throw new JsonException(), parts.Match, parts.Table, parts.Values, parts.Otherwise);
        }
        catch (JsonException)
        {
            // Thrown anew, so that the path is that of the term and not that within it.
            throw new JsonException("Not a text, nor an object with of and perhaps match, table, values, otherwise.");
        }
    }

    public override void Write(Utf8JsonWriter writer, Term value, JsonSerializerOptions options)
    {
        if (value is { Match: null, Table: null, Values: null, Otherwise: null })
        {
            writer.WriteStringValue(value.Of);
        }
        else
        {
            JsonSerializer.Serialize(writer, new Parts(value.Of, value.Match, value.Table, value.Values, value.Otherwise), options);
        }
    }

    private sealed record Parts(
        string? Of = null, IReadOnlyList<string>? Match = null, string? Table = null, IReadOnlyDictionary<string, string>? Values = null, string? Otherwise = null);
}
