using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GeoEvents.Coding;

/// <summary>Writes an enum as its lower-case, hyphenated name and reads nothing else: no numbers, no other casing.</summary>
public sealed class KebabCaseEnumConverter<T> : JsonConverter<T> where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Names =
        Enum.GetValues<T>().ToFrozenDictionary(v => v, v => JsonNamingPolicy.KebabCaseLower.ConvertName(v.ToString()));

    private static readonly FrozenDictionary<string, T> Values = Names.ToFrozenDictionary(n => n.Value, n => n.Key);

    internal static string NameOf(T value) => Names[value];

    internal static bool TryParse(string name, out T value) => Values.TryGetValue(name, out value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"Not one of: {string.Join(", ", Names.OrderBy(n => n.Key).Select(n => n.Value))}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Names[value]);
}

/// <summary>The names by themselves, for texts that are not JSON.</summary>
public static class KebabCaseEnumConverter
{
    public static string NameOf<T>(T value) where T : struct, Enum => KebabCaseEnumConverter<T>.NameOf(value);

    public static bool TryParse<T>(string name, out T value) where T : struct, Enum => KebabCaseEnumConverter<T>.TryParse(name, out value);
}
