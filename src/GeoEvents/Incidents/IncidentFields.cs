using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.Hosting;

namespace GeoEvents.Incidents;

/// <summary>An incident's content field by field, under the names it has in JSON.</summary>
public static class IncidentFields
{
    /// <summary>Every field that a correction may name: all but the id.</summary>
    public static IReadOnlySet<string> Correctable { get; } = GeoJson.Options.GetTypeInfo(typeof(IncidentContent)).Properties
        .Select(p => p.Name).Where(name => name != "id").ToHashSet();

    public static JsonElement? ValueOf(IncidentContent content, string field) => ElementOf(NodeOf(content)[field]);

    /// <summary>The fields in which the two differ, in the order of their declaration.</summary>
    public static IReadOnlyList<FieldChange> Difference(IncidentContent before, IncidentContent after)
    {
        var (old, @new) = (NodeOf(before), NodeOf(after));
        return [.. from field in Correctable
                   where !JsonNode.DeepEquals(old[field], @new[field])
                   select new FieldChange(field, ElementOf(old[field]), ElementOf(@new[field]))];
    }

    /// <exception cref="JsonException">A new value does not fit its field; the path names it.</exception>
    public static IncidentContent Patch(IncidentContent content, IEnumerable<FieldChange> changes)
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

        return node.Deserialize<IncidentContent>(GeoJson.Options)!;
    }

    /// <summary>Tells one content from another: SHA-256 of the canonical JSON of content, reports and grade as given, its first 16 bytes in base64url.</summary>
    public static string Digest(IncidentContent content, IReadOnlyList<ReportDraft> reports, GradeDraft? grade = null)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(new { content, reports, grade }, GeoJson.Options);
        return System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(canonical).AsSpan(0, 16));
    }

    private static JsonObject NodeOf(IncidentContent content) => (JsonObject)JsonSerializer.SerializeToNode(content, GeoJson.Options)!;

    private static JsonElement? ElementOf(JsonNode? node) => node is null ? null : JsonSerializer.SerializeToElement(node);
}
