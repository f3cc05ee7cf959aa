using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GeoEvents.Delivery.Webhooks;

/// <summary>What webhooks are signed with, by Standard Webhooks 1.0: <c>whsec_</c> and 24 to 64 random bytes in base64.</summary>
public static class WebhookSecret
{
    public const string Prefix = "whsec_";

    private const int Bytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The header <c>webhook-signature</c>: a signature for each secret, the newest first.</summary>
    /// <param name="id">webhook-id.</param>
    /// <param name="timestamp">webhook-timestamp, in seconds since 1970.</param>
    public static string Signatures(IEnumerable<string> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var signed = new byte[Encoding.UTF8.GetByteCount(id) + 22 + body.Length];
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."), signed);
        body.CopyTo(signed.AsSpan(head));
        var content = signed.AsMemory(0, head + body.Length);
        return string.Join(' ', secrets.Select(s => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(s[Prefix.Length..]), content.Span))}"));
    }
}
