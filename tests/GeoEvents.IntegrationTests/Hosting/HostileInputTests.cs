using System.Net.Sockets;
using System.Text;

namespace GeoEvents.IntegrationTests.Hosting;

/// <summary>What is wrong is refused with a problem that names the field; never a failure of ours, never half a record.</summary>
public class HostileInputTests(GeoEventsHost host) : IAsyncDisposable
{
    private const string Good = "\"occurred\":\"2025-03-01\",\"title\":\"T\",\"type\":\"visit\",\"links\":[{\"actor\":\"AZE\",\"recipient\":\"RUS\"}]";

    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>Whatever was sent, nothing of it is on record.</summary>
    public async ValueTask DisposeAsync()
    {
        (await workspace.Position()).ShouldBe(0);
        (await workspace.Get("/health/ready")).ShouldBe(200);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("", " malformed")]
    [InlineData("null", " required")]
    [InlineData("[]", " malformed")]
    [InlineData("7", " malformed")]
    [InlineData("\"text\"", " malformed")]
    [InlineData("{", " malformed")]
    [InlineData("{} {}", " malformed")]
    [InlineData("{ 'id': 1 }", " malformed")]
    [InlineData("{ \"title\": NaN }", "/title malformed")]
    [InlineData("{ \"title\": 1 }", "/title malformed")]
    [InlineData("{ \"title\": null }", "/title malformed")]
    [InlineData("{ \"links\": null }", "/links malformed")]
    [InlineData("{ \"links\": [ null ] }", "/links/0 malformed")]
    [InlineData("{ \"links\": [ { \"actor\": null } ] }", "/links/0/actor malformed")]
    [InlineData("{ \"links\": [ { \"actor\": 5 } ] }", "/links/0/actor malformed")]
    [InlineData("{ \"links\": [ { \"actor\": \"aze\" } ] }", "/links/0/actor malformed")]
    [InlineData("{ \"links\": { \"actor\": \"AZE\" } }", "/links malformed")]
    [InlineData("{ \"reports\": [ null ] }", "/reports/0 malformed")]
    [InlineData("{ \"others\": [ null ] }", "/others/0 malformed")]
    [InlineData("{ \"issues\": [ \"a\", null ] }", "/issues/1 malformed")]
    [InlineData("{ \"register\": { \"actors\": [ null ] } }", "/register/actors/0 malformed")]
    [InlineData("{ \"register\": { \"sources\": [ { \"id\": \"s\" }, null ] } }", "/register/sources/1 malformed")]
    [InlineData("{ \"assessment\": { \"likelihood\": [ null, 1 ] } }", "/assessment/likelihood/0 malformed")]
    [InlineData("{ \"colour\": 1 }", "/colour malformed")]
    [InlineData("{ \"Title\": \"x\" }", "/Title malformed")]
    [InlineData("{ \"title\": \"x\", \"title\": \"y\" }", "/title malformed")]
    [InlineData("{ \"place\": { \"name\": \"x\", \"name\": \"y\" } }", "/place/name malformed")]
    [InlineData("{ \"deaths\": 1.5 }", "/deaths malformed")]
    [InlineData("{ \"deaths\": \"many\" }", "/deaths malformed")]
    [InlineData("{ \"deaths\": { \"best\": 1, \"low\": \"x\" } }", "/deaths malformed")]
    [InlineData("{ \"register\": { \"sources\": [ { \"id\": \"s\", \"reliability\": 99 } ] } }", "/register/sources/0/reliability malformed")]
    [InlineData("{ \"register\": { \"actors\": [ { \"members\": [ { \"from\": \"x\" } ] } ] } }", "/register/actors/0/members/0 malformed")]
    [InlineData("{ \"deaths\": 1e999 }", "/deaths malformed")]
    [InlineData("{ \"deaths\": 99999999999999999999 }", "/deaths malformed")]
    [InlineData("{ \"deaths\": { \"low\": 1 } }", "/deaths malformed")]
    [InlineData("{ \"intent\": \"Deliberate\" }", "/intent malformed")]
    [InlineData("{ \"intent\": 0 }", "/intent malformed")]
    [InlineData("{ \"sourceRecordedAt\": \"2025-01-01T00:00:00\" }", "/sourceRecordedAt malformed")]
    [InlineData("{ \"sourceRecordedAt\": \"99999-01-01T00:00:00Z\" }", "/sourceRecordedAt malformed")]
    [InlineData("{ \"title\": \"\\ud800\" }", "/title malformed")]
    [InlineData("{ \"\\ud800\": 1 }", " malformed")]
    public async Task A_body_that_is_no_incident_names_what_is_wrong(string body, string fault) =>
        (await workspace.PostRaw("incidents", body)).ShouldBeProblem(400, "invalid-request", fault);

