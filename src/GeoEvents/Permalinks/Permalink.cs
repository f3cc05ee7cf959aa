using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GeoEvents.Permalinks;

/// <param name="Read">Path and query below the workspace. Axes that it leaves open are pinned to what they stand for now.</param>
public sealed record PermalinkDraft(string Read = "");

/// <summary>A read that answers the same for ever, and what it answered.</summary>
/// <param name="Id">Made of read and hash, so that the same answer pinned twice has one name.</param>
/// <param name="Read">With every axis said.</param>
/// <param name="Hash">SHA-256 of the answer in canonical JSON (RFC 8785), lower-case hexadecimal.</param>
public sealed record Permalink(string Id, string Read, string Hash, string User, DateTimeOffset CreatedAt)
{
    public static Permalink Of(string read, string hash, string user, DateTimeOffset now) => new(IdOf(read, hash), read, hash, user, now);

    /// <summary>The first 15 bytes of SHA-256 over read and hash, in base64url.</summary>
    private static string IdOf(string read, string hash) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{read}\n{hash}")).AsSpan(0, 15));
}

/// <summary>A permalink with what it answers now.</summary>
/// <param name="Verified">Whether that is what was pinned.</param>
public sealed record PermalinkView(string Id, string Read, string Hash, string User, DateTimeOffset CreatedAt, bool Verified, JsonElement Content);

/// <summary>Whether a permalink answers what was pinned.</summary>
/// <param name="Found">Hash of what it answers now.</param>
public sealed record PermalinkVerified(string Id, string Read, string Hash, string Found, bool Verified);
