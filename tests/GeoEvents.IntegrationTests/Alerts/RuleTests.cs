using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Alerts;

public class RuleTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_rule_is_written_revised_enabled_and_disabled_and_nothing_of_it_is_lost()
    {
        var written = (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(201);
        (written.Location, written.ETag).ShouldBe((workspace.At("rules/crisis"), "\"1\""));
        written["sentence"].GetString().ShouldBe("Warns when tension on AZE-RUS rises to 60 or above, until it falls below 45.");
        written.Json.TryGetProperty("enabled", out _).ShouldBeFalse();
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(200).Text.ShouldBe(written.Text);
        (await workspace.Post("rules", Given.Rule("crisis", "ARM-AZE"))).ShouldBeProblem(409, "rule-exists", "/id rule-exists");

        (await workspace.Post("rules/crisis/enablement", new { })).ShouldBe(200)["enabled"].GetInt32().ShouldBe(1);
        (await workspace.Post("rules/crisis/enablement", new { version = 1 })).ShouldBe(200).ETag.ShouldBe("\"2\"");
        var known = await workspace.Position();
        (await Revise(Given.Rule("crisis", "AZE-RUS", "Sharper", new { kind = "pressure" }), "\"2\"")).ShouldBe(200)["latest"].GetInt32().ShouldBe(2);
        (await Revise(Given.Rule("crisis", "AZE-RUS", "Sharper", new { kind = "pressure" }), "\"3\"")).ShouldBe(200).ETag.ShouldBe("\"3\"", "it says so already");
        (await Revise(Given.Rule("crisis", "AZE-RUS"), "\"2\"")).ShouldBeProblem(412, "version-changed");
        (await Revise(Given.Rule("crisis", "AZE-RUS"), null)).ShouldBeProblem(428, "precondition-required");

        var rule = (await workspace.Get("rules/crisis")).ShouldBe(200);
        (rule["enabled"].GetInt32(), rule["latest"].GetInt32(), rule["title"].GetString()).ShouldBe((1, 2, "Sharper"));
        rule["sentence"].GetString().ShouldStartWith("Warns when tension", Case.Sensitive, "that is the version that watches");
        rule["versions.1.reason"].GetString().ShouldBe("clearer");
        (await workspace.Get($"rules/crisis?knownAsOf={known}")).ShouldBe(200)["latest"].GetInt32().ShouldBe(1);

        (await workspace.Post("rules/crisis/enablement", new { version = 2 }, ifMatch: "\"2\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post("rules/crisis/enablement", new { version = 9 })).ShouldBeProblem(404, "version-not-found");
        (await workspace.Post("rules/crisis/enablement", new { version = 2 })).ShouldBe(200)["sentence"].GetString().ShouldStartWith("Warns when hostility");
        (await workspace.Post("rules/crisis/disablement", new { reason = "" })).ShouldBeProblem(400, "invalid-request", "/reason required");
        (await workspace.Post("rules/crisis/disablement", Example.Reason())).ShouldBe(200).Json.TryGetProperty("enabled", out _).ShouldBeFalse();
        (await workspace.Post("rules/crisis/disablement", Example.Reason())).ShouldBe(200).ETag.ShouldBe("\"5\"");
        (await workspace.Get("rules/crisis/history")).ShouldBe(200)["entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString())
            .ShouldBe(["alert_rule_drafted", "alert_rule_enabled", "alert_rule_revised", "alert_rule_enabled", "alert_rule_disabled"]);
        (await workspace.Get("rules/nothing")).ShouldBeProblem(404, "rule-not-found");
        (await workspace.Post("rules/nothing/enablement", new { })).ShouldBeProblem(404, "rule-not-found");

        Task<Reply> Revise(object to, string? ifMatch) => workspace.Post("rules/crisis/revisions", new { reason = "clearer", rule = to }, ifMatch);
    }

    [Fact]
    public async Task What_is_wrong_with_a_rule_is_named_by_its_place()
    {
        (await workspace.Post("rules", Given.Rule("Crisis!", "AZE-RUS", "", new { kind = "and", all = new object[] { new { kind = "pressure" }, new { kind = "threshold", above = 101 } } })))
            .ShouldBeProblem(400, "invalid-request", "/id malformed", "/title required", "/when/all/1/above out-of-range");
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS", when: new { kind = "thresold" }))).ShouldBeProblem(400, "invalid-request", "/when/kind unknown-kind");
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS", when: new { above = 60 }))).ShouldBeProblem(400, "invalid-request", "/when/kind required");
        (await workspace.Post("rules", Given.Rule("ready-made", "AZE-RUS"))).ShouldBeProblem(400, "invalid-request", "/id malformed");
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS", budget: new { }))).ShouldBeProblem(400, "invalid-request", "/budget/alertsPerWeek required");
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-QQQ1"))).ShouldBeProblem(400, "invalid-request", "/scope/dyads/0 unknown-actor");
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(201);
        (await workspace.Post("rules/crisis/revisions", new { reason = "", rule = Given.Rule("other", "AZE-QQQ1", when: new { kind = "silence", hours = 0 }) }, ifMatch: "*"))
            .ShouldBeProblem(400, "invalid-request", "/reason required", "/rule/id contradiction", "/rule/when/hours out-of-range");
        (await workspace.Post("rules/crisis/revisions", new { reason = "x", rule = Given.Rule("crisis", "AZE-QQQ1") }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/rule/scope/dyads/0 unknown-actor");
        (await workspace.Post("rules/crisis/revisions", new { reason = "x" }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/rule required");
        (await workspace.Post("rules/crisis/revisions", new { reason = "x", rule = new { title = "T", scope = new { all = true }, when = new { kind = "xor" } } }, ifMatch: "*"))
            .ShouldBeProblem(400, "invalid-request", "/rule/when/kind unknown-kind");
    }

    [Fact]
    public async Task A_threshold_resolves_below_three_quarters_of_a_low_level_and_says_so()
    {
        var low = (await workspace.Post("rules", Given.Rule("low", "AZE-RUS", when: new { kind = "threshold", above = 40 }))).ShouldBe(201);
        low["rule.when.resolvesBelow"].GetDouble().ShouldBe(30);
        (await workspace.Post("rules", Given.Rule("low", "AZE-RUS", when: new { kind = "threshold", above = 40, resolvesBelow = 30 }))).ShouldBe(200);
        (await workspace.Post("rules", Given.Rule("usual", "AZE-RUS", when: new { kind = "threshold" }))).ShouldBe(201)["rule.when.resolvesBelow"].GetDouble().ShouldBe(45);
    }

    [Fact]
    public async Task Rules_are_listed_by_id_and_chosen_by_what_they_watch()
    {
        foreach (var (id, dyad) in new[] { ("b", "AZE-RUS"), ("a", "ARM-AZE"), ("c", "AZE-RUS") })
        {
            (await workspace.Post("rules", Given.Rule(id, dyad))).ShouldBe(201);
        }

        await workspace.Post("rules/c/enablement", new { });

        (await workspace.Get("rules")).ShouldBe(200).Ids.ShouldBe(["a", "b", "c"]);
        (await workspace.Get("rules?dyad=RUS-AZE")).ShouldBe(200).Ids.ShouldBe(["b", "c"]);
        (await workspace.Get("rules?enabled=true")).ShouldBe(200).Ids.ShouldBe(["c"]);
        (await workspace.Get("rules?enabled=yes")).ShouldBeProblem(400, "invalid-request", "enabled malformed");
        (await workspace.Get("rules?limit=1")).ShouldBe(200).Link.ShouldNotBeNull();
    }

    [Fact]
    public async Task Every_ready_made_rule_can_be_written_and_enabled_as_it_is()
    {
        var readyMade = (await workspace.Get("rules/ready-made")).ShouldBe(200).Items;
        readyMade.Count.ShouldBeGreaterThan(9);
        foreach (var item in readyMade)
        {
            (await workspace.Post("rules", item.GetProperty("rule"))).ShouldBe(201)["sentence"].GetString().ShouldBe(item.GetProperty("sentence").GetString());
            (await workspace.Post($"rules/{item.GetProperty("id").GetString()}/enablement", new { })).ShouldBe(200);
        }
    }

    [Fact]
    public async Task With_the_sample_ready_made_rules_watch_and_what_somebody_did_to_one_stands()
    {
        await Take();
        (await workspace.Get("rules?enabled=true")).ShouldBe(200).Items.Count.ShouldBe(ReadyMadeRules.All.Count);
        (await workspace.Post("rules/crisis/disablement", Example.Reason())).ShouldBe(200);
        var position = await workspace.Position();

        await Take();
        (await workspace.Position()).ShouldBe(position);
        (await workspace.Get("rules?enabled=false")).Ids.ShouldBe(["crisis"]);

        Task Take() => Task.WhenAll(ReadyMadeRules.All.Select(rule => workspace.Services.GetRequiredService<Recorder>().Record(
            new TakeReadyMadeRule(new Call(workspace.Name, "sample", null, null), rule), TestContext.Current.CancellationToken)));
    }
}
