using System.Net;
using System.Net.Sockets;
using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Imports;

namespace GeoEvents.IntegrationTests.Imports;

/// <summary>Files that the service fetches itself.</summary>
public class WebFileTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_that_only_the_service_can_reach_are_not_fetched_from()
    {
        await using var service = await host.StartService(mayFetchFromLoopback: false);
        foreach (var url in (string[])["http://127.0.0.1:5432/file", "http://localhost/file", "http://[::1]/file", "http://10.0.0.1/file", "http://169.254.169.254/latest/meta-data"])
        {
            (await service.NewWorkspace().Post("imports/from-url", new { url })).ShouldBeProblem(400, "invalid-request", "/url private-address");
        }
    }

    [Fact]
    public async Task An_address_where_nobody_answers_cannot_be_fetched_from() =>
        (await workspace.Post("imports/from-url", new { url = "http://127.0.0.1:1/file" })).ShouldBeProblem(502, "not-fetched");

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("incidents.jsonl")]
    [InlineData("http://0.0.0.0/file")]
    [InlineData("http://[::]/file")]
    public async Task What_is_no_address_on_the_web_is_refused(string url) =>
        (await workspace.Post("imports/from-url", new { url })).ShouldBeProblem(400, "invalid-request", "/url malformed");

    [Fact]
    public async Task A_file_is_fetched_through_a_redirect_and_failures_say_why()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var at = new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");
        _ = Serve(server);
        using var web = new WebFile(new ConfigurationBuilder().AddInMemoryCollection([new(OutgoingAddresses.Override, "true")]).Build());

        await using (var file = await web.Open(new Uri(at, "/moved"), Cancel))
        {
            using var reader = new StreamReader(file);
            (await reader.ReadToEndAsync(Cancel)).ShouldBe("hello");
        }

        (await Failure("/missing")).ShouldEndWith("/missing answers 404.");
        (await Failure("/round")).ShouldEndWith("/round is reached by more than 5 redirects.");
        (await Failure("/elsewhere")).ShouldEndWith("is no address on the web, and another redirects to it.");
        (await Failure("/broken")).ShouldEndWith("/broken broke off in the middle of the file.");

        async Task<string> Failure(string path) => (await Should.ThrowAsync<RefusedException>(async () =>
        {
            await using var file = await web.Open(new Uri(at, path), Cancel);
            await file.CopyToAsync(Stream.Null, Cancel);
        })).Message;
    }

    private static async Task Serve(TcpListener server)
    {
        while (true)
        {
            using var client = await server.AcceptTcpClientAsync(Cancel);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            var path = (await reader.ReadLineAsync(Cancel))!.Split(' ')[1];
            while (await reader.ReadLineAsync(Cancel) is { Length: > 0 })
            {
            }

            var answer = path switch
            {
                "/moved" => "302 Found\r\nLocation: /file\r\nContent-Length: 0",
                "/round" => "302 Found\r\nLocation: /round\r\nContent-Length: 0",
                "/elsewhere" => "302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0",
                "/file" => "200 OK\r\nContent-Length: 5",
                "/broken" => "200 OK\r\nContent-Length: 500",
                _ => "404 Not Found\r\nContent-Length: 0",
            };
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n{(answer.StartsWith('2') ? "hello" : "")}"), Cancel);
        }
    }
}
