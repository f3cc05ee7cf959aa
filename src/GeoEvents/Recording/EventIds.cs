using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GeoEvents.Recording;

/// <summary>Ids of events in the store: UUID version 7 (RFC 9562, section 5.7), which begins with the milliseconds since 1970.</summary>
public static class EventIds
{
    private const int Size = 16;

    /// <summary>New ids, for events recorded at one time. Their random bits are drawn at once; one system call for each costs more than deciding on a row.</summary>
    public static Guid[] At(DateTimeOffset time, int count)
    {
        var bytes = new byte[count * Size];
        RandomNumberGenerator.Fill(bytes);
        Span<byte> milliseconds = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.ToUnixTimeMilliseconds());
        var ids = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            var id = bytes.AsSpan(i * Size, Size);
            milliseconds[2..].CopyTo(id);
            id[6] = (byte)((id[6] & 0x0F) | 0x70);
            id[8] = (byte)((id[8] & 0x3F) | 0x80);
            ids[i] = new Guid(id, bigEndian: true);
        }

        return ids;
    }
}
