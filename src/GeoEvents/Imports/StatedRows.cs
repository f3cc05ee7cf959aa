using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GeoEvents.Imports;

/// <summary>Remembers which incidents a file has stated without changing them, so that a later row of it that says otherwise is found: which of the two holds, nobody could say.</summary>
/// <remarks>By 64 bits of SHA-256, about 24 bytes each. Those that the file brought or changed need no remembering, since the record says so.</remarks>
public sealed class StatedRows
{
    private readonly HashSet<ulong> ids = [];

    public bool Contains(string id) => ids.Count > 0 && ids.Contains(Hash(id));

    public void Add(string id) => ids.Add(Hash(id));

    private static ulong Hash(string id) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
