using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>Remembers the ids of a file, so that one that comes twice with different content is found: which of the two holds, nobody could say.</summary>
/// <remarks>16 bytes a row and the room of the table: about 40 MB for a million rows.</remarks>
public sealed class SeenRows
{
    private readonly Dictionary<ulong, ulong> contents = [];

    /// <summary>Whether an earlier row had the same id with other content.</summary>
    public bool Contradicts(IncidentDraft draft)
    {
        if (draft.Id.Length == 0)
        {
            return false;
        }

        var content = Hash(IncidentFields.Digest(draft.Named(draft.Id), draft.Reports));
        var id = Hash(draft.Id);
        return !contents.TryAdd(id, content) && contents[id] != content;
    }

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
