namespace GeoEvents.IntegrationTests.Context;

public class ContextTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task The_sample_brings_its_profiles_stakes_and_pathway_once()
    {
        var file = await Relationships.ConformanceTests.SampleCase();
        await workspace.Import(file);

        var context = (await workspace.Get("relationships/AZE-RUS/context?validAsOf=2025-07-03")).ShouldBe(200);
        context["actors"].EnumerateArray().Select(a => $"{a.GetProperty("actor")}: {a.GetProperty("goals")[0]}; {a.GetProperty("constraints")[0]}").ShouldBe(
            ["AZE: Wider regional weight; Balancing Russia and Türkiye", "RUS: Keep influence in Armenia; Limited military resources"]);
        context["actors.0.memberOf.0"].GetString().ShouldBe("OTS");
        context["stakes"].EnumerateArray().Select(s => $"{s.GetProperty("stake").GetProperty("id")} {s.GetProperty("contested")}").ShouldBe(["nstc True", "zangezur-corridor True"]);
        context["pathways.0.steps"].EnumerateArray().Select(s => $"{s.GetProperty("id")} {s.GetProperty("state")}").ShouldBe(["s1 open", "s2 open", "s3 open"]);
        context["pathways.0.id"].GetString().ShouldBe("way-back-from-the-2025-crisis");
        (await workspace.Get("stakes/zangezur-corridor"))["touching.items"].EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldBe(["us-encouragement", "corridor-refusal"]);
        (await workspace.Get("stakes?dyad=ARM-IRN")).Ids.ShouldBe(["nstc", "zangezur-corridor"]);
        (await workspace.Get("stakes?actor=IND")).Ids.ShouldBe(["nstc"]);

        var position = await workspace.Position();
        (await workspace.Import(file)).Json.TryGetProperty("notes", out _).ShouldBeFalse();
        (await workspace.Position()).ShouldBe(position);
    }

    [Fact]
    public async Task What_a_file_states_otherwise_than_the_record_is_left_and_said()
    {
        await Put("actors/RUS/profile", new { reason = "x", goals = new[] { "Another" } });
        await workspace.Post("stakes", new { id = "nstc", name = "Another", heldBy = new[] { "AZE" } });
        await workspace.Import("""
            { "incidents": [ { "id": "i", "occurred": "2025-03-01", "title": "One", "type": "visit", "links": [ { "actor": "AZE", "recipient": "RUS" } ] } ],
              "actors": [ { "code": "RUS", "goals": [ "First" ] } ],
              "stakes": [ { "id": "nstc", "name": "Corridor", "heldBy": [ "AZE" ] }, { "id": "other", "name": "Other", "heldBy": [ "QQQ1" ] }, { "id": "good", "name": "Good", "heldBy": [ "AZE" ], "incidents": [ "i" ] } ],
              "pathways": [ { "dyad": "AZE-RUS", "name": "Back", "steps": [ { "title": "One", "state": "done", "incidents": [ "i" ] }, { "title": "Two", "due": "2025-12-31" } ] } ],
              "influenceClaims": [ { "incident": "i", "influencer": "USA", "likelihood": [ 0.1, 0.2 ], "confidence": "low", "basis": "A blog" },
                                   { "incident": "nowhere", "influencer": "USA", "likelihood": [ 0.1, 0.2 ], "confidence": "low", "basis": "A blog" } ] }
            """);

        (await workspace.Get("imports")).Items[0].GetProperty("notes").EnumerateArray().Select(n => n.GetString()).ShouldBe(
        [
            "The file describes the profile of RUS otherwise than the record, which was left as it is.",
            "The file describes stake 'nstc' otherwise than the record, which was left as it is.",
            "The file's stake 'other' was passed over: /stakes/1/heldBy/0: There is no actor 'QQQ1'. Register it first.",
            "The file's influence claim 'USA:nowhere' was passed over: /influenceClaims/1/incident: There is no incident 'nowhere'. Log it first.",
        ]);
        (await workspace.Get("actors/RUS/profile"))["goals.0"].GetString().ShouldBe("Another");
        (await workspace.Get("stakes")).Ids.ShouldBe(["good", "nstc"]);
        (await workspace.Get("stakes/good"))["touching.count"].GetInt32().ShouldBe(1);
        (await workspace.Get("pathways/back"))["steps.0.proven"].GetBoolean().ShouldBeTrue();
        (await workspace.Get("influence-claims")).Ids.ShouldBe(["USA:i"]);
    }

    [Theory]
    [InlineData("""{ "incidents": [], "stakes": [ { "id": "a", "name": "A" } ] }""", "/stakes/0/heldBy")]
    [InlineData("""{ "incidents": [], "pathways": [ { "dyad": "AZE-RUS", "name": "A", "steps": [] } ] }""", "/pathways/0/steps")]
    [InlineData("""{ "incidents": [], "pathways": [ { "dyad": "AZE-RUS", "name": "A", "steps": [ 7 ] } ] }""", "/pathways/0/steps/0")]
    [InlineData("""{ "incidents": [], "actors": [ { "code": "AZE", "goals": [ "" ] } ] }""", "/actors/0/goals/0")]
    [InlineData("""{ "incidents": [], "influenceClaims": [ { "incident": "i", "influencer": "USA", "likelihood": [ 2 ], "confidence": "low", "basis": "b" } ] }""", "/influenceClaims/0/likelihood")]
    public async Task A_case_whose_context_is_none_is_refused_whole_and_says_where(string file, string pointer)
    {
        var import = await workspace.Import(file, "?format=case");

        (import["state"].GetString(), import["failure"].GetString()!.Split(':')[0]).ShouldBe(("failed", pointer));
        (await workspace.Position()).ShouldBe(0);
    }

    /// <summary>Everything is changed after a position is kept; every read at it answers byte for byte as before.</summary>
    [Fact]
    public async Task The_past_answers_as_it_was_known()
    {
        await workspace.Post("actors", new { code = "OTS", name = "Organization", kind = "bloc", members = new[] { "AZE" } });
        await workspace.Log(Example.Incident("i", "2025-03-01", issues: ["corridor"]));
        await Put("actors/AZE/profile", new { reason = "x", goals = new[] { "Weight" } });
        await workspace.Post("stakes", new { id = "corridor", name = "Corridor", heldBy = new[] { "AZE" }, soughtBy = new[] { "RUS" } });
        await workspace.Post("influence-claims", new { id = "c", incident = "i", influencer = "USA", likelihood = new[] { 0.1, 0.2 }, confidence = "low", basis = "A blog" });
        await workspace.Post("pathways", new { dyad = "AZE-RUS", name = "Back", steps = new object[] { "One", new { title = "Two", state = "done", incidents = new[] { "i" } } } });
        await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 4, reason = "x" });
        await workspace.Post("relationships/AZE-RUS/checks", new { from = "2025-03-01", to = "2025-03-05", searched = "wires", found = "known-incidents-only" });
        var position = await workspace.Position();
        string[] paths =
        [
            "relationships/AZE-RUS/context", "relationships/AZE-RUS", "relationships", "relationships/AZE-RUS/assessments", "relationships/AZE-RUS/checks", "relationships/AZE-RUS/coverage",
            "coverage", "stakes", "stakes/corridor", "stakes/corridor/history", "influence-claims", "influence-claims/c", "influence-claims/c/history",
            "pathways", "pathways/back", "pathways/back/history", "actors/AZE/profile", "actors/AZE/profile/history", "actors/OTS/profile",
        ];
        var then = await Texts();

        await workspace.Post("incidents/i/corrections", new { reason = "x", changes = new { title = "Leaked" } }, ifMatch: "*");
        await workspace.Post("incidents/i/retraction", Example.Reason(), ifMatch: "*");
        await workspace.Log(Example.Incident("j", "2025-03-02", issues: ["corridor"]));
        await workspace.Post("actors/OTS/amendments", new { reason = "x", name = "Leaked", members = new[] { "RUS" } }, ifMatch: "*");
        (await Put("actors/AZE/profile", new { reason = "x", goals = new[] { "Leaked" } })).ShouldBe(200);
        (await workspace.Post("stakes/corridor/amendments", new { reason = "x", changes = new { name = "Leaked" } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("stakes/corridor/retirement", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("influence-claims/c/amendments", new { reason = "x", changes = new { basis = "Leaked" } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("influence-claims/c/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("pathways/back/steps/s1/progress", new { reason = "x", state = "abandoned" }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("pathways/back/amendments", new { reason = "x", name = "Leaked" }, ifMatch: "*")).ShouldBe(200);
        await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 5, reason = "Leaked" });
        await workspace.Post("relationships/AZE-RUS/checks", new { from = "2025-03-06", to = "2025-03-07", searched = "Leaked", found = "nothing" });

        (await Texts()).ShouldBe(then);
        var now = (await workspace.Get("relationships/AZE-RUS/context")).ShouldBe(200);
        (now["stakes"].GetArrayLength(), now["claims"].GetArrayLength(), now["pathways.0.name"].GetString(), now["assessed.rung"].GetInt32(), now["lastCheck.id"].GetString())
            .ShouldBe((0, 0, "Leaked", 5, "c2"));

        async Task<string> Texts()
        {
            var texts = new List<string>();
            foreach (var path in paths)
            {
                var valid = path.EndsWith("history", StringComparison.Ordinal) ? "" : "&validAsOf=2100-01-01";
                texts.Add((await workspace.Get($"{path}?knownAsOf={position}{valid}")).ShouldBe(200).Text);
            }

            string.Join('\n', texts).ShouldNotContain("Leaked");
            return string.Join('\n', texts);
        }
    }

    private Task<Reply> Put(string path, object body, string ifMatch = "*") => workspace.Send(HttpMethod.Put, path, JsonContent.Create(body), ifMatch);
}
