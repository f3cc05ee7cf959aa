using System.Net;

namespace GeoEvents.Hosting;

/// <summary>Where the service listens: on loopback, until it can tell its callers apart.</summary>
public static class Listening
{
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>Set to <c>true</c>, it lets anybody who reaches the address read and write everything.</summary>
    public const string Override = "GEOEVENTS_LISTEN_BEYOND_LOOPBACK_WITHOUT_AUTHENTICATION";

    /// <summary>The addresses of <c>--urls</c> or <c>ASPNETCORE_URLS</c>, else <see cref="Default"/>.</summary>
    /// <exception cref="StartupException">One is not on loopback, and the override is not set.</exception>
    public static string[] Addresses(IConfiguration configuration)
    {
        var addresses = (configuration["urls"] is { Length: > 0 } urls ? urls : Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw new StartupException("Say where to listen with --urls; Kestrel:Endpoints is not read.");
        }

        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri))
            {
                throw new StartupException($"'{address}' is not an address to listen on, such as {Default}.");
            }

            if (uri.Scheme != Uri.UriSchemeHttp)
            {
                throw new StartupException($"GeoEvents speaks http only, and {address} is not. Put a proxy before it for https.");
            }

            if (!IsLoopback(uri) && !configuration.GetValue<bool>(Override))
            {
                throw new StartupException(
                    $"GeoEvents has no authentication yet, so it listens on loopback only, and {address} is not loopback. "
                    + $"If everybody who can reach that address may read and write everything, set {Override}=true.");
            }
        }

        return addresses;
    }

    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>The service cannot start; the message says what to do, and nothing else is worth printing.</summary>
public sealed class StartupException(string message) : Exception(message);
