using System.Net;
using System.Net.Sockets;
using GeoEvents.Hosting;

namespace GeoEvents.Watching;

/// <summary>A base address from which the files of a feed are fetched.</summary>
/// <param name="http">Follows no redirects.</param>
/// <param name="patience">The longest to wait for an answer to begin.</param>
public sealed class WebPlace(HttpClient http, Uri address, TimeSpan patience, TimeProvider clock) : IFeedPlace
{
    private const int MostRedirects = 3;

    public async Task<OpenedFile?> Open(string name, CancellationToken cancel)
    {
        var at = new Uri(address, name);
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var response = await Ask(at, cancel);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return new OpenedFile(await response.Content.ReadAsStreamAsync(cancel), response.Content.Headers.ContentLength, response);
            }

            using (response)
            {
                if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
                {
                    return null;
                }

                var onwards = (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 ? response.Headers.Location : null;
                at = onwards is null ? throw new FeedException($"{at} answers with status {(int)response.StatusCode}.") : new Uri(at, onwards);
            }

            if (!IsSameHost(at))
            {
                throw new FeedException($"{address}{name} redirects to another host, {at.Host}, which is not followed.");
            }
        }

        throw new FeedException($"{address}{name} redirects more than {MostRedirects} times.");
    }

    public IReadOnlyList<FeedFile>? List() => null;

    /// <summary>From http to https of the same host is the same host; back is not.</summary>
    private bool IsSameHost(Uri other) =>
        other.Host == address.Host
        && (other.Scheme == address.Scheme || (address.Scheme, other.Scheme) == (Uri.UriSchemeHttp, Uri.UriSchemeHttps))
        && (other.Port == address.Port || (address.IsDefaultPort && other.IsDefaultPort));

    private async Task<HttpResponseMessage> Ask(Uri at, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await http.GetAsync(at, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (Exception e) when (OutgoingAddresses.IsRefusal(e))
        {
            throw new FeedException($"{at.Host} is an address of a private network, which is not fetched from unless {OutgoingAddresses.Variable} is true.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new FeedException($"{at} did not answer within {patience.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or ArgumentException)
        {
            throw new FeedException($"{at} could not be reached: {e.Message}");
        }
    }
}
