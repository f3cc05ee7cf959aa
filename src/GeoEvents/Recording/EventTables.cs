using System.Text.Json;
using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>How a fact stands in Marten's tables, whoever writes it there: <see cref="EventInsert"/> or <see cref="EventCopy"/>.</summary>
/// <remarks><c>EventTablesTests</c> fails when Marten's tables change, or what it puts into them.</remarks>
public static class EventTables
{
    public const string StreamColumns = "tenant_id, id, type, version";

    public const string EventColumns = "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, user_name";

    /// <summary>The type of the stream that holds facts leading to this state.</summary>
    public static string StreamType(object state) => state.GetType().Name.ToLowerInvariant();

    public static byte[] Data(object fact) => JsonSerializer.SerializeToUtf8Bytes(fact, fact.GetType(), GeoJson.Options);
}
