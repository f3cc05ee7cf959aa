using System.Net;
using System.Text.Json.Nodes;

namespace GeoEvents.Tests.Cli;

public class WhatIfCommandTests
{
    private const string Numbers =
        """
        "hostilitySlow":9,"cooperationFast":0,"cooperationSlow":0,"asymmetry":0.5,"pressure":2.5,"baseline":"insufficient","materialShare":0.25,"rise":1.25,"observation":"observed"
        """;

    private static readonly string Answer =
        $$$"""
        {"dyad":"AZE-RUS","validAsOf":"2025-07-02T00:00:00Z","knownAsOf":{"position":31},"method":"2026.1","shown":"As of 2 July 2025, 00:00 UTC, as known on 2 July 2025, 08:00 UTC (position 31), by method 2026.1.","counterfactual":true,"statement":"Counterfactual: supposed.",
         "changes":[
           {"change":"drop","id":"raid","title":"Raid [x]","occurred":"2025-06-27","touches":true,"tensionAlone":80.1,"effect":-6.2},
           {"change":"move","id":"ban","title":"Ban","occurred":"2025-08-01","fields":[{"field":"occurred","old":"2025-06-30","new":"2025-08-01"}],"touches":true,"tensionAlone":85,"effect":-1.3},
           {"change":"drop","id":"else","title":"Elsewhere","occurred":"2025-06-01","touches":false,"tensionAlone":86.3,"effect":0}],
         "real":{"state":{"hostilityFast":39.8,"tension":86.3,"warmth":0,"band":"acute","rung":4,"incidents":15,{{{Numbers}}}},
           "posture":{"rung":4,"name":"coercion","heldBy":"raid"},"measures":[{"id":"ban","title":"Ban","actor":"AZE","since":"2025-06-30T00:00:00Z"}]},
         "hypothetical":{"state":{"hostilityFast":30.1,"tension":77.8,"warmth":0,"band":"crisis","rung":3,"incidents":14,{{{Numbers}}}},
           "posture":{"rung":3,"name":"sanctions","heldBy":"old"},"measures":[]},
         "difference":{"hostilityFast":-9.7,"tension":-8.5,"warmth":0,"rung":-1},
         "series":{"step":"P1D","points":[
           {"at":"2025-07-01T00:00:00Z","real":{"hostilityFast":0,"tension":40,"warmth":0,"rung":0},"hypothetical":{"hostilityFast":0,"tension":20,"warmth":0,"rung":0}},
           {"at":"2025-07-02T00:00:00Z","real":{"hostilityFast":0,"tension":80,"warmth":0,"rung":0},"hypothetical":{"hostilityFast":0,"tension":40,"warmth":0,"rung":0}}]}}
        """;

