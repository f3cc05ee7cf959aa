using System.Net;

namespace GeoEvents.Tests.Cli;

public class FeedCommandTests
{
    private const string Feed =
        """
        {"name":"gdelt","address":"http://example.org/gdelt/","format":"gdelt2","ending":".export.CSV.zip","intervalSeconds":300,"state":"running","user":"ada",
         "createdAt":"2025-07-01T00:00:00Z","cursor":"2025-07-02T11:45:00Z","seenAt":"2025-07-02T11:55:00Z","failures":2,"lastError":"It answers with status 500.\u001b[2J",
         "lastErrorAt":"2025-07-02T11:59:00Z","nextAttempt":"2025-07-02T12:00:20Z","lagSeconds":1500,"waiting":2,"givenUp":1,
         "lastTaken":{"name":"20250702113000.export.CSV.zip","import":"0197c5a6-0000-7000-8000-000000000000","takenAt":"2025-07-02T11:31:07Z"}}
        """;

    [Fact]
    public async Task A_feed_is_added_with_what_was_said_and_shown_as_it_stands()
    {
        var shell = new Shell().Answers(Feed, HttpStatusCode.Created);

        (await shell.Run("feed", "add", "gdelt", "http://example.org/gdelt/lastupdate.txt", "--every", "300", "--from", "2025-07-01", "--user", "ada")).ShouldBe(0);

        var (method, address, body, user, _) = shell.Asked.Single();
        (method, user).ShouldBe((HttpMethod.Put, "ada"));
        address.ShouldEndWith("/api/v1/main/feeds/gdelt");
        body.ShouldBe("""{"address":"http://example.org/gdelt/lastupdate.txt","intervalSeconds":300,"from":"2025-07-01T00:00:00Z"}""");
        shell.Output.ShouldBe(
            """
            gdelt  http://example.org/gdelt/ (*.export.CSV.zip, gdelt2), every 300 seconds: running
            Lag           25 min; 2 files waiting
            Given up      1 file; 'geoevents feed check gdelt' tries again
            Last seen     2025-07-02 11:55Z, newest of 2025-07-02 11:45Z
            Last taken    20250702113000.export.CSV.zip at 2025-07-02 11:31:07Z, import 0197c5a6-0000-7000-8000-000000000000
            Last error    2025-07-02 11:59Z, 2 failures in a row: It answers with status 500.�[2J
            Next attempt  2025-07-02 12:00:20Z

            """.Replace("\r\n", "\n"));
    }

    [Theory]
    [InlineData("show", "GET", "")]
    [InlineData("check", "POST", "/check-now")]
    [InlineData("pause", "POST", "/pause")]
    [InlineData("resume", "POST", "/resume")]
    public async Task The_other_commands_name_the_feed(string verb, string method, string address)
    {
        var shell = new Shell().Answers(Feed);

        (await shell.Run("feed", verb, "gdelt")).ShouldBe(0);

        shell.Asked.Single().Method.Method.ShouldBe(method);
        shell.Asked.Single().Address.ShouldEndWith("/feeds/gdelt" + address);
        shell.Output.ShouldStartWith("gdelt  ");
    }

    [Fact]
    public async Task Feeds_are_listed_with_their_lag()
    {
        var shell = new Shell().Answers($$"""{"items":[{{Feed}}]}""");

        (await shell.Run("feed", "list")).ShouldBe(0);

        shell.Output.ShouldMatch(@"(?m)^gdelt\s+running\s+25 min\s+2\s+2\s+20250702113000\.export\.CSV\.zip\s+http://example\.org/gdelt/$");
    }

    [Fact]
    public async Task A_feed_is_removed_by_an_answer_without_a_body()
    {
        var shell = new Shell().Answers("", HttpStatusCode.NoContent);

        (await shell.Run("feed", "remove", "gdelt")).ShouldBe(0);

        shell.Asked.Single().Method.ShouldBe(HttpMethod.Delete);
    }

    [Fact]
    public async Task A_day_that_is_none_is_wrong_usage_and_nothing_is_sent()
    {
        var shell = new Shell();

        (await shell.Run("feed", "add", "gdelt", "http://example.org/", "--from", "yesterday")).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
    }
}
