using System.Net;
using System.Net.Sockets;
using GeoEvents.Hosting;
using Microsoft.Security.AntiSSRF;

namespace GeoEvents.Delivery.Webhooks;

/// <summary>Where webhooks may go: to the internet over https, and beyond that only where configuration says so.</summary>
/// <remarks>
/// What counts is the check when the connection is made, after the name was resolved: a name that is made to point to a private network later is
/// refused then. The check at creation only says so earlier.
/// </remarks>
public sealed class WebhookAddresses
{
    /// <summary>Configuration key: networks of private, loopback or link-local addresses that may be posted to all the same, as in <c>10.1.0.0/16,127.0.0.1/32</c>.</summary>
    public const string NetworksKey = "Delivery:AllowedNetworks";

    /// <summary>Configuration key; <c>true</c> lets webhooks go over http, where anybody on the way reads them.</summary>
    public const string HttpKey = "Delivery:AllowHttp";

    public const int LongestUrl = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly AntiSSRFPolicy policy;
    private readonly IPNetwork[] denied;
    private readonly IPNetwork[] allowed;

    /// <exception cref="StartupException">A network is none.</exception>
    public WebhookAddresses(IConfiguration configuration)
    {
        AllowHttp = configuration.GetValue<bool>(HttpKey);
        var networks = (configuration[NetworksKey] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        allowed = Array.ConvertAll(networks, n => IPNetwork.TryParse(n, out var network)
            ? network
            : throw new StartupException($"{NetworksKey}: '{n}' is no network such as 10.1.0.0/16."));
        policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = AllowHttp, AddXFFHeader = false };
        if (networks.Length > 0)
        {
            policy.AddAllowedAddresses(networks);
        }

        denied = [.. policy.DeniedAddresses.Select(d => IPNetwork.Parse(d))];
    }

    public bool AllowHttp { get; }

    /// <summary>Checks every connection, follows no redirect, keeps no cookie.</summary>
    public HttpMessageHandler Handler()
    {
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        handler.MaxConnectionsPerServer = 32;
        handler.MaxResponseHeadersLength = 16;
        return handler;
    }

    public bool MayReach(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Any(n => n.Contains(plain)) || !denied.Any(n => n.Contains(plain));
    }

    /// <returns>What is wrong with an address, as far as can be seen now; null if nothing is.</returns>
    public async Task<FieldProblem?> Fault(string url, string pointer, CancellationToken cancel)
    {
        if (TextRules.Fault(url, LongestUrl, required: true, multiline: false) is { } text)
        {
            return FieldProblem.At(pointer, text.Code, text.Detail);
        }

        if (url.Any(char.IsWhiteSpace) || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0 || uri.Fragment.Length > 0)
        {
            return FieldProblem.At(pointer, "malformed", "Not an https address without fragment, such as https://example.org/hook.");
        }

        if (uri.UserInfo.Length > 0)
        {
            return FieldProblem.At(pointer, "user-info", "An address with a user or password is not posted to: whoever reads subscriptions would read them. Verify signatures instead.");
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !AllowHttp)
        {
            return FieldProblem.At(pointer, "not-https", $"Webhooks go over https only, unless the operator sets {Variable(HttpKey)}.");
        }

        return (await Resolve(uri.IdnHost, cancel)).All(MayReach)
            ? null
            : FieldProblem.At(pointer, "private-address", $"That is an address of a private network, which is not posted to unless the operator lists it in {Variable(NetworksKey)}.");
    }

    /// <summary>The same as people set it, in the environment.</summary>
    public static string Variable(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    /// <returns>Empty if the name resolves to nothing now: it may later, and is checked then.</returns>
    private static async Task<IPAddress[]> Resolve(string host, CancellationToken cancel)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return [address];
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        try
        {
            return await Dns.GetHostAddressesAsync(host, late.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return [];
        }
    }
}
