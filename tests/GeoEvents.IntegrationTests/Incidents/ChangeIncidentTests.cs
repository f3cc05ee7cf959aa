namespace GeoEvents.IntegrationTests.Incidents;

public class ChangeIncidentTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_correction_keeps_old_and_new_value_reason_and_user()
    {
        await workspace.Log(Example.Incident("i", title: "Envoy sumoned"));
        var corrected = (await workspace.Post(
            "incidents/i/corrections", new { reason = "typo", changes = new { title = "Envoy summoned", deaths = 2 } }, ifMatch: "\"1\"", user: "amina")).ShouldBe(200);

        (corrected["title"].GetString(), corrected["deaths"].GetInt32(), corrected.ETag, corrected["changeClass"].GetString())
            .ShouldBe(("Envoy summoned", 2, "\"2\"", "correction"));
        var history = (await workspace.Get("incidents/i/history")).ShouldBe(200);
        history["entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["incident_logged", "incident_corrected"]);
        var fact = history["entries.1.fact"];
        (history["entries.1.user"].GetString(), fact.GetProperty("reason").GetString()).ShouldBe(("amina", "typo"));
        fact.GetProperty("changes").GetRawText().ShouldBe("""[{"field":"title","old":"Envoy sumoned","new":"Envoy summoned"},{"field":"deaths","new":2}]""");
    }

    [Fact]
    public async Task A_correction_that_changes_nothing_records_nothing()
    {
        await workspace.Log(Example.Incident("i"));

        (await workspace.Post("incidents/i/corrections", new { reason = "sure", changes = new { title = "Envoy summoned" } }, ifMatch: "*")).ShouldBe(200).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task A_correction_moves_an_incident_to_another_relationship()
    {
        await workspace.Log(Example.Incident("i"));
        (await workspace.Post(
            "incidents/i/corrections", new { reason = "wrong state", changes = new { links = new[] { new { actor = "ARM", recipient = "RUS" } } } }, ifMatch: "\"1\"")).ShouldBe(200);

        (await workspace.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(0);
        (await workspace.Get("relationships/ARM-RUS"))["incidents"].GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{ "reason": "x", "changes": { "id": "j" } }""", "/changes/id unknown-field")]
    [InlineData("""{ "reason": "x", "changes": { "colour": "red" } }""", "/changes/colour unknown-field")]
    [InlineData("""{ "reason": "x", "changes": { "deaths": "many" } }""", "/changes/deaths malformed")]
    [InlineData("""{ "reason": "x", "changes": { "type": "no-such-type" } }""", "/changes/type unknown-type")]
    [InlineData("""{ "reason": "x", "changes": { "type": null } }""", "/changes/type required")]
    [InlineData("""{ "reason": "x", "changes": { "occurred": null } }""", "/changes/occurred required")]
    [InlineData("""{ "reason": "x", "changes": { "links": [ { "actor": "QQQ1", "recipient": "RUS" } ] } }""", "/changes/links/0/actor unknown-actor")]
    [InlineData("""{ "reason": "x", "changes": { "links": [ null ] } }""", "/changes/links/0 malformed")]
    [InlineData("""{ "reason": "x", "changes": { } }""", "/changes required")]
    [InlineData("""{ "changes": { "title": "New" } }""", "/reason required")]
    public async Task A_correction_that_leaves_no_incident_is_refused(string correction, string fault)
    {
        await workspace.Log(Example.Incident("i"));

        (await workspace.PostRaw("incidents/i/corrections", correction, ifMatch: "\"1\"")).ShouldBeProblem(400, "invalid-request", fault);
        (await workspace.Get("incidents/i")).ETag.ShouldBe("\"1\"");
    }

    /// <summary>The rule that breaks names another field than the correction does.</summary>
    [Fact]
    public async Task An_incident_cannot_lose_its_only_code()
    {
        await workspace.Log(new { id = "c", occurred = "2025-03-01", title = "Coded", cameo = "112", links = new[] { new { actor = "AZE", recipient = "RUS" } } });

        (await workspace.Post("incidents/c/corrections", new { reason = "x", changes = new { cameo = (string?)null } }, ifMatch: "\"1\""))
            .ShouldBeProblem(400, "invalid-request", "/changes/type required");
        (await workspace.Get("relationships/AZE-RUS")).ShouldBe(200);
    }

    [Fact]
    public async Task A_retracted_incident_can_be_read_but_no_longer_counts_until_it_is_reinstated()
    {
        await workspace.Log(Example.Incident("i"));
        var before = (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02"))["tension"].GetDouble();
        before.ShouldBeGreaterThan(0);

        var retracted = (await workspace.Post("incidents/i/retraction", Example.Reason("a hoax"), ifMatch: "\"1\"")).ShouldBe(200);
        (retracted["retracted"].GetBoolean(), retracted["changeClass"].GetString(), retracted.ETag).ShouldBe((true, "retraction", "\"2\""));
        (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02"))["tension"].GetDouble().ShouldBe(0);
        (await workspace.Get("incidents/i")).ShouldBe(200)["retracted"].GetBoolean().ShouldBeTrue();
        (await workspace.Get("incidents")).Items.ShouldBeEmpty();
        (await workspace.Get("incidents?retracted=only")).Ids.ShouldBe(["i"]);

        (await workspace.Post("incidents/i/reinstatement", Example.Reason("no hoax"), ifMatch: "\"2\"")).ShouldBe(200)["changeClass"].GetString().ShouldBe("reinstatement");
        (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02"))["tension"].GetDouble().ShouldBe(before);
    }

    [Fact]
    public async Task Retracting_and_reinstating_twice_is_as_good_as_once()
    {
        await workspace.Log(Example.Incident("i"));
        (await workspace.Post("incidents/i/reinstatement", Example.Reason(), ifMatch: "*")).ShouldBe(200).ETag.ShouldBe("\"1\"");
        (await workspace.Post("incidents/i/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await workspace.Post("incidents/i/retraction", Example.Reason("again"), ifMatch: "*")).ShouldBe(200).ETag.ShouldBe("\"2\"");
    }

    [Theory]
    [InlineData("corrections", """{ "reason": "x", "changes": { "title": "New" } }""")]
    [InlineData("grade", """{ "reason": "x", "credibility": 0.9 }""")]
    [InlineData("reports", """{ "source": "wire" }""")]
    [InlineData("reports/r1/withdrawal", """{ "reason": "x" }""")]
    public async Task A_retracted_incident_takes_no_changes(string change, string body)
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Post("incidents/i/retraction", Example.Reason(), ifMatch: "*");

        (await workspace.PostRaw($"incidents/i/{change}", body.Replace("\"wire\"", "\"wire\", \"credibility\": 4"), ifMatch: "*")).ShouldBeProblem(409, "incident-retracted");
    }

    [Theory]
    [InlineData("corrections", """{ "reason": "x", "changes": { "title": "New" } }""")]
    [InlineData("retraction", """{ "reason": "x" }""")]
    [InlineData("reinstatement", """{ "reason": "x" }""")]
    [InlineData("grade", """{ "reason": "x", "credibility": 0.9 }""")]
    [InlineData("regrading", """{ "reason": "x" }""")]
    [InlineData("reports/r1/withdrawal", """{ "reason": "x" }""")]
    public async Task A_change_needs_the_version_it_was_made_for(string change, string body)
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire" }]));

        (await workspace.PostRaw($"incidents/i/{change}", body)).ShouldBeProblem(428, "precondition-required", "If-Match required");
        (await workspace.PostRaw($"incidents/i/{change}", body, ifMatch: "\"7\"")).ShouldBeProblem(412, "version-changed", "If-Match version-changed");
        (await workspace.PostRaw($"incidents/i/{change}", body, ifMatch: "soon")).ShouldBeProblem(400, "invalid-request", "If-Match malformed");
        (await workspace.PostRaw($"incidents/nobody/{change}", body, ifMatch: "*")).ShouldBeProblem(404, "incident-not-found");
        (await workspace.Get("incidents/i")).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task A_further_report_raises_credibility_and_its_withdrawal_takes_that_back()
    {
        await workspace.Register("wire-a", "A");
        await workspace.Register("wire-b", "B");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire-a", credibility = 2 }]));

        var attached = (await workspace.Post("incidents/i/reports", new { source = "wire-b", credibility = 1, quote = "Confirmed." })).ShouldBe(200);
        // logit .70 + logit (.5 + .4·.85)
        attached["credibility.value"].GetDouble().ShouldBe(1 / (1 + Math.Exp(-(Math.Log(.7 / .3) + Math.Log(.84 / .16)))), 1e-12);
        attached["reports.1.id"].GetString().ShouldBe("r2");

        var withdrawn = (await workspace.Post("incidents/i/reports/r2/withdrawal", Example.Reason("taken back"), ifMatch: attached.ETag)).ShouldBe(200);
        withdrawn["credibility.value"].GetDouble().ShouldBe(.7, 1e-12);
        withdrawn["reports"].GetArrayLength().ShouldBe(1);
        (await workspace.Post("incidents/i/reports", new { source = "wire-b", credibility = 3 })).ShouldBe(200)["reports.1.id"].GetString().ShouldBe("r3", "a number is never used again");
    }

    [Fact]
    public async Task The_same_report_again_changes_nothing()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire", credibility = 2 }]));

        (await workspace.Post("incidents/i/reports", new { source = "wire", credibility = 2 })).ShouldBe(200).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task A_report_of_an_unknown_source_is_refused_unless_it_brings_the_source()
    {
        await workspace.Log(Example.Incident("i"));

        (await workspace.Post("incidents/i/reports", new { source = "blog" })).ShouldBeProblem(400, "invalid-request", "/source unknown-source");
        (await workspace.Post("incidents/i/reports", new { source = "blog", register = new { sources = new[] { new { id = "blog", reliability = "D" } } } })).ShouldBe(200);
        (await workspace.Post("incidents/i/reports/r9/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBeProblem(404, "report-not-found");
    }

    [Fact]
    public async Task An_analysts_grade_counts_beside_the_computed_one_until_it_is_given_back()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire", credibility = 2 }]));

        var graded = (await workspace.Post("incidents/i/grade", new { credibility = 0.95, reason = "seen it" }, ifMatch: "\"1\"")).ShouldBe(200);
        (graded["credibility.value"].GetDouble(), graded["credibility.set"].GetDouble()).ShouldBe((0.95, 0.95));
        graded["credibility.computed"].GetDouble().ShouldBe(.7, 1e-12);
        (await workspace.Get("incidents/i/history"))["entries.1.fact"].GetProperty("computed").GetDouble().ShouldBe(.7, 1e-12);

        var back = (await workspace.Post("incidents/i/grade", new { credibility = (double?)null, reason = "was too sure" }, ifMatch: "\"2\"")).ShouldBe(200);
        back["credibility.value"].GetDouble().ShouldBe(.7, 1e-12);
        (await workspace.Post("incidents/i/grade", new { credibility = 1.01, reason = "x" }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/credibility out-of-range");
    }

    [Fact]
    public async Task Reports_take_over_a_new_grade_of_their_source_only_when_told_to()
    {
        await workspace.Register("wire", "A");
        await workspace.Log(Example.Incident("i", reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Log(Example.Incident("j", title: "Other", reports: [new { source = "wire", credibility = 1 }]));
        (await workspace.Post("sources/wire/grade", new { reliability = "E", reason = "caught inventing" }, ifMatch: "\"1\"")).ShouldBe(200);
        (await workspace.Get("incidents/i"))["credibility.value"].GetDouble().ShouldBe(.9, 1e-12);

        (await workspace.Post("incidents/i/regrading", Example.Reason(), ifMatch: "\"1\"")).ShouldBe(200)["credibility.value"].GetDouble().ShouldBe(.56, 1e-12);
        (await workspace.Get("incidents/j"))["credibility.value"].GetDouble().ShouldBe(.9, 1e-12);

        (await workspace.Post("sources/wire/regrading", Example.Reason())).ShouldBe(200)["regraded"].GetInt32().ShouldBe(1);
        (await workspace.Get("incidents/j"))["credibility.value"].GetDouble().ShouldBe(.56, 1e-12);
    }

    [Fact]
    public async Task An_incident_can_be_read_as_it_was_known()
    {
        var logged = await workspace.Log(Example.Incident("i", title: "First version"));
        await workspace.Post("incidents/i/corrections", new { reason = "x", changes = new { title = "Second version" } }, ifMatch: "*");
        var position = logged["position"].GetInt64();

        (await workspace.Get($"incidents/i?knownAsOf={position}")).ShouldBe(200)["title"].GetString().ShouldBe("First version");
        (await workspace.Get($"incidents/i?knownAsOf={logged["recordedAt"].GetString()}")).ShouldBe(200)["title"].GetString().ShouldBe("First version");
        (await workspace.Get($"incidents/i/history?knownAsOf={position}"))["entries"].GetArrayLength().ShouldBe(1);
        (await workspace.Get($"incidents/i?knownAsOf={position - 1}")).ShouldBeProblem(404, "incident-not-found");
        (await workspace.Get("incidents/i?knownAsOf=2020-01-01")).ShouldBeProblem(404, "incident-not-found");
        (await workspace.Get($"incidents/i?knownAsOf={position + 1000000}")).ShouldBeProblem(400, "invalid-request", "knownAsOf unknown-position");
    }
}
