using Microsoft.Security.AntiSSRF;

namespace GeoEvents.Hosting;

/// <summary>Which addresses the service itself may fetch from: what a client names must not reach what only the service can reach.</summary>
/// <remarks>
/// The address is checked when the connection is made, after its name was resolved, so a name that points to a private network is refused
/// like that network. Redirects are not followed and no proxy is used; whoever fetches decides on a redirect and asks again.
/// </remarks>
public static class OutgoingAddresses
{
    /// <summary>Configuration key; <c>true</c> lets the service fetch from loopback, private, link-local and metadata addresses too.</summary>
    public const string Override = "Feeds:AllowPrivateAddresses";

    /// <summary>The same as people set it, in the environment.</summary>
    public const string Variable = "Feeds__AllowPrivateAddresses";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="allowPrivate">Whether <see cref="Override"/> is set.</param>
    public static HttpMessageHandler Handler(bool allowPrivate)
    {
        var policy = new AntiSSRFPolicy(allowPrivate ? PolicyConfigOptions.None : PolicyConfigOptions.ExternalOnlyLatest)
        {
            AllowPlainTextHttp = true,
            AddXFFHeader = false,
        };
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        return handler;
    }

    /// <returns>Whether the exception says that the address is one that may not be fetched from.</returns>
    public static bool IsRefusal(Exception e) => e is AntiSSRFException || e.InnerException is AntiSSRFException;
}
