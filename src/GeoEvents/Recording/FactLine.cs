using System.Buffers;
using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.Recording;

/// <summary>A fact with all that the log knows of it, as one line of canonical JSON: what an archive holds, and what the chain is made of.</summary>
/// <remarks>
/// <para>In this order, which is that of RFC 8785: data, id, kind, position, recordedAt, stream, user. Nothing in it tells where the fact is stored, so the
/// line is the same in every database and workspace.</para>
/// <para>It is a format that outlives the code: the hash of a line is kept for ever.</para>
/// </remarks>
public static class FactLine
{
    /// <param name="id">Of the event.</param>
    /// <param name="data">The fact as JSON, in whatever order of properties.</param>
    public static byte[] Of(Guid id, string kind, long position, DateTimeOffset recordedAt, StreamKey stream, string? user, ReadOnlyMemory<byte> data)
    {
        var line = new ArrayBufferWriter<byte>(data.Length + 256);
        line.Write("{\"data\":"u8);
        CanonicalJson.Write(data, line);
        Encoding.UTF8.GetBytes($",\"id\":\"{id}\",\"kind\":\"{kind}\",\"position\":{position},\"recordedAt\":\"{InstantConverter.Text(recordedAt)}\",\"stream\":", line);
        CanonicalJson.WriteString(stream.ToString(), line);
        if (user is not null)
        {
            line.Write(",\"user\":"u8);
            CanonicalJson.WriteString(user, line);
        }

        line.Write("}"u8);
        return line.WrittenSpan.ToArray();
    }
}