    [Fact]
    public async Task What_is_supposed_is_sent_as_changes_and_shown_beside_reality()
    {
        var shell = new Shell().Answers(Answer);

        (await shell.Run(
            "what-if", "rus-aze", "--drop", "raid", "--drop", "else", "--move", "ban=2025-08-01", "--recode", "note=protest", "--recode", "visit=036",
            "--reattribute", "x=RUS:AZE:0.3,AZE:RUS", "--valid-as-of", "2025-07-02", "--known-as-of", "31")).ShouldBe(0, shell.Error);

        var (method, address, body, _, _) = shell.Asked.Single();
        method.ShouldBe(HttpMethod.Post);
        address.ShouldEndWith("/api/v1/main/relationships/AZE-RUS/counterfactual");
        JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(
            """
            {"series":{},"validAsOf":"2025-07-02","knownAsOf":"31","changes":{"drop":["raid","else"],"move":[{"id":"ban","occurred":"2025-08-01"}],
             "recode":[{"id":"note","type":"protest"},{"id":"visit","cameo":"036"}],
             "reattribute":[{"id":"x","links":[{"actor":"RUS","recipient":"AZE","attribution":0.3},{"actor":"AZE","recipient":"RUS"}]}]}}
            """)).ShouldBeTrue(body);
        shell.Output.ShouldBe(
            """
            AZE-RUS  Azerbaijan and Russia, and what if
            As of 2 July 2025, 00:00 UTC, as known on 2 July 2025, 08:00 UTC (position 31), by method 2026.1.
            Counterfactual: supposed.

                             real  hypothetical  difference
            tension    86.3 acute   77.8 crisis        -8.5
            warmth            0.0           0.0         0.0
            hostility        39.8          30.1        -9.7
            posture    4 coercion   3 sanctions          -1
            held by          raid           old
            measures            1             0        -ban
            incidents          15            14

            What each change does alone
            points  change  of                                incident   id
              -6.2  drop    2025-06-27                        Raid [x]   raid
              -1.3  move    occurred 2025-06-30 → 2025-08-01  Ban        ban
              none  drop    2025-06-01                        Elsewhere  else
            Where it says none, nothing of AZE-RUS is another.

            Tension from 2025-07-01 to 2025-07-02, up to 80.0, step P1D
            real          ▄█
            hypothetical  ▂▄

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task What_is_added_comes_from_a_document_and_what_is_saved_is_put_once_it_was_answered()
    {
        var shell = new Shell { Input = """[{"title":"One"},{"title":"Two"}]""" }.Answers(Answer).Answers("{}", HttpStatusCode.Created);

        (await shell.Run("what-if", "AZE-RUS", "--add", "-", "--save", "two-more")).ShouldBe(0);

        shell.Asked.Select(a => $"{a.Method} {a.Address.Split("/main/")[1]}").ShouldBe(["POST relationships/AZE-RUS/counterfactual", "PUT overlays/two-more"]);
        shell.Asked[1].Body.ShouldBe("""{"changes":{"add":[{"title":"One"},{"title":"Two"}]}}""");
        shell.Output.ShouldEndWith("\nKept as overlay two-more: geoevents what-if AZE-RUS --overlay two-more\n");
    }

    [Fact]
    public async Task What_the_service_refuses_is_not_saved()
    {
        var shell = new Shell().Answers("""{"type":"urn:x","title":"The request is wrong.","detail":"There is no incident 'x'.","status":400}""", HttpStatusCode.BadRequest);

        (await shell.Run("what-if", "AZE-RUS", "--drop", "x", "--save", "without-x")).ShouldBe(1);

        shell.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_overlay_is_named_and_json_is_one_document_as_it_came()
    {
        var shell = new Shell().Answers(Answer);

        (await shell.Run("what-if", "AZE-RUS", "--overlay", "calm", "--json")).ShouldBe(0);

        shell.Asked.Single().Body.ShouldBe("""{"series":{},"overlay":"calm"}""");
        shell.Output.ShouldBe(Answer + "\n");
    }

    [Theory]
    [InlineData("what-if", "AZE-RUS")]
    [InlineData("what-if", "nonsense", "--drop", "x")]
    [InlineData("what-if", "AZE-RUS", "--move", "x")]
    [InlineData("what-if", "AZE-RUS", "--recode", "=protest")]
    [InlineData("what-if", "AZE-RUS", "--reattribute", "x=RUS")]
    [InlineData("what-if", "AZE-RUS", "--reattribute", "x=RUS:AZE:much")]
    [InlineData("what-if", "AZE-RUS", "--add", "/no/such/file")]
    [InlineData("what-if", "AZE-RUS", "--overlay", "calm", "--save", "calmer")]
    public async Task What_cannot_be_asked_is_wrong_usage(params string[] args)
    {
        var shell = new Shell();

        (await shell.Run(args)).ShouldBe(2);

        shell.Asked.ShouldBeEmpty();
        shell.Error.ShouldNotBeEmpty();
        shell.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_that_is_not_json_is_wrong_usage()
    {
        var shell = new Shell { Input = "not json" };

        (await shell.Run("what-if", "AZE-RUS", "--add", "-")).ShouldBe(2);

        shell.Error.ShouldContain("'-' holds no JSON");
    }
}
