namespace GeoEvents.IntegrationTests.Context;

/// <summary>Profiles, stakes, influence claims and pathways, each as a client makes and changes it.</summary>
public class PartsOfContextTests(GeoEventsHost host)
{
    private static readonly object Claim = new { id = "c", incident = "i", influencer = "USA", likelihood = new[] { 0.05, 0.2 }, confidence = "low", basis = "A blog" };

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task Any_actor_has_a_profile_which_is_stated_whole_for_the_version_that_was_seen()
    {
        var empty = (await workspace.Get("actors/RUS/profile")).ShouldBe(200);
        (empty.ETag, empty["goals"].GetArrayLength()).ShouldBe(("\"0\"", 0));
        (await Put(new { reason = "x", goals = new[] { "One" } }, null)).ShouldBeProblem(428, "precondition-required");
        (await Put(new { reason = "x", goals = new[] { "One" } }, "\"0\"")).ShouldBe(201).ETag.ShouldBe("\"1\"");
        (await Put(new { reason = "x", goals = new[] { "Two" } }, "\"0\"")).ShouldBeProblem(412, "version-changed");
        (await Put(new { reason = "x", goals = new[] { "One" } }, "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"1\"");
        (await Put(new { reason = "y", constraints = new[] { "Two" }, note = "n" }, "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await Put(new { reason = "", goals = new[] { "" } }, "*")).ShouldBeProblem(400, "invalid-request", "/reason required", "/goals/0 required");
        (await Put(new { reason = "x", goals = Array.Empty<string>() }, "*")).ShouldBeProblem(400, "invalid-request", "/goals required");

        var history = (await workspace.Get("actors/RUS/profile/history")).ShouldBe(200);
        history["entries"].EnumerateArray().Select(e => $"{e.GetProperty("version")} {e.GetProperty("kind")} {e.GetProperty("fact").GetProperty("actor")} {e.GetProperty("fact").GetProperty("reason")}")
            .ShouldBe(["1 profile_stated RUS x", "2 profile_stated RUS y"]);
        (await workspace.Get("actors/QQQ1/profile")).ShouldBeProblem(404, "actor-not-found");
        (await workspace.Get("actors/FRA/profile/history")).ShouldBeProblem(404, "profile-not-found");

        Task<Reply> Put(object body, string? ifMatch) => workspace.Send(HttpMethod.Put, "actors/RUS/profile", JsonContent.Create(body), ifMatch);
    }

    [Fact]
    public async Task A_stake_is_touched_by_its_tags_its_id_and_the_incidents_it_names_up_to_V()
    {
        await workspace.Log(Example.Incident("by-tag", "2025-03-01", issues: ["transit"]));
        await workspace.Log(Example.Incident("by-id", "2025-03-02", issues: ["corridor"]));
        await workspace.Log(Example.Incident("by-name", "2025-03-03"));
        await workspace.Log(Example.Incident("not", "2025-03-04", issues: ["other"]));
        var registered = (await workspace.Post("stakes", Stake())).ShouldBe(201);
        (registered.Location, registered.ETag).ShouldBe((workspace.At("stakes/corridor"), "\"1\""));
        (await workspace.Post("stakes", Stake())).ShouldBe(200).Text.ShouldBe(registered.Text);
        (await workspace.Post("stakes", Stake("Another"))).ShouldBeProblem(409, "stake-exists", "/id stake-exists");

        (await Touching("")).ShouldBe("3: by-name by-id by-tag");
        (await Touching("?limit=1")).ShouldBe("3: by-name");
        (await Touching("?validAsOf=2025-03-02")).ShouldBe("2: by-id by-tag");
        await workspace.Post("incidents/by-id/retraction", Example.Reason(), ifMatch: "*");
        (await Touching("")).ShouldBe("2: by-name by-tag");
        (await workspace.Post("stakes/corridor/amendments", new { reason = "x", changes = new { issues = (object?)null, kind = "road" } }, ifMatch: "\"1\"")).ShouldBe(200)["kind"].GetString().ShouldBe("road");
        (await Touching("")).ShouldBe("1: by-name");
        (await workspace.Post("stakes/corridor/retirement", Example.Reason(), ifMatch: "\"2\"")).ShouldBe(200)["retired"].GetBoolean().ShouldBeTrue();
        (await workspace.Post("stakes/corridor/amendments", new { reason = "x", changes = new { kind = "rail" } }, ifMatch: "*")).ShouldBeProblem(409, "stake-retired");
        (await workspace.Get("stakes/corridor/history"))["entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString())
            .ShouldBe(["stake_registered", "stake_amended", "stake_retired"]);

        async Task<string> Touching(string query)
        {
            var touching = (await workspace.Get($"stakes/corridor{query}")).ShouldBe(200)["touching"];
            return $"{touching.GetProperty("count")}: {string.Join(' ', touching.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()))}";
        }

        static object Stake(string name = "Corridor") => new { id = "corridor", name, heldBy = new[] { "ARM" }, soughtBy = new[] { "AZE" }, issues = new[] { "transit" }, incidents = new[] { "by-name" } };
    }

    [Fact]
    public async Task A_stake_names_actors_and_incidents_on_record_only()
    {
        await workspace.Log(Example.Incident("gone"));
        await workspace.Post("incidents/gone/retraction", Example.Reason(), ifMatch: "*");
        (await workspace.Post("stakes", new { id = "s", name = "S", heldBy = new[] { "QQQ1" }, incidents = new[] { "nowhere", "gone" } }))
            .ShouldBeProblem(400, "invalid-request", "/heldBy/0 unknown-actor", "/incidents/0 unknown-incident", "/incidents/1 incident-retracted");
        (await workspace.Post("stakes", new { id = "s", name = "S", heldBy = new[] { "AZE" } })).ShouldBe(201);
        (await workspace.Post("stakes/s/amendments", new { reason = "x", changes = new { soughtBy = new[] { "QQQ1" } } }, ifMatch: "*"))
            .ShouldBeProblem(400, "invalid-request", "/changes/soughtBy/0 unknown-actor");
        (await workspace.Post("stakes/s/amendments", new { reason = "x", changes = new { heldBy = 7 } }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/changes/heldBy malformed");
        (await workspace.Post("stakes/s/amendments", new { reason = "x", changes = new { id = "t" } }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/changes/id unknown-field");
        (await workspace.Post("stakes/s/amendments", new { reason = "x", changes = new { name = "" } }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/changes/name required");
        (await workspace.Post("stakes/s/amendments", new { reason = "x", changes = new { name = "T" } })).ShouldBeProblem(428, "precondition-required");
        (await workspace.Post("stakes/t/amendments", new { reason = "x", changes = new { name = "T" } }, ifMatch: "*")).ShouldBeProblem(404, "stake-not-found");
        (await workspace.Get("stakes?dyad=AZE")).ShouldBeProblem(400, "invalid-request", "dyad malformed");
    }

    [Fact]
    public async Task Stakes_come_page_by_page_as_they_were_at_the_first()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await workspace.Post("stakes", new { id, name = id, heldBy = new[] { "AZE" } });
        }

        var first = (await workspace.Get("stakes?limit=2")).ShouldBe(200);
        await workspace.Post("stakes", new { id = "d", name = "d", heldBy = new[] { "AZE" } });

        first.Ids.ShouldBe(["a", "b"]);
        (await workspace.Get($"stakes?limit=2&after={first["next"].GetString()}")).Ids.ShouldBe(["c"]);
        (await workspace.Get("stakes?after=x")).ShouldBeProblem(400, "invalid-request", "after malformed");
    }

    [Fact]
    public async Task An_influence_claim_is_shown_beside_its_incident_and_enters_no_number()
    {
        await workspace.Log(Example.Incident("i"));
        var before = (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02")).ShouldBe(200);
        (await workspace.Post("influence-claims", Claim)).ShouldBe(201)["likelihoodWords"].GetString().ShouldBe("very unlikely");
        (await workspace.Post("influence-claims", Claim)).ShouldBe(200);
        (await workspace.Post("influence-claims", new { id = "d", incident = "i", influencer = "RUS", likelihood = new[] { 0.05, 0.2 }, confidence = "low", basis = "A blog" }))
            .ShouldBeProblem(400, "invalid-request", "/influencer contradiction");

        var after = (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02")).ShouldBe(200);
        WithoutPoint(after).ShouldBe(WithoutPoint(before));

        static string WithoutPoint(Reply reply) => reply.Text.Replace(reply["knownAsOf"].GetRawText(), "").Replace(reply["shown"].GetRawText(), "");
        (await workspace.Get("influence-claims?dyad=AZE-RUS&actor=USA&incident=i")).Ids.ShouldBe(["c"]);
        foreach (var other in new[] { "dyad=AZE-USA", "actor=RUS", "incident=j" })
        {
            (await workspace.Get($"influence-claims?{other}")).Items.ShouldBeEmpty(other);
        }

        (await workspace.Get("influence-claims/c"))["about.standing"].GetString().ShouldBe("on-record");
        (await workspace.Get("influence-claims/c?validAsOf=2025-02-01"))["about.standing"].GetString().ShouldBe("after-valid");
        await workspace.Post("incidents/i/retraction", Example.Reason(), ifMatch: "*");
        (await workspace.Get("influence-claims/c"))["about.standing"].GetString().ShouldBe("retracted");
        (await workspace.Post("influence-claims/c/amendments", new { reason = "x", changes = new { likelihood = new[] { 0.4, 0.6 }, confidence = "moderate" } }, ifMatch: "\"1\"")).ShouldBe(200)["confidence"].GetString().ShouldBe("moderate");
        (await workspace.Post("influence-claims/c/withdrawal", Example.Reason(), ifMatch: "\"2\"")).ShouldBe(200)["withdrawn"].GetBoolean().ShouldBeTrue();
        (await workspace.Post("influence-claims/c/amendments", new { reason = "x", changes = new { basis = "y" } }, ifMatch: "*")).ShouldBeProblem(409, "claim-withdrawn");
        (await workspace.Get("relationships/AZE-RUS/context"))["claims"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_claim_without_an_id_gets_one_and_what_it_names_is_on_record()
    {
        await workspace.Log(Example.Incident("i"));
        var made = (await workspace.Post("influence-claims", new { incident = "i", influencer = "USA", likelihood = new[] { 0.1, 0.2 }, confidence = "high", basis = "b" })).ShouldBe(201);
        (await workspace.Get($"influence-claims/{made["id"].GetString()}")).ShouldBe(200);

        (await workspace.Post("influence-claims", new { incident = "j", influencer = "QQQ1", likelihood = new[] { 0.1, 0.2 }, confidence = "high", basis = "b", sources = new[] { "wire" } }))
            .ShouldBeProblem(400, "invalid-request", "/incident unknown-incident", "/influencer unknown-actor", "/sources/0 unknown-source");
        (await workspace.Post("influence-claims", new { incident = "i", influencer = "USA", likelihood = new[] { -0.1, 0.2 }, basis = "b" }))
            .ShouldBeProblem(400, "invalid-request", "/likelihood out-of-range", "/confidence required");
        (await workspace.Post($"influence-claims/{made["id"].GetString()}/amendments", new { reason = "x", changes = new { likelihood = new[] { 0.1, 1.2 }, sources = new[] { "wire" } } }, ifMatch: "*"))
            .ShouldBeProblem(400, "invalid-request", "/changes/likelihood out-of-range");
    }

    [Fact]
    public async Task A_step_is_done_by_an_incident_on_record_and_a_retracted_proof_is_shown_as_such()
    {
        await workspace.Log(Example.Incident("i", title: "Apology"));
        var laid = (await workspace.Post("pathways", new { dyad = "RUS-AZE", name = "Way back", steps = new object[] { "One", new { title = "Two", due = "2025-01-01" } } })).ShouldBe(201);
        (laid.Location, laid["dyad"].GetString()).ShouldBe((workspace.At("pathways/way-back"), "AZE-RUS"));

        (await Progress("s1", new { reason = "x", state = "done" })).ShouldBeProblem(400, "invalid-request", "/incidents required");
        (await Progress("s1", new { reason = "x", state = "done", incidents = new[] { "nowhere" } })).ShouldBeProblem(400, "invalid-request", "/incidents/0 unknown-incident");
        (await Progress("s9", new { reason = "x", state = "under-way" })).ShouldBeProblem(404, "step-not-found");
        (await Progress("s1", new { reason = "x" })).ShouldBeProblem(400, "invalid-request", "/state required");
        (await Progress("s1", new { reason = "x", state = "done", incidents = new[] { "i" } }, "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await Progress("s1", new { reason = "x", state = "done", incidents = new[] { "i" } }, "\"2\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        var known = await workspace.Position();
        (await workspace.Get("pathways/way-back"))["next"].GetString().ShouldBe("s2");
        (await Step(0)).ShouldBe("done True on-record Apology");

        await workspace.Post("incidents/i/retraction", Example.Reason(), ifMatch: "*");
        (await Step(0)).ShouldBe("done False retracted Apology", "it is not dropped");
        (await Step(0, known)).ShouldBe("done True on-record Apology", "as known before");
        (await workspace.Get("pathways/way-back"))["steps.1.overdue"].GetBoolean().ShouldBeTrue();
        (await Progress("s2", new { reason = "x", due = "2025-02-01", undated = true })).ShouldBeProblem(400, "invalid-request", "/undated contradiction");
        (await Progress("s2", new { reason = "x", undated = true })).ShouldBe(200)["steps.1"].TryGetProperty("due", out _).ShouldBeFalse();
        (await workspace.Get("pathways/way-back"))["steps.1.overdue"].GetBoolean().ShouldBeFalse();
        (await workspace.Get($"pathways/way-back?knownAsOf={known}"))["steps.1.due"].GetString().ShouldBe("2025-01-01");
        (await Progress("s1", new { reason = "x", state = "done", incidents = new[] { "i" } })).ShouldBeProblem(400, "invalid-request", "/incidents required");
        await workspace.Post("incidents/i/reinstatement", Example.Reason(), ifMatch: "*");
        (await Step(0)).ShouldBe("done True on-record Apology");

        Task<Reply> Progress(string step, object body, string ifMatch = "*") => workspace.Post($"pathways/way-back/steps/{step}/progress", body, ifMatch);

        async Task<string> Step(int index, long? at = null)
        {
            var step = (await workspace.Get($"pathways/way-back{(at is null ? "" : $"?knownAsOf={at}")}")).ShouldBe(200)[$"steps.{index}"];
            var proof = step.GetProperty("proofs")[0];
            return $"{step.GetProperty("state")} {step.GetProperty("proven")} {proof.GetProperty("standing")} {proof.GetProperty("incident").GetProperty("title")}";
        }
    }

    [Fact]
    public async Task A_pathway_is_renamed_ordered_and_grows_and_loses_no_step()
    {
        await workspace.Post("pathways", new { id = "p", dyad = "AZE-RUS", name = "Back", steps = new[] { "One", "Two" } });

        (await Amend(new { reason = "x", add = new[] { "Three" }, order = new[] { "s3", "s2" } })).ShouldBeProblem(400, "invalid-request", "/order required");
        (await Amend(new { reason = "x", order = new[] { "s2", "s1", "s9", "s1" } })).ShouldBeProblem(400, "invalid-request", "/order/2 unknown-step", "/order/3 repeated");
        (await Amend(new { reason = "x" })).ShouldBeProblem(400, "invalid-request", "/add required");
        (await Amend(new { reason = "x", add = new object[] { new { id = "s1", title = "Again" } } })).ShouldBeProblem(400, "invalid-request", "/add/0/id repeated");
        var amended = (await Amend(new { reason = "x", name = "Road", add = new[] { "Three" }, order = new[] { "s3", "s2", "s1" } })).ShouldBe(200);
        amended["steps"].EnumerateArray().Select(s => s.GetProperty("title").GetString()).ShouldBe(["Three", "Two", "One"]);
        (await workspace.Post("pathways", new { id = "p", dyad = "AZE-RUS", name = "Back", steps = new[] { "One", "Two" } })).ShouldBe(200);
        (await workspace.Post("pathways", new { id = "p", dyad = "AZE-RUS", name = "Back", steps = new[] { "One" } })).ShouldBeProblem(409, "pathway-exists");
        (await workspace.Post("pathways", new { dyad = "AZE-QQQ1", name = "Back", steps = new[] { "One" } })).ShouldBeProblem(400, "invalid-request", "/dyad unknown-actor");
        (await workspace.Get("pathways?dyad=AZE-RUS")).Ids.ShouldBe(["p"]);
        (await workspace.Get("pathways?dyad=AZE-ARM")).Items.ShouldBeEmpty();
        (await workspace.Get("pathways/p/history"))["entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["pathway_laid_out", "pathway_amended"]);

        Task<Reply> Amend(object body) => workspace.Post("pathways/p/amendments", body, ifMatch: "*");
    }
}
