using System.Security.Authentication;

namespace GeoEvents.Delivery.Webhooks;

/// <summary>Why there was no answer to a webhook, in a sentence for whoever looks after the receiver.</summary>
public static class WebhookFailure
{
    public static string Of(Exception e)
    {
        var chain = new List<Exception>();
        for (var at = e; at is not null; at = at.InnerException)
        {
            chain.Add(at);
        }

        return chain.OfType<AuthenticationException>().LastOrDefault() is { } tls ? $"The connection cannot be secured (TLS): {Whole(chain, tls)}"
            : e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? $"The connection cannot be secured (TLS): {chain[^1].Message}"
            : e is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or FormatException or ArgumentException ? $"It answers with something that is not HTTP: {e.Message}"
            : $"It could not be reached: {e.Message}";
    }

    /// <summary>What is wrong stands last: a certificate and why, or that TLS is not spoken there.</summary>
    private static string Whole(List<Exception> chain, AuthenticationException tls) =>
        chain[^1] == tls ? tls.Message : $"{tls.Message.TrimEnd('.')}: {chain[^1].Message}";
}
