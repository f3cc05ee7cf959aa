namespace GeoEvents.IntegrationTests.Assessments;

public class AssessmentTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task An_analysts_posture_stands_beside_the_computed_one_and_changes_no_number()
    {
        await workspace.Log(Example.Incident("i"));
        var before = (await workspace.Get("relationships/AZE-RUS?validAsOf=2100-01-01")).ShouldBe(200);

        var made = (await Assess(new { posture = 6, reason = "Threats in private", expiresAt = "2150-01-01T00:00:00Z", likelihood = new[] { 0.6, 0.75 }, confidence = "moderate" })).ShouldBe(201);
        (made["id"].GetString(), made["rung"].GetInt32(), made["name"].GetString(), made["author"].GetString(), made["likelihoodWords"].GetString(), made.ETag)
            .ShouldBe(("a1", 6, "threat-of-force", "ana", "likely", "\"1\""));

        var after = (await workspace.Get("relationships/AZE-RUS?validAsOf=2100-01-01")).ShouldBe(200);
        after["assessed"].GetRawText().ShouldBe(made.Text);
        foreach (var number in new[] { "rung", "posture", "tension", "hostilityFast", "arrow", "relativeLevel" })
        {
            after[number].GetRawText().ShouldBe(before[number].GetRawText());
        }

        var line = (await workspace.Get("relationships?validAsOf=2100-01-01")).Items.Single();
        (line.GetProperty("rung").GetInt32(), line.GetProperty("assessed").GetProperty("rung").GetInt32(), line.GetProperty("assessed").GetProperty("posture").GetString())
            .ShouldBe((before["rung"].GetInt32(), 6, "threat-of-force"));
    }

    [Fact]
    public async Task It_holds_from_its_recording_to_its_expiry_and_the_past_answers_as_before()
    {
        await workspace.Log(Example.Incident("i"));
        var first = await Assess(new { posture = 4, reason = "x" });
        await Assess(new { posture = 7, reason = "y", expiresAt = "2100-01-01T00:00:00Z" });
        var position = await Position();
        string[] paths =
        [
            $"relationships/AZE-RUS?validAsOf=2099-12-31&knownAsOf={position}", $"relationships/AZE-RUS/assessments?validAsOf=2099-12-31&knownAsOf={position}",
            $"relationships?validAsOf=2099-12-31&knownAsOf={position}",
        ];
        var then = await Texts(paths);

        (await Rung("2020-01-01")).ShouldBeNull("it had not been made");
        (await Rung(first["madeAt"].GetString()!)).ShouldBe(4);
        (await Rung("2099-12-31")).ShouldBe(7);
        (await Rung("2100-01-01")).ShouldBe(4);
        var tag = (await workspace.Get("relationships/AZE-RUS/assessments")).ETag;
        (await workspace.Post("relationships/AZE-RUS/assessments/a2/withdrawal", Example.Reason(), ifMatch: tag)).ShouldBe(200)["withdrawnAt"].GetString().ShouldNotBeNull();
        (await Rung("2099-12-31")).ShouldBe(4);
        (await Texts(paths)).ShouldBe(then);
        (await workspace.Get("relationships/AZE-RUS/assessments?validAsOf=2099-12-31")).Items.Select(i => i.GetProperty("id").GetString()).ShouldBe(["a2", "a1"]);
    }

    [Fact]
    public async Task The_same_again_is_answered_as_it_stands_and_a_key_gives_the_first_answer()
    {
        var first = await Assess(new { posture = 4, reason = "x" });
        (await Assess(new { posture = 4, reason = "x" })).ShouldBe(200).Text.ShouldBe(first.Text);
        (await Assess(new { posture = 4, reason = "x" }, user: "ben")).ShouldBe(201)["id"].GetString().ShouldBe("a2");
        var keyed = (await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 5, reason = "x" }, idempotencyKey: "k")).ShouldBe(201);
        var again = (await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 5, reason = "x" }, idempotencyKey: "k")).ShouldBe(201);
        (again.Text, again.Replayed).ShouldBe((keyed.Text, true));
    }

    [Fact]
    public async Task What_is_wrong_is_named()
    {
        (await workspace.Post("relationships/AZE-RUS/assessments", new { posture = 10, reason = " ", expiresAt = "2020-01-01T00:00:00Z", likelihood = new[] { 0.5, 1.5 } }))
            .ShouldBeProblem(400, "invalid-request", "/posture out-of-range", "/reason required", "/expiresAt out-of-range", "/likelihood out-of-range");
        (await workspace.Post("relationships/AZE-QQQ1/assessments", new { posture = 1, reason = "x" })).ShouldBeProblem(404, "actor-not-found");
        (await workspace.Post("relationships/AZE/assessments", new { posture = 1, reason = "x" })).ShouldBeProblem(400, "invalid-request", "dyad malformed");
        (await workspace.Post("relationships/AZE-RUS/assessments/a1/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBeProblem(404, "assessment-not-found");
        await Assess(new { posture = 4, reason = "x" });
        (await workspace.Post("relationships/AZE-RUS/assessments/a1/withdrawal", Example.Reason())).ShouldBeProblem(428, "precondition-required");
        (await workspace.Post("relationships/AZE-RUS/assessments/a1/withdrawal", Example.Reason(), ifMatch: "\"7\"")).ShouldBeProblem(412, "version-changed");
    }

    /// <summary>Whoever assesses a relationship without incidents sees it on the board, and that nobody looked.</summary>
    [Fact]
    public async Task A_relationship_that_was_only_assessed_is_on_the_board_and_unobserved()
    {
        await Assess(new { posture = 3, reason = "x" });

        var line = (await workspace.Get("relationships")).ShouldBe(200).Items.Single();
        (line.GetProperty("dyad").GetString(), line.GetProperty("observation").GetString(), line.GetProperty("incidents").GetInt32()).ShouldBe(("AZE-RUS", "unobserved", 0));
    }

    private Task<Reply> Assess(object body, string user = "ana") => workspace.Post("relationships/AZE-RUS/assessments", body, user: user);

    private async Task<int?> Rung(string valid) =>
        (await workspace.Get($"relationships/AZE-RUS?validAsOf={valid}")).ShouldBe(200).Json.TryGetProperty("assessed", out var assessed) ? assessed.GetProperty("rung").GetInt32() : null;

    private Task<long> Position() => workspace.Position();

    private async Task<string> Texts(string[] paths)
    {
        var texts = new List<string>();
        foreach (var path in paths)
        {
            texts.Add((await workspace.Get(path)).ShouldBe(200).Text);
        }

        return string.Join('\n', texts);
    }
}
