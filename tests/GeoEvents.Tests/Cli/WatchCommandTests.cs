using System.Net;

namespace GeoEvents.Tests.Cli;

public class WatchCommandTests
{
    private const string Logged =
        """{"number":8,"type":"incident_logged","recordedAt":"2025-07-02T11:55:07Z","dyads":["AZE-RUS"],"subject":"incident/raid","user":"ada","data":{"content":{"id":"raid","title":"Raid \u001b[2J in Baku","type":"armed-clash"},"newer":1}}""";

    private const string Fired =
        """{"number":9,"type":"alert_fired","recordedAt":"2025-07-02T11:55:08Z","dyads":["AZE-RUS"],"subject":"alert/crisis.AZE-RUS.1","rule":"crisis","data":{"severity":"critical","receipt":{"values":{"tension":61.54}}}}""";

    private const string Silenced =
        """{"number":10,"type":"alert_fired","recordedAt":"2025-07-02T11:55:09Z","dyads":["AZE-RUS"],"subject":"alert/crisis.AZE-RUS.2","rule":"crisis","data":{"severity":"warning","silence":"night","receipt":{"values":{"tension":61.54}}}}""";

    private const string Episode =
        """{"alert":{"id":"crisis.AZE-RUS.1","rule":"crisis","ruleVersion":1,"dyad":"AZE-RUS","state":"firing","severity":"critical","firedAt":"2025-07-02T11:55:08Z","title":"Crisis","headline":"Tension on AZE-RUS rose to \u202e61.5, above 60","version":1},"causes":[]}""";

    private const string Retracted =
        """{"number":12,"type":"incident_retracted","recordedAt":"2025-07-02T11:56:00Z","dyads":["ARM-AZE","ARM-TUR","AZE-RUS"],"subject":"incident/raid","data":{"reason":"never took place"}}""";

    private static string Opening(long after) => $"retry: 1500\nid: {after}\n\n";

    private static string Event(long id, string type, string data) => $"id: {id}\nevent: {type}\ndata: {data}\n\n";

    [Fact]
    public async Task Each_item_is_a_line_with_its_time_its_gravity_or_kind_whom_it_touches_and_what_it_says()
    {
        var shell = new Shell()
            .Streams(Opening(7) + Event(8, "incident_logged", Logged) + "event: heartbeat\ndata: {\"head\":8}\n\n" + Event(9, "alert_fired", Fired) + Event(10, "alert_fired", Silenced) + "id: 11\n\n" + Event(12, "incident_retracted", Retracted), "text/event-stream")
            .Answers(Episode)
            .Answers("""{"type":"urn:geoevents:problem:unavailable","title":"t","status":503}""", HttpStatusCode.ServiceUnavailable)
            .Fails(new OperationCanceledException());

        (await shell.Run("watch", "aze-rus", "ARM-AZE", "--alerts", "--type", "incident_logged", "--rule", "crisis", "--after", "5", "-w", "main")).ShouldBe(130);

        shell.Asked[0].Address.ShouldEndWith(
            "/api/v1/main/feed?dyad=AZE-RUS&dyad=ARM-AZE&type=incident_logged&type=alert_acknowledged&type=alert_amended&type=alert_annotated&type=alert_assigned"
            + "&type=alert_fired&type=alert_recalled&type=alert_resolved&type=alert_severity_raised&rule=crisis");
        shell.Output.ShouldBe(
            """
            2025-07-02 11:55:07Z  incident logged       AZE-RUS   Raid �[2J in Baku (armed-clash)
            2025-07-02 11:55:08Z  CRITICAL              AZE-RUS   Tension on AZE-RUS rose to �61.5, above 60
            2025-07-02 11:55:09Z  WARNING (silenced)    AZE-RUS   crisis.AZE-RUS.2  tension 61.54
            2025-07-02 11:56:00Z  incident retracted    ARM-AZE ARM-TUR +1  raid: never took place

            """.Replace("\r\n", "\n"));
        shell.Asked[1].Address.ShouldEndWith("/api/v1/main/alerts/crisis.AZE-RUS.1?knownAsOf=9");
        shell.Error.ShouldEndWith("To go on: geoevents watch --after 12 aze-rus ARM-AZE --alerts --type incident_logged --rule crisis -w main\n");
    }

    [Fact]
    public async Task A_broken_connection_is_opened_again_after_the_last_event_that_came_whole()
    {
        var shell = new Shell()
            .Streams(Opening(7), "text/event-stream")
            .Streams(Opening(7) + Event(8, "incident_logged", Logged) + "id: 9\nevent: alert_fired\ndata: {\"numb", "text/event-stream")
            .Fails(new HttpRequestException(HttpRequestError.ConnectionError))
            .Answers("""{"type":"urn:geoevents:problem:unavailable","title":"t","status":503}""", HttpStatusCode.ServiceUnavailable)
            .Streams(Opening(8) + Event(9, "alert_fired", Fired), "text/event-stream")
            .Fails(new OperationCanceledException());

        (await shell.Run("watch", "--json")).ShouldBe(130);

        shell.Output.ShouldBe($"{Logged}\n{Fired}\n");
        shell.LastEventIds.ShouldBe([null, "7", "8", "8", "8", "9"]);
        shell.Error.Split('\n').Count(line => line == "The connection broke; trying again.").ShouldBe(3);
        shell.Error.ShouldContain("Connected again; going on after number 8.");
    }

    [Fact]
    public async Task A_log_that_is_another_one_is_said_and_followed_from_its_end()
    {
        var shell = new Shell()
            .Streams("retry: 1500\nid: 3\nevent: reset\ndata: {\"asked\":\"99\",\"after\":3}\n\n" + Event(4, "incident_logged", Logged), "text/event-stream")
            .Fails(new OperationCanceledException());

        (await shell.Run("watch", "--after", "99", "--json")).ShouldBe(130);

        shell.LastEventIds.ShouldBe(["99", "4"]);
        shell.Output.ShouldBe($"{Logged}\n");
        shell.Error.ShouldContain("Going on after number 3.");
    }

    [Fact]
    public async Task What_the_service_refuses_and_a_service_that_is_not_there_end_it_at_once()
    {
        var refused = new Shell().Answers("""{"type":"urn:geoevents:problem:invalid-request","title":"The request is wrong.","status":400,"detail":"Not a kind of fact."}""", HttpStatusCode.BadRequest);
        (await refused.Run("watch", "--type", "nothing")).ShouldBe(1);
        refused.Error.ShouldContain("Not a kind of fact.");

        (await new Shell().Fails(new HttpRequestException(HttpRequestError.ConnectionError)).Run("watch")).ShouldBe(4);
        (await new Shell().Run("watch", "AZE")).ShouldBe(2);
        (await new Shell().Run("watch", "--after", "-1")).ShouldBe(2);
    }

    [Theory]
    [InlineData("watch --after abc")]
    [InlineData("watch --after 99999999999999999999")]
    [InlineData("replay AZE-RUS --after abc")]
    [InlineData("replay AZE-RUS --pace abc")]
    [InlineData("alerts --limit 99999999999")]
    [InlineData("feed add gdelt https://example.org/ --every abc")]
    [InlineData("rule test crisis --lead-hours abc")]
    [InlineData("rule enable crisis --version-number 99999999999")]
    public async Task A_number_that_is_none_is_wrong_usage(string command) => (await new Shell().Run(command.Split(' '))).ShouldBe(2);
}
