using System.Security.Cryptography;
using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Incidents;

/// <summary>An incident's content field by field, under the names it has in JSON.</summary>
public static class IncidentFields
{
    /// <summary>Every field that a correction may name: all but the id.</summary>
    public static IReadOnlySet<string> Correctable { get; } = Fields.Of<IncidentContent>().Where(name => name != "id").ToHashSet();

    public static JsonElement? ValueOf(IncidentContent content, string field) => Fields.ValueOf(content, field);

    /// <summary>The fields in which the two differ, in the order of their declaration.</summary>
    public static IReadOnlyList<FieldChange> Difference(IncidentContent before, IncidentContent after) => Fields.Difference(before, after, Correctable);

    /// <exception cref="JsonException">A new value does not fit its field; the path names it.</exception>
    public static IncidentContent Patch(IncidentContent content, IEnumerable<FieldChange> changes) => Fields.Patch(content, changes);

    /// <summary>Tells one content from another: SHA-256 of the canonical JSON of content, reports and grade as given, its first 16 bytes in base64url.</summary>
    public static string Digest(IncidentContent content, IReadOnlyList<ReportDraft> reports, GradeDraft? grade = null)
    {
        var canonical = JsonSerializer.SerializeToUtf8Bytes(new { content, reports, grade }, GeoJson.Options);
        return System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(canonical).AsSpan(0, 16));
    }
}
