using System.Security.Cryptography;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>What one commit adds to the chain of a workspace.</summary>
/// <param name="Position">Of its last fact.</param>
/// <param name="Sequence">Number of that fact in the store; those of the others go before it without gaps.</param>
/// <param name="Hash">Of the chain after that fact.</param>
/// <param name="Digests">Of its facts, in order, 32 bytes each.</param>
public sealed record ChainLink(string Workspace, long Position, long Sequence, byte[] Hash, byte[] Digests);

/// <summary>The chain of hashes over the log of a workspace: whoever has the last hash can tell whether any fact before it was changed, removed or moved.</summary>
/// <remarks>
/// <c>dₙ = SHA-256(line of fact n)</c>, see <see cref="FactLine"/>; <c>hₙ = SHA-256(hₙ₋₁ ‖ dₙ)</c>, h₀ being 32 zero bytes. It is a linear chain as in
/// secure logging (Schneier and Kelsey 1999, without the keys). It is written in the transaction of the facts, and by nothing else: a rebuild does not touch it.
/// </remarks>
public static class HashChain
{
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>h₀.</summary>
    public static readonly byte[] Beginning = new byte[Size];

    /// <summary>dₙ.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> line) => SHA256.HashData(line);

    /// <summary>hₙ of hₙ₋₁ and dₙ.</summary>
    public static byte[] Next(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> digest)
    {
        Span<byte> both = stackalloc byte[2 * Size];
        hash.CopyTo(both);
        digest.CopyTo(both[Size..]);
        return SHA256.HashData(both);
    }

    /// <summary>The links of the workspaces that have facts in a commit.</summary>
    /// <param name="headOf">Where the log of a workspace ended before.</param>
    public static IReadOnlyList<ChainLink> Links(IReadOnlyList<DecidedFact> facts, Func<string, LogHead> headOf)
    {
        var links = new List<ChainLink>();
        foreach (var workspace in facts.GroupBy(f => f.Workspace))
        {
            var hash = headOf(workspace.Key).Hash;
            var digests = new MemoryStream();
            var last = workspace.First();
            foreach (var fact in workspace)
            {
                var digest = Digest(FactLine.Of(fact.Id, FactTypes.NameOf(fact.Fact), fact.Position, fact.RecordedAt, fact.Stream, fact.User, fact.Data));
                digests.Write(digest);
                hash = Next(hash, digest);
                last = fact;
            }

            links.Add(new ChainLink(workspace.Key, last.Position, last.Sequence, hash, digests.ToArray()));
        }

        return links;
    }

    public static NpgsqlBatchCommand Insert(ChainLink link) => new("insert into geo.chain (workspace, position, seq, hash, digests) values ($1, $2, $3, $4, $5)")
    {
        Parameters =
        {
            new() { Value = link.Workspace },
            new() { Value = link.Position },
            new() { Value = link.Sequence },
            new() { Value = link.Hash },
            new() { Value = link.Digests },
        },
    };
}
