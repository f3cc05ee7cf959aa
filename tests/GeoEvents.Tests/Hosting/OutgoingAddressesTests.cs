using System.Net;
using System.Net.Sockets;
using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Hosting;

public class OutgoingAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    public async Task What_resolves_to_this_machine_is_refused_before_a_connection_is_made(string host)
    {
        using var listener = Listening(out var port);
        using var http = new HttpClient(OutgoingAddresses.Handler(allowPrivate: false));

        var refused = await Should.ThrowAsync<Exception>(http.GetAsync($"http://{host}:{port}/", TestContext.Current.CancellationToken));

        OutgoingAddresses.IsRefusal(refused).ShouldBeTrue(refused.ToString());
        listener.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("[fd00::1]")]
    [InlineData("[fe80::1]")]
    public async Task Private_link_local_and_metadata_addresses_are_refused(string host)
    {
        using var http = new HttpClient(OutgoingAddresses.Handler(allowPrivate: false));

        var refused = await Should.ThrowAsync<Exception>(http.GetAsync($"http://{host}/", TestContext.Current.CancellationToken));

        OutgoingAddresses.IsRefusal(refused).ShouldBeTrue(refused.ToString());
    }

    [Fact]
    public async Task Where_the_setting_allows_it_they_are_fetched_from_and_redirects_are_left_to_the_caller()
    {
        using var listener = Listening(out var port);
        using var http = new HttpClient(OutgoingAddresses.Handler(allowPrivate: true));
        var cancel = TestContext.Current.CancellationToken;
        var answering = Task.Run(
            async () =>
            {
                using var connection = await listener.AcceptTcpClientAsync(cancel);
                await connection.GetStream().ReadAtLeastAsync(new byte[4096], 1, cancellationToken: cancel);
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"), cancel);
            },
            cancel);

        using var answer = await http.GetAsync($"http://127.0.0.1:{port}/", cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        await answering;
    }

    private static TcpListener Listening(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
