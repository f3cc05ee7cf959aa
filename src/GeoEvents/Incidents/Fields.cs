using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.Hosting;

namespace GeoEvents.Incidents;

/// <summary>Any content field by field, under the names it has in JSON.</summary>
public static class Fields
{
    /// <summary>All its fields, in the order of their declaration.</summary>
    public static IEnumerable<string> Of<T>() => GeoJson.Options.GetTypeInfo(typeof(T)).Properties.Select(p => p.Name);

    public static JsonElement? ValueOf<T>(T content, string field) => ElementOf(NodeOf(content)[field]);

    /// <summary>Whether both are written the same.</summary>
    public static bool Same<T>(T one, T other) => JsonNode.DeepEquals(NodeOf(one), NodeOf(other));

    /// <summary>Which of these fields differ, with both values.</summary>
    public static IReadOnlyList<FieldChange> Difference<T>(T before, T after, IEnumerable<string> fields)
    {
        var (old, @new) = (NodeOf(before), NodeOf(after));
        return [.. from field in fields
                   where !JsonNode.DeepEquals(old[field], @new[field])
                   select new FieldChange(field, ElementOf(old[field]), ElementOf(@new[field]))];
    }

    /// <exception cref="JsonException">A new value does not fit its field; the path names it.</exception>
    public static T Patch<T>(T content, IEnumerable<FieldChange> changes)
    {
        var node = NodeOf(content);
        foreach (var change in changes)
        {
            node.Remove(change.Field);
            if (change.New is { ValueKind: not JsonValueKind.Null } value)
            {
                node[change.Field] = JsonNode.Parse(value.GetRawText());
            }
        }

        return node.Deserialize<T>(GeoJson.Options)!;
    }

    private static JsonObject NodeOf<T>(T content) => (JsonObject)JsonSerializer.SerializeToNode(content, GeoJson.Options)!;

    private static JsonElement? ElementOf(JsonNode? node) => node is null ? null : JsonSerializer.SerializeToElement(node);
}
