using System.Net;
using System.Text.Json.Nodes;

namespace GeoEvents.Tests.Cli;

public class LogCommandTests
{
    private const string Logged =
        """
        {"id":"raid","occurred":"2025-07-02T11:00:00Z","title":"Raid","type":"property-seized","links":[{"actor":"AZE","recipient":"RUS","attribution":1}],
         "tau":"2025-07-02T11:00:00Z","version":1,"position":7,"recordedAt":"2025-07-02T12:00:00Z","changeClass":"live",
         "suggestions":[{"id":"raid-2","title":"A raid","occurred":"2025-07-02","similarity":0.5}]}
        """;

    [Fact]
    public async Task Words_and_options_become_the_body_that_the_service_takes()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created);

        await shell.Run(
            "log", "rus", "AZE", "violence-against-nationals", "Police raid in Yekaterinburg", "--on", "2025-06-27T01:00:00Z", "--deaths", "2", "--detained", "9:8:10",
            "--attribution", "0.8", "--report", "wire-a:2", "--report", "mid-ru:3:denies", "--report", "blog", "--place", "Yekaterinburg,RUS,56.84,60.61",
            "--issue", "yekaterinburg", "--id", "yek", "--opens", "--responds-to", "x", "--intent", "deliberate", "--zone", "Asia/Baku", "--summary", "More",
            "--source-new", "blog:A blog:e:grp:rus", "--actor-new", "ots:Turkic States:bloc", "--json");

        JsonNode.DeepEquals(JsonNode.Parse(shell.Asked.Single().Body), JsonNode.Parse(
            """
            {"id":"yek","occurred":"2025-06-27T01:00:00Z","zone":"Asia/Baku","title":"Police raid in Yekaterinburg","summary":"More","type":"violence-against-nationals",
             "links":[{"actor":"RUS","recipient":"AZE","attribution":0.8}],"place":{"name":"Yekaterinburg","country":"RUS","latitude":56.84,"longitude":60.61},
             "deaths":2,"detained":{"best":9,"low":8,"high":10},"intent":"deliberate","measure":{"opens":true},"respondsTo":"x","issues":["yekaterinburg"],
             "reports":[{"source":"wire-a","credibility":2},{"source":"mid-ru","credibility":3,"stance":"denies"},{"source":"blog"}],
             "register":{"actors":[{"code":"OTS","name":"Turkic States","kind":"bloc"}],
               "sources":[{"id":"blog","name":"A blog","reliability":"E","group":"grp","affiliation":"RUS"}]}}
            """)).ShouldBeTrue(shell.Asked.Single().Body);
    }

    [Theory]
    [InlineData("Metz", """{"name":"Metz"}""")]
    [InlineData("Metz, FRA", """{"name":"Metz","country":"FRA"}""")]
    [InlineData("Washington, D.C.,USA,38.9,-77.04", """{"name":"Washington, D.C.","country":"USA","latitude":38.9,"longitude":-77.04}""")]
    [InlineData("Sea,1.5,-2", """{"name":"Sea","latitude":1.5,"longitude":-2}""")]
    public void A_place_is_read_from_the_right(string text, string json) =>
        GeoEvents.Cli.Commands.IncidentBody.PlaceOf(text).ToJsonString().ShouldBe(json);

    [Fact]
    public async Task A_cameo_code_stands_in_for_the_type()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created);

        await shell.Run("log", "FRA", "DEU", "Talks in Metz", "--cameo", "036", "--json");

        var body = JsonNode.Parse(shell.Asked.Single().Body)!;
        ((string?)body["title"], (string?)body["cameo"], body["type"]).ShouldBe(("Talks in Metz", "036", null));
    }

    [Fact]
    public async Task Without_a_date_it_happened_now()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created);

        await shell.Run("log", "AZE", "RUS", "protest", "Note", "--json");

        shell.Asked.Single().Body.ShouldContain("\"occurred\":\"2025-07-02T12:00:00Z\"");
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_under_the_same_key()
    {
        var shell = new Shell().Fails(new HttpRequestException(HttpRequestError.ResponseEnded, "gone")).Answers(Logged, HttpStatusCode.Created);

        (await shell.Run("log", "AZE", "RUS", "protest", "Note", "--json")).ShouldBe(0);

        shell.Asked.Count.ShouldBe(2);
        shell.Asked[0].Key.ShouldNotBeNull().ShouldBe(shell.Asked[1].Key);
        shell.Asked[0].Body.ShouldBe(shell.Asked[1].Body);
    }

    [Fact]
    public async Task The_same_command_has_the_same_key_and_another_command_another()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created).Answers(Logged, HttpStatusCode.Created).Answers(Logged, HttpStatusCode.Created);

        await shell.Run("log", "AZE", "RUS", "protest", "Note", "--json");
        await shell.Run("log", "AZE", "RUS", "protest", "Note", "--json");
        await shell.Run("log", "AZE", "RUS", "protest", "Another note", "--json");

        shell.Asked[1].Key.ShouldBe(shell.Asked[0].Key);
        shell.Asked[2].Key.ShouldNotBe(shell.Asked[0].Key);
    }

    [Fact]
    public async Task Its_effect_is_read_just_before_and_just_after_it_and_likely_duplicates_are_a_warning()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created)
            .Answers(Relationship(tension: 44.96, "strained", rung: 3)).Answers(Relationship(tension: 47.31, "tense", rung: 4));

        (await shell.Run("log", "AZE", "RUS", "property-seized", "Raid")).ShouldBe(0);

        shell.Output.ShouldBe("Logged raid\nAZE-RUS, now: tension 45.0 → 47.3 (strained → tense), posture 3 p3 → 4 p4\n");
        shell.Error.ShouldContain("may be the same as raid-2");
        shell.Asked[1].Address.ShouldContain("knownAsOf=6");
        shell.Asked[2].Address.ShouldContain("knownAsOf=7");
    }

    [Fact]
    public async Task What_was_on_record_already_is_said_to_be()
    {
        var shell = new Shell().Answers(Logged, HttpStatusCode.Created, ("Idempotency-Replayed", "true"));

        (await shell.Run("log", "AZE", "RUS", "property-seized", "Raid")).ShouldBe(0);

        shell.Output.ShouldContain("nothing was recorded");
        shell.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("log", "AZE", "RUS", "protest")]
    [InlineData("log", "AZE", "RUS", "protest", "Note", "--report", "a:b")]
    [InlineData("log", "AZE", "RUS", "protest", "Note", "--deaths", "few")]
    [InlineData("log", "AZE", "RUS", "protest", "Note", "--source-new", "x")]
    [InlineData("log", "AZE", "RUS", "protest", "Note", "--intent", "maybe")]
    [InlineData("log", "AZE", "RUS", "protest", "Note", "--file", "-")]
    public async Task What_cannot_be_sent_is_wrong_usage(params string[] args)
    {
        var shell = new Shell();

        (await shell.Run(args)).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
        shell.Error.ShouldNotBeEmpty();
        shell.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_from_standard_input_is_sent_as_it_is()
    {
        var shell = new Shell { Input = """{ "title" : "as it is" }""" }.Answers(Logged, HttpStatusCode.Created);

        await shell.Run("log", "--file", "-", "--json");

        shell.Asked.Single().Body.ShouldBe(shell.Input);
    }

    internal static string Relationship(double tension, string band, int rung) =>
        $$"""
        {"dyad":"AZE-RUS","validAsOf":"2025-07-02T12:00:00Z","knownAsOf":{"position":7,"recordedAt":"2025-07-02T11:59:00Z"},"method":"2026.1","hostilityFast":10,
         "hostilitySlow":9,"cooperationFast":0,"cooperationSlow":0,"tension":{{tension.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"warmth":0,"band":"{{band}}",
         "asymmetry":0.5,"pressure":2.5,"baseline":"insufficient","materialShare":0.25,"rung":{{rung}},"posture":{"rung":{{rung}},"name":"p{{rung}}","heldBy":"raid"},
         "rise":1.25,"arrow":"deteriorated","relativeLevel":{"percentile":97.2,"days":812,"highestSince":"2024-05-01T00:00:00Z"},
         "measures":[{"id":"m1","title":"Office [closed]","type":"office-closed","actor":"AZE","since":"2025-02-15T00:00:00Z"}],
         "observation":"observed","incidents":3,"firstIncident":"2022-02-22T00:00:00Z","lastIncident":"2025-07-01T15:00:00Z","addedLater":true}
        """;
}