    [Theory]
    [InlineData("\"attribution\":1e999", "/links/0/attribution out-of-range")]
    [InlineData("\"attribution\":-0.001", "/links/0/attribution out-of-range")]
    [InlineData("\"actorRole\":\"a\\u0007b\"", "/links/0/actorRole control-character")]
    public async Task A_link_out_of_bounds_is_named(string field, string fault) =>
        (await workspace.PostRaw("incidents", $"{{{Good.Replace("\"recipient\"", $"{field},\"recipient\"")}}}")).ShouldBeProblem(400, "invalid-request", fault);

    [Theory]
    [InlineData("\"id\":\"a b\"", "/id malformed")]
    [InlineData("\"id\":\"../x\"", "/id malformed")]
    [InlineData("\"id\":\"ünïcode\"", "/id malformed")]
    [InlineData("\"id\":\"a\\u0000b\"", "/id malformed")]
    [InlineData("\"id\":\"a\\n\"", "/id malformed")]
    [InlineData("\"summary\":\"NUL \\u0000\"", "/summary control-character")]
    [InlineData("\"summary\":\"ESC \\u001b[2J\"", "/summary control-character")]
    [InlineData("\"summary\":\"C1 \\u009b\"", "/summary control-character")]
    [InlineData("\"zone\":\"Mars/Olympus\"", "/zone unknown-zone")]
    [InlineData("\"zone\":\"../../etc/passwd\"", "/zone unknown-zone")]
    [InlineData("\"cameo\":\"1'; drop table geo.ledger; --\"", "/cameo unknown-cameo")]
    [InlineData("\"cameo\":\"٠٤٣\"", "/cameo unknown-cameo")]
    [InlineData("\"respondsTo\":\"a/b\"", "/respondsTo malformed")]
    [InlineData("\"measure\":{\"closes\":\"\\u0000\"}", "/measure/closes malformed")]
    [InlineData("\"measure\":{}", "/measure required")]
    [InlineData("\"issues\":[\"a\\u0000\"]", "/issues/0 malformed")]
    [InlineData("\"place\":{\"latitude\":1e999,\"longitude\":0}", "/place/latitude out-of-range")]
    [InlineData("\"place\":{\"latitude\":1}", "/place/longitude required")]
    [InlineData("\"place\":{\"country\":\"QQQ1\"}", "/place/country unknown-actor")]
    [InlineData("\"deaths\":100000001", "/deaths out-of-range")]
    [InlineData("\"assessment\":{\"likelihood\":[0]}", "/assessment/likelihood out-of-range")]
    [InlineData("\"assessment\":{\"likelihood\":[0,1e999]}", "/assessment/likelihood out-of-range")]
    [InlineData("\"reports\":[{}]", "/reports/0/source required")]
    [InlineData("\"reports\":[{\"source\":\"a\\u0000b\"}]", "/reports/0/source malformed")]
    [InlineData("\"reports\":[{\"source\":\"s\",\"credibility\":0}]", "/reports/0/credibility out-of-range")]
    [InlineData("\"reports\":[{\"source\":\"s\",\"url\":\"file:///etc/passwd\"}]", "/reports/0/url malformed")]
    [InlineData("\"reports\":[{\"source\":\"s\",\"quote\":\"\\u0000\"}]", "/reports/0/quote control-character")]
    public async Task A_field_out_of_bounds_is_named(string field, string fault) =>
        (await workspace.PostRaw("incidents", $"{{{Good},{field}}}")).ShouldBeProblem(400, "invalid-request", fault);

    [Theory]
    [InlineData("2025-02-29")]
    [InlineData("2025-13-01")]
    [InlineData("2025-00-00")]
    [InlineData("99999-01-01")]
    [InlineData("-9999999999999999999")]
    [InlineData("Y-170000002")]
    [InlineData("2025-01-01/2024-01-01")]
    [InlineData("2025-01-01T25:00:00Z")]
    [InlineData("[2025-01-01,,]")]
    [InlineData("\\u0000")]
    [InlineData("../..")]
    [InlineData("2025-01-01\\n")]
    public async Task An_impossible_date_is_named(string occurred) =>
        (await workspace.PostRaw("incidents", $"{{{Good.Replace("2025-03-01", occurred)}}}")).ShouldBeProblem(400, "invalid-request", "/occurred malformed-date");

    [Fact]
    public async Task Texts_and_lists_beyond_their_bounds_are_named()
    {
        var links = string.Join(',', Enumerable.Range(0, 101).Select(i => $$"""{"actor":"A{{i:000}}","recipient":"RUS"}"""));
        foreach (var (body, fault) in new[]
        {
            (Good.Replace("\"T\"", $"\"{new string('x', 301)}\""), "/title too-long"),
            ($"{Good},\"summary\":\"{new string('x', 10_001)}\"", "/summary too-long"),
            ($"{Good},\"issues\":[{string.Join(',', Enumerable.Range(0, 51).Select(i => $"\"t{i}\""))}]", "/issues too-many"),
            ($"{Good},\"reports\":[{string.Join(',', Enumerable.Range(0, 201).Select(_ => "{\"source\":\"s\"}"))}]", "/reports too-many"),
            ($"{Good},\"reports\":[{{\"source\":\"{new string('s', 900_000)}\"}}]", "/reports/0/source malformed"),
            ($"{Good},\"id\":\"{new string('i', 900_000)}\"", "/id malformed"),
            ($"{Good},\"respondsTo\":\"{new string('i', 900_000)}\"", "/respondsTo malformed"),
            (Good.Replace("visit", new string('i', 900_000)), "/type unknown-type"),
            ($"{Good},\"zone\":\"{new string('i', 900_000)}\"", "/zone unknown-zone"),
            (Good.Replace("2025-03-01", new string('9', 900_000)), "/occurred malformed-date"),
            (Good.Replace("""{"actor":"AZE","recipient":"RUS"}""", links), "/links too-many"),
            (Good.Replace("\"AZE\"", $"\"{new string('A', 900_000)}\""), "/links/0/actor malformed"),
        })
        {
            (await workspace.PostRaw("incidents", $"{{{body}}}")).ShouldBeProblem(400, "invalid-request", fault);
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(100_000)]
    public async Task Deep_nesting_is_refused(int depth)
    {
        var nested = new string('[', depth) + new string(']', depth);

        (await workspace.PostRaw("incidents", $"{{\"links\":{nested}}}")).ShouldBe(400);
        (await workspace.PostRaw("incidents/a/corrections", $"{{\"reason\":\"x\",\"changes\":{{\"links\":{nested}}}}}", ifMatch: "*")).ShouldBe(400);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($"{{{Good},\"summary\":\""), 0xC3, 0x28, .. "\"}"u8];

        (await workspace.PostRaw("incidents", body)).ShouldBeProblem(400, "invalid-request", " not-utf-8");
        (await workspace.PostRaw("incidents", Encoding.Unicode.GetBytes($"{{{Good}}}"))).ShouldBe(400);
    }

    [Theory]
    [InlineData("incidents")]
    [InlineData("actors")]
    [InlineData("sources")]
    [InlineData("incidents/a/corrections")]
    public async Task A_body_of_ten_megabytes_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, workspace.At(path)) { Content = new ByteArrayContent(new byte[10 << 20]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.ExpectContinue = true;
        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);

        (await Workspace.Read(response)).ShouldBeProblem(413, "too-large", " too-large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Another_media_type_is_refused(string mediaType) =>
        (await workspace.PostRaw("incidents", $"{{{Good}}}", mediaType: mediaType)).ShouldBeProblem(415, "unsupported-media-type");

    [Fact]
    public async Task A_wrong_method_is_refused()
    {
        (await workspace.Send(HttpMethod.Delete, "incidents/a", null)).ShouldBeProblem(405, "method-not-allowed");
        (await workspace.Send(HttpMethod.Put, "incidents", null)).ShouldBeProblem(405, "method-not-allowed");
        (await workspace.Get("nothing/here")).ShouldBeProblem(404, "not-found");
    }

    [Theory]
    [InlineData("incidents/a.b:c~d")]
    [InlineData("incidents/%F0%9F%98%80")]
    [InlineData("incidents/%ED%A0%80")]
    [InlineData("incidents/a%2Fb")]
    [InlineData("incidents/a%0Ab")]
    [InlineData("incidents/%27%3B--")]
    [InlineData("incidents/a/history?knownAsOf=0")]
    [InlineData("sources/%C3%9F")]
    [InlineData("actors/%01")]
    public async Task A_weird_id_is_just_not_there(string path) => (await workspace.Get(path)).Code.ShouldBe(404);

    [Fact]
    public async Task A_very_long_id_is_just_not_there()
    {
        (await workspace.Get($"incidents/{new string('a', 7_000)}")).ShouldBe(404);
        (await workspace.Get($"incidents/{new string('a', 100_000)}")).Code.ShouldBe(414);
    }

    [Theory]
    [InlineData("incidents?text=%00")]
    [InlineData("incidents?source=%00")]
    [InlineData("incidents?issue=a%0Ab")]
    [InlineData("relationships?sort=%1B")]
    public async Task Control_characters_in_a_question_are_refused(string path) =>
        (await workspace.Get(path)).ShouldBeProblem(400, "invalid-request");

    [Theory]
    [InlineData("incidents?text=%F0%9F%98%80")]
    [InlineData("incidents?text=%25")]
    [InlineData("incidents?text=")]
    public async Task A_question_without_a_word_is_refused(string path) =>
        (await workspace.Get(path)).ShouldBeProblem(400, "invalid-request", "text malformed");

    [Theory]
    [InlineData("relationships/AZE-RUS?dyad=FRA-ITA", "dyad")]
    [InlineData("incidents?workspace=other", "workspace")]
    [InlineData("actors/AZE?code=FRA", "code")]
    [InlineData("incidents?reader=x", "reader")]
    public async Task A_parameter_of_the_path_is_none_of_the_query(string path, string parameter) =>
        (await workspace.Get(path)).ShouldBeProblem(400, "invalid-request", $"{parameter} unknown-parameter");

    [Fact]
    public async Task What_will_be_known_later_cannot_be_asked_for() =>
        (await workspace.Get("relationships/AZE-RUS?knownAsOf=9999-12-31")).ShouldBeProblem(400, "invalid-request", "knownAsOf out-of-range");

    [Theory]
    [InlineData("incidents?text=%ED%A0%80")]
    [InlineData("incidents?text=%27%20or%201=1")]
    [InlineData("incidents?issue=%FF")]
    [InlineData("incidents?source=%27%3B")]
    public async Task Odd_texts_in_a_question_find_nothing(string path) => (await workspace.Get(path)).ShouldBe(200).Items.ShouldBeEmpty();

    [Theory]
    [InlineData("incidents", "MXwyfDM")]
    [InlineData("incidents", "fHw")]
    [InlineData("incidents", "%2F%2F%2F")]
    [InlineData("incidents", "")]
    [InlineData("incidents", "OTIyMzM3MjAzNjg1NDc3NTgwN3w5MjIzMzcyMDM2ODU0Nzc1ODA3fDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA")]
    [InlineData("relationships", "MHwwfDIxNDc0ODM2NDc")]
    [InlineData("relationships", "MHw5OTk5OTk5OTk5OTk5OTk5OTk5fDA")]
    [InlineData("relationships/AZE-RUS/contributions", "MHwwfC0x")]
    [InlineData("relationships/AZE-RUS/timeline", "8J-YgA")]
    public async Task A_cursor_that_was_tampered_with_is_refused(string path, string cursor) =>
        (await workspace.Get($"{path}?after={cursor}")).ShouldBeProblem(400, "invalid-request", "after malformed");

    [Theory]
    [InlineData("X-User", "")]
    [InlineData("Idempotency-Key", "")]
    [InlineData("If-Match", "\"-1\"")]
    [InlineData("If-Match", "\"99999999999999999999\"")]
    [InlineData("If-Match", "W/\"1\"")]
    public async Task A_header_that_cannot_be_read_is_named(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, workspace.At("incidents/a/retraction")) { Content = JsonContent.Create(Example.Reason()) };
        request.Headers.TryAddWithoutValidation(header, value);
        if (header != "If-Match")
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        }

        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
        (await Workspace.Read(response)).ShouldBeProblem(400, "invalid-request", $"{header} malformed");
    }

    [Theory]
    [InlineData("X-User", 201)]
    [InlineData("Idempotency-Key", 201)]
    public async Task A_header_that_is_too_long_is_named(string header, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, workspace.At("incidents")) { Content = JsonContent.Create(Example.Incident()) };
        request.Headers.TryAddWithoutValidation(header, new string('x', length));

        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
        (await Workspace.Read(response)).ShouldBeProblem(400, "invalid-request", $"{header} malformed");
    }

    /// <summary>What no client library sends: control characters in headers, NUL in the address, a length that is a lie.</summary>
    [Theory]
    [InlineData("POST /api/v1/w/sources HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\nX-User: a\u0001b\r\nConnection: close\r\n\r\n{\"id\":\"a\"}")]
    [InlineData("GET /api/v1/w/incidents/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v1/w/incidents/\u0000 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v1/w/incidents HTTP/1.1\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /api/v1/w/incidents HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /api/v1/w/incidents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\nConnection: close\r\n\r\n{}")]
    [InlineData("POST /api/v1/w/incidents HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n{}\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task What_is_not_HTTP_as_it_should_be_is_refused(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(workspace.Api.BaseAddress!.Host, workspace.Api.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.ShouldStartWith("HTTP/1.1 400 ");
    }

    [Fact]
    public async Task A_page_of_another_site_may_not_write()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, workspace.At("incidents")) { Content = JsonContent.Create(Example.Incident()) };
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");
        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);

        (await Workspace.Read(response)).ShouldBeProblem(403, "cross-site");
    }
}
