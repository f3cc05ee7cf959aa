using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Cli;

public class ReadingCommandTests
{
    private const string Contributions =
        """
        {"dyad":"AZE-RUS","validAsOf":"2025-07-02T12:00:00Z","knownAsOf":{"position":7},"method":"2026.1","tension":45.3,"incidents":3,"items":[
          {"id":"raid","title":"Raid","occurred":"2025-07-01","tau":"2025-07-01T00:00:00Z","type":"property-seized","phi":9,"share":40.04,"tensionWithout":5.06,"marginal":40}],
         "rest":5.26,"rollUps":{}}
        """;

    private const string Incident = """{"id":"raid","occurred":"2025-07-01","title":"Raid \u001b[31mred","type":"property-seized","links":[{"actor":"AZE","recipient":"RUS"}]}""";

    [Fact]
    public async Task A_relationship_is_shown_with_what_holds_it_and_all_of_it_at_one_point()
    {
        var shell = new Shell().Answers(LogCommandTests.Relationship(45.3, "tense", 4)).Answers(Contributions).Answers(Incident);

        (await shell.Run("show", "RUS-AZE", "--valid-as-of", "2025-07-02T12:00:00+00:00", "--known-as-of", "2025-07-02")).ShouldBe(0);

        shell.Asked[0].Address.ShouldEndWith("/api/v1/main/relationships/AZE-RUS?validAsOf=2025-07-02T12%3A00%3A00%2B00%3A00&knownAsOf=2025-07-02");
        shell.Asked[1].Address.ShouldContain("knownAsOf=7");
        shell.Asked[2].Address.ShouldEndWith("/incidents/raid?knownAsOf=7");
        shell.Output.ShouldContain("Tension    45.3 tense, +1.3 in 7 days; this month deteriorated");
        shell.Output.ShouldContain("Driven by  AZE 75 %, RUS 25 % of hostility");
        shell.Output.ShouldContain("97th percentile of its last 812 days; highest since 2024-05-01");
        shell.Output.ShouldContain("Office [closed]");
        shell.Output.ShouldContain("5.3", customMessage: "the rest of the contributions");
        shell.Output.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task An_assessed_posture_is_shown_below_the_computed_one()
    {
        var assessed = LogCommandTests.Relationship(45.3, "tense", 4).Replace(
            "\"rise\"",
            """
            "assessed":{"id":"a1","rung":6,"name":"threat-of-force","reason":"Threats [private]","author":"ana","madeAt":"2025-07-01T10:00:00Z",
             "expiresAt":"2025-08-01T00:00:00Z","likelihood":[0.6,0.75],"likelihoodWords":"likely","confidence":"moderate"},"rise"
            """);
        var shell = new Shell().Answers(assessed).Answers(Contributions).Answers(Incident);

        await shell.Run("show", "AZE-RUS");

        shell.Output.ShouldContain("Posture    4 p4, held by raid");
        shell.Output.ShouldContain("Assessed   6 threat-of-force by ana on 2025-07-01, until 2025-08-01: Threats [private] (likely) (confidence moderate)");
    }

    [Theory]
    [InlineData("observed", "No incident is on record at that point, and somebody searched: calm, as far as it was looked at.")]
    [InlineData("unobserved", "Nothing is on record at that point: unobserved, which is not the same as calm.")]
    public async Task Silence_is_calm_only_where_somebody_looked(string observation, string said)
    {
        var silent = LogCommandTests.Relationship(0, "quiet", 0).Replace("\"observation\":\"observed\",\"incidents\":3", $"\"observation\":\"{observation}\",\"incidents\":0").Replace(",\"heldBy\":\"raid\"", "");
        var shell = new Shell().Answers(silent).Answers(Contributions);

        await shell.Run("show", "AZE-RUS");

        shell.Output.ShouldContain(said);
    }

    [Fact]
    public async Task Json_is_one_document_as_it_came()
    {
        var document = LogCommandTests.Relationship(45.3, "tense", 4);
        var shell = new Shell().Answers(document);

        await shell.Run("show", "AZE-RUS", "--json");

        shell.Output.ShouldBe(document + "\n");
        shell.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_no_relationship_is_an_incident_and_its_text_cannot_steer_the_terminal()
    {
        var shell = new Shell().Answers(Incident);

        await shell.Run("show", "raid", "--mode", "as-it-looked-then", "--valid-as-of", "2025-07-02");

        shell.Asked.Single().Address.ShouldEndWith("/incidents/raid?validAsOf=2025-07-02&mode=as-it-looked-then");
        shell.Output.ShouldContain("Raid \uFFFD[31mred");
    }

    [Fact]
    public async Task An_incident_that_is_not_there_ends_with_5_and_the_relationship_is_suggested()
    {
        var shell = new Shell().Answers("""{"type":"urn:x","title":"No.","detail":"There is no incident 'aze-rus'.","status":404}""", HttpStatusCode.NotFound);

        (await shell.Run("show", "aze-rus")).ShouldBe(5);

        shell.Error.ShouldBe("There is no incident 'aze-rus'.\nFor the relationship: geoevents show AZE-RUS\n");
    }

    [Fact]
    public async Task A_refusal_names_each_field()
    {
        var shell = new Shell().Answers(
            """
            {"type":"urn:x","title":"The request is wrong.","detail":"Not a type.","status":400,
             "errors":[{"pointer":"/type","code":"unknown-type","detail":"Not a type."},{"parameter":"sort","code":"x","detail":"Not a sort."}]}
            """, HttpStatusCode.BadRequest);

        (await shell.Run("log", "AZE", "RUS", "nonsense", "Note")).ShouldBe(1);

        shell.Error.ShouldBe("The request is wrong.\n  /type: Not a type.\n  sort: Not a sort.\n");
        shell.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_one_message_that_says_how_to_start_it()
    {
        var shell = new Shell().Fails(new HttpRequestException(HttpRequestError.ConnectionError, "refused"));

        (await shell.Run("show", "--url", "http://127.0.0.1:9")).ShouldBe(4);

        shell.Error.ShouldBe(
            "No GeoEvents service answers at http://127.0.0.1:9/\nStart one with 'geoevents serve', or say where it is with --url or GEOEVENTS_URL.\n");
    }

    [Fact]
    public async Task Something_else_that_answers_is_not_taken_for_the_service()
    {
        var shell = new Shell().Answers("<html>", HttpStatusCode.BadGateway);

        (await shell.Run("show")).ShouldBe(4);
    }

    [Fact]
    public async Task Url_workspace_and_user_come_from_options_else_from_the_environment()
    {
        var shell = new Shell { Variables = { ["GEOEVENTS_URL"] = "http://one:1/", ["GEOEVENTS_WORKSPACE"] = "red" } }
            .Answers("""{"items":[],"knownAsOf":0}""").Answers("""{"items":[],"knownAsOf":0}""");

        await shell.Run("show");
        await shell.Run("show", "--url", "http://two:2", "--workspace", "blue", "--user", "zoë");

        (shell.Asked[0].Address, shell.Asked[0].User).ShouldBe(("http://one:1/api/v1/red/relationships", "ada"));
        (shell.Asked[1].Address, shell.Asked[1].User).ShouldBe(("http://two:2/api/v1/blue/relationships", "zoë"));
    }

    [Theory]
    [InlineData("show", "--url", "nowhere")]
    [InlineData("show", "--workspace", "Main")]
    [InlineData("show", "--sort", "size")]
    [InlineData("show", "AZE-RUS", "--history")]
    [InlineData("show", "AZE-RUS", "--sort", "last")]
    [InlineData("timeline", "AZE-AZE")]
    [InlineData("timeline", "AZE-RUS", "--from", "2025-07-02")]
    [InlineData("timeline", "AZE-RUS", "--series", "P1D", "--limit", "3")]
    [InlineData("diff", "AZE-RUS")]
    [InlineData("diff", "AZE-RUS", "--valid-as-of", "2025-07-02")]
    [InlineData("diff", "AZE-AZE", "--from-known-as-of", "7")]
    [InlineData("diff")]
    [InlineData("import", "no-such-file")]
    [InlineData("sample", "mars")]
    [InlineData("frobnicate")]
    [InlineData("completion", "tcsh")]
    public async Task Wrong_usage_ends_with_2_and_asks_nobody(params string[] args)
    {
        var shell = new Shell();

        (await shell.Run(args)).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
        shell.Error.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_import_is_followed_to_its_end_and_rejections_end_with_3()
    {
        const string Id = "0198c0de-0000-7000-8000-000000000000";
        const string Common = $$"""{"id":"{{Id}}","format":"jsonl","user":"ada","createdAt":"2025-07-02T12:00:00Z" """;
        var shell = new Shell { Input = "a\nb\nc\n" }
            .Answers(Common + ""","state":"queued"}""", HttpStatusCode.Accepted)
            .Streams($"event: progress\ndata: {Common},\"state\":\"running\",\"total\":1,\"taken\":1}}\nid: 1\n\n", "text/event-stream")
            .Answers(Common + ""","state":"completed","total":3,"taken":1,"skipped":1,"skippedBy":{"no-second-state":1},"rejected":1}""")
            .Answers("""{"items":[{"line":3,"column":"/title","reason":"An incident needs a title.","raw":"c"}]}""");

        (await shell.Run("import", "-", "--format", "jsonl")).ShouldBe(3);

        shell.Asked[1].Address.ShouldEndWith($"/imports/{Id}/events");
        shell.Asked[2].Address.ShouldEndWith($"/imports/{Id}", customMessage: "events ended before the import did, so it is asked for");
        shell.Asked[0].Body.ShouldBe(shell.Input);
        shell.Asked[0].Address.ShouldEndWith("/imports?format=jsonl");
        shell.Output.ShouldContain("of them no-second-state");
        shell.Output.ShouldContain("An incident needs a title.");
    }

    [Fact]
    public async Task Imports_are_listed_cancelled_and_their_rejected_rows_printed_byte_by_byte()
    {
        const string Id = "0198c0de-0000-7000-8000-000000000000";
        const string Import = $$"""{"id":"{{Id}}","format":"jsonl","name":"a.jsonl","user":"ada","createdAt":"2025-07-02T12:00:00Z","state":"cancelled","fileKept":true}""";

        var list = new Shell().Answers($$"""{"items":[{{Import}}]}""");
        (await list.Run("import", "list")).ShouldBe(0, list.Error);
        list.Output.ShouldContain("a.jsonl");

        var cancel = new Shell().Answers(Import);
        (await cancel.Run("import", "cancel", Id)).ShouldBe(0, cancel.Error);
        (cancel.Asked[0].Method, cancel.Asked[0].Address.EndsWith($"/imports/{Id}/cancel", StringComparison.Ordinal)).ShouldBe((HttpMethod.Post, true));
        cancel.Output.ShouldContain($"geoevents import resume {Id}");

        var rejected = new Shell().Streams("a\tb\u001b\n", "application/octet-stream");
        (await rejected.Run("import", "rejected", Id)).ShouldBe(0, rejected.Error);
        rejected.Bytes.ToArray().ShouldBe("a\tb\u001b\n"u8.ToArray());
    }

    [Fact]
    public async Task An_import_that_failed_ends_with_1()
    {
        var shell = new Shell { Input = "x" }.Answers(
            """{"id":"0198c0de-0000-7000-8000-000000000000","format":"case","user":"ada","createdAt":"2025-07-02T12:00:00Z","state":"failed","failure":"Not JSON."}""");

        (await shell.Run("import", "-")).ShouldBe(1);

        shell.Output.ShouldContain("Not JSON.");
    }

    [Fact]
    public async Task A_sample_comes_with_its_rules_but_for_those_whose_ids_are_taken()
    {
        var (one, other) = (ReadyMadeRule.Of(ReadyMadeRules.All[0]), ReadyMadeRule.Of(ReadyMadeRules.All[1]));
        var shell = new Shell()
            .Answers("""{"id":"0198c0de-0000-7000-8000-000000000000","format":"case","user":"ada","createdAt":"2025-07-02T12:00:00Z","state":"completed","total":20,"taken":20}""")
            .Answers(JsonSerializer.Serialize(new { items = new[] { one, other } }, GeoJson.Options))
            .Answers("""{"title":"There is another rule of this id."}""", HttpStatusCode.Conflict)
            .Answers("{}", HttpStatusCode.Created)
            .Answers("{}");

        (await shell.Run("sample", "south-caucasus")).ShouldBe(0, shell.Error);

        shell.Asked.Skip(1).Select(a => a.Address[(a.Address.LastIndexOf("/main/", StringComparison.Ordinal) + 6)..])
            .ShouldBe(["rules/ready-made", "rules", "rules", $"rules/{other.Id}/enablement"]);
        JsonSerializer.Deserialize<AlertRule>(shell.Asked[3].Body, GeoJson.Options)!.Title.ShouldBe(other.Title);
    }

    [Fact]
    public async Task A_series_ends_in_a_line_of_blocks()
    {
        var points = string.Join(',', Enumerable.Range(0, 3).Select(i =>
            $$"""{"at":"2025-07-0{{i + 1}}T00:00:00Z","tension":{{40 * i}},"warmth":0,"band":"quiet","materialShare":0,"rung":0,"incidents":{{i}}}"""));
        var shell = new Shell().Answers($$"""{"dyad":"AZE-RUS","knownAsOf":{"position":7},"method":"2026.1","step":"P1D","points":[{{points}}]}""");

        await shell.Run("timeline", "aze-rus", "--series", "P1D", "--from", "2025-07-01", "--to", "2025-07-03");

        shell.Output.ShouldEndWith("AZE-RUS tension, 0.0 to 80.0, step P1D\n▁▄█\n");
    }

    [Fact]
    public async Task Every_command_has_help_with_examples_under_the_name_that_people_type()
    {
        foreach (var command in (string[])["", "log", "show", "timeline", "explain", "replay", "diff", "verify", "context", "import", "export", "sample", "serve", "completion"])
        {
            var shell = new Shell();
            (await shell.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).ShouldBe(0);
            shell.Output.ShouldContain("Examples:", customMessage: command);
            shell.Output.ShouldContain($"  geoevents {command}".TrimEnd(), customMessage: command);
        }
    }

    [Fact]
    public async Task The_examples_of_logging_name_types_that_there_are()
    {
        var shell = new Shell();
        await shell.Run("log", "--help");

        var types = Regex.Matches(shell.Output, "^  geoevents log [A-Z]{3} [A-Z]{3} ([a-z-]+) ", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ToList();

        types.Count.ShouldBeGreaterThan(3);
        types.ShouldAllBe(type => Methods.Shipped.FindType(type) != null);
    }

    [Theory]
    [InlineData("geoevents ", "timeline")]
    [InlineData("geoevents show --so", "--sort")]
    [InlineData("geoevents log AZ", "AZE")]
    [InlineData("geoevents log AZE RUS nationals", "nationals-arrested")]
    [InlineData("geoevents sample ", "south-caucasus")]
    public async Task A_shell_is_told_what_may_come_next(string line, string expected)
    {
        var shell = new Shell();

        (await shell.Run($"[suggest:{line.Length}]", line)).ShouldBe(0);

        shell.Output.Split('\n', StringSplitOptions.TrimEntries).ShouldContain(expected);
    }
}
