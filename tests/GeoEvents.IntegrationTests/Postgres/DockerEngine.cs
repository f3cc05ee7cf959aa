using System.Net.Sockets;

namespace GeoEvents.IntegrationTests.Postgres;

/// <summary>Whether a Docker engine answers here.</summary>
internal static class DockerEngine
{
    /// <summary>An engine of this machine or of the network answers at once or is of no use to a test.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>False within two seconds when none does.</returns>
    public static async Task<bool> Answers()
    {
        var host = new Uri(Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } set ? set : "unix:///var/run/docker.sock");
        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (host.Scheme == "unix")
        {
            if (!File.Exists(host.LocalPath))
            {
                return false;
            }

            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.LocalPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(host.Scheme == "unix" ? "http://docker/_ping" : $"http://{host.Authority}/_ping");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
