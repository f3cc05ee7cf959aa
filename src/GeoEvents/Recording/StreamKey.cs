using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GeoEvents.Coding;

namespace GeoEvents.Recording;

/// <summary>Names one stream of the log within its workspace.</summary>
/// <remarks>The stream's id in the store is derived from the name, so that the same thing sent twice meets itself.</remarks>
public readonly record struct StreamKey(string Kind, string Name)
{
    /// <summary>Namespace of our name-based ids; a random number, chosen once.</summary>
    private static readonly byte[] Namespace = Convert.FromHexString("8f3c1b0e5d6a4c7e9b2d40a1c6e7f852");

    private const string IncidentKind = "incident";
    private const string ImportPartKind = "import-part";

    public bool IsIncident => Kind == IncidentKind;

    public static StreamKey Incident(string id) => new(IncidentKind, id);

    /// <summary>The rows of one commit of an import.</summary>
    /// <param name="from">How many rows of the file came before them.</param>
    public static StreamKey ImportPart(Guid import, long from) => new(ImportPartKind, $"{import}/{from}");

    public static StreamKey Source(string id) => new("source", id);

    public static StreamKey Actor(ActorCode code) => new("actor", code.ToString());

    /// <summary>What is said of an actor's goals and constraints.</summary>
    public static StreamKey Profile(ActorCode code) => new("profile", code.ToString());

    public static StreamKey Stake(string id) => new("stake", id);

    public static StreamKey InfluenceClaim(string id) => new("influence-claim", id);

    public static StreamKey Pathway(string id) => new("pathway", id);

    /// <summary>All assessments of one relationship's posture.</summary>
    public static StreamKey Assessments(Dyad dyad) => new("assessments", dyad.ToString());

    /// <summary>All checks of one relationship.</summary>
    public static StreamKey Checks(Dyad dyad) => new("checks", dyad.ToString());

    /// <summary>UUID version 8 of RFC 9562: the first 122 bits of SHA-256 over namespace, workspace, kind and name.</summary>
    public Guid In(string workspace)
    {
        var text = $"{workspace}\n{Kind}\n{Name}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(text)], hash);
        var third = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((third & 0x0FFF) | 0x8000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
