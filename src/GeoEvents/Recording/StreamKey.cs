using System.Buffers.Binary;
using System.Collections.Concurrent;
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

    private static readonly ConcurrentDictionary<string, ulong> Workspaces = [];

    private const string IncidentKind = "incident";
    private const string ImportPartKind = "import-part";
    private const string ArchivePartKind = "archive-part";
    private const string UnknownKind = "unknown";

    public bool IsIncident => Kind == IncidentKind;

    public static StreamKey Incident(string id) => new(IncidentKind, id);

    /// <summary>The rows of one commit of an import.</summary>
    /// <param name="from">How many rows of the file came before them.</param>
    public static StreamKey ImportPart(Guid import, long from) => new(ImportPartKind, $"{import}/{from}");

    /// <summary>First facts of incidents that were restored together.</summary>
    /// <param name="position">Of the first of them.</param>
    public static StreamKey ArchivePart(long position) => new(ArchivePartKind, $"{position}");

    /// <summary>A stream whose first fact is missing, so that nothing tells its name.</summary>
    /// <param name="id">In the store.</param>
    public static StreamKey Unknown(Guid id) => new(UnknownKind, $"{id}");

    /// <summary>All about the versions of the method.</summary>
    public static readonly StreamKey Methods = new("methods", "book");

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

    /// <summary>All versions of one rule for alerts.</summary>
    public static StreamKey AlertRule(string id) => new("alert-rule", id);

    /// <summary>One episode.</summary>
    public static StreamKey Alert(string id) => new("alert", id);

    public static StreamKey Silence(string id) => new("silence", id);

    /// <summary>As in <c>incident/yekaterinburg-raid</c>.</summary>
    public override string ToString() => $"{Kind}/{Name}";

    /// <summary>
    /// UUID version 8 of RFC 9562: the first 122 bits of SHA-256 over namespace, kind and name, the second half of them mixed with a hash of the workspace.
    /// </summary>
    /// <remarks>
    /// Ids settle the order of what has the same time. The first half does not depend on the workspace, so that order is the same wherever a record is restored.
    /// </remarks>
    public Guid In(string workspace)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Namespace, .. Encoding.UTF8.GetBytes($"{Kind}\n{Name}")], hash);
        var second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]) ^ Workspaces.GetOrAdd(workspace, HashOf);
        BinaryPrimitives.WriteUInt64BigEndian(hash[8..], second);
        var third = BinaryPrimitives.ReadUInt16BigEndian(hash[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((third & 0x0FFF) | 0x8000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>Whether two streams are of one key, in whatever workspaces.</summary>
    public static bool AreOfOne(Guid one, Guid other)
    {
        Span<byte> first = stackalloc byte[16], second = stackalloc byte[16];
        one.TryWriteBytes(first, bigEndian: true, out _);
        other.TryWriteBytes(second, bigEndian: true, out _);
        return first[..8].SequenceEqual(second[..8]);
    }

    private static ulong HashOf(string workspace) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData([.. Namespace, .. Encoding.UTF8.GetBytes(workspace)]));
}
