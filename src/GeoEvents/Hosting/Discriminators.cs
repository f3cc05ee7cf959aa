using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GeoEvents.Hosting;

/// <summary>Finds, in a document, an object that has to say of which kind it is and does not, or says one that there is not.</summary>
/// <remarks>The serializer stops at such an object without naming the property, or with an error that is not one of JSON.</remarks>
public static class Discriminators
{
    /// <returns>Null if every object that has to says its kind.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static FieldProblem? Fault<T>(ReadOnlySpan<byte> utf8)
    {
        if (!OfType<T>.Needed)
        {
            return null;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = GeoJson.Options.MaxDepth });
        return Fault(JsonElement.ParseValue(ref reader), GeoJson.Options.GetTypeInfo(typeof(T)), "");
    }

    private static class OfType<T>
    {
        public static readonly bool Needed = Reaches(GeoJson.Options.GetTypeInfo(typeof(T)), []);
    }

    private static bool Reaches(JsonTypeInfo type, HashSet<Type> seen) => type.PolymorphismOptions is not null
        || (seen.Add(type.Type)
            && ((type.ElementType is { } element && Reaches(GeoJson.Options.GetTypeInfo(element), seen))
                || type.Properties.Any(p => Reaches(GeoJson.Options.GetTypeInfo(p.PropertyType), seen))));

    private static FieldProblem? Fault(JsonElement element, JsonTypeInfo type, string at)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array when type.ElementType is { } itemType:
                var items = GeoJson.Options.GetTypeInfo(itemType);
                return element.EnumerateArray().Select((item, i) => Fault(item, items, $"{at}/{i}")).FirstOrDefault(f => f is not null);

            case JsonValueKind.Object when type.PolymorphismOptions is { } kinds:
                var named = element.TryGetProperty(kinds.TypeDiscriminatorPropertyName, out var kind);
                var found = kinds.DerivedTypes.FirstOrDefault(d => kind.ValueKind == JsonValueKind.String && d.TypeDiscriminator as string == kind.GetString());
                return found.DerivedType is { } derived
                    ? Fault(element, GeoJson.Options.GetTypeInfo(derived), at)
                    : FieldProblem.At(
                        $"{at}/{kinds.TypeDiscriminatorPropertyName}",
                        named ? "unknown-kind" : "required",
                        $"{(named ? "There is no such kind." : "Say of which kind it is.")} There is: {string.Join(", ", kinds.DerivedTypes.Select(d => d.TypeDiscriminator))}.");

            case JsonValueKind.Object:
                return element.EnumerateObject()
                    .Select(p => type.Properties.FirstOrDefault(q => q.Name == p.Name) is { } property
                        ? Fault(p.Value, GeoJson.Options.GetTypeInfo(property.PropertyType), $"{at}/{p.Name}")
                        : null)
                    .FirstOrDefault(f => f is not null);

            default:
                return null;
        }
    }
}
