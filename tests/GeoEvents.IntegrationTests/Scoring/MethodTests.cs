namespace GeoEvents.IntegrationTests.Scoring;

public class MethodTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task The_ladder_has_its_51_types()
    {
        var types = (await workspace.Get("types")).ShouldBe(200).Items;

        types.Count.ShouldBe(51);
        var war = types.Single(t => t.GetProperty("type").GetString() == "war");
        (war.GetProperty("rung").GetInt32(), war.GetProperty("weight").GetDouble(), war.GetProperty("measure").GetString()).ShouldBe((9, -10.0, "opens"));
    }

    [Fact]
    public async Task The_method_that_ships_can_be_read()
    {
        (await workspace.Get("methods")).ShouldBe(200).Ids.ShouldBe(["2026.1"]);
        var method = (await workspace.Get("methods/2026.1")).ShouldBe(200);
        (method["current"].GetBoolean(), method["rungs"].GetArrayLength(), method["bands"].GetArrayLength()).ShouldBe((true, 10, 6));
        (await workspace.Get("methods/2031.4")).ShouldBeProblem(404, "method-not-found");
        (await workspace.Get("types?method=2031.4")).ShouldBeProblem(400, "invalid-request", "method unknown-method");
    }

    [Fact]
    public async Task A_published_method_answers_whoever_asks_for_it_and_nobody_else()
    {
        await workspace.Log(Example.Incident("i"));
        var before = (await Read("")).Text;
        var doubled = (await Publish("2027.1", new { parameters = new { saturation = 10 } })).ShouldBe(201);
        (doubled["basedOn"].GetString(), doubled["current"].GetBoolean(), doubled["parameters.halfLifeFastDays"].GetDouble()).ShouldBe(("2026.1", false, 14.0));

        var tension = 100 * (1 - Math.Exp(-(await Read(""))["hostilityFast"].GetDouble() / 10));
        (await Read("&method=2027.1"))["tension"].GetDouble().ShouldBe(tension, 1e-9);
        (await Read("&knownAsOf=1")).Text.ShouldBe(before);
        (await Read("&knownAsOf=1&method=2027.1"))["tension"].GetDouble().ShouldBe(tension, 1e-9, "any past is answered by any method");
    }

    [Fact]
    public async Task An_adopted_method_counts_from_then_on_and_the_past_keeps_its_own()
    {
        await workspace.Log(Example.Incident("i"));
        var before = (await Read("&knownAsOf=1")).Text;
        await Publish("2027.1", new { types = new[] { new { type = "diplomatic-protest", weight = -8, rung = 4 } } });
        (await workspace.Post("methods/2027.1/adoption", Example.Reason())).ShouldBe(200)["current"].GetBoolean().ShouldBeTrue();
        (await workspace.Post("methods/2027.1/adoption", Example.Reason())).ShouldBe(200);

        (await workspace.Position()).ShouldBe(3, "adopting twice is adopting once");
        var now = await Read("");
        (now["method"].GetString(), now["hostilityFast"].GetDouble()).ShouldBe(("2027.1", 4.0));
        now["shown"].GetString()!.ShouldEndWith("by method 2027.1.");
        (await Read("&knownAsOf=1")).Text.ShouldBe(before);
        (await Read("&knownAsOf=2"))["method"].GetString().ShouldBe("2026.1");
        (await workspace.Get("methods?knownAsOf=1")).ShouldBe(200).Ids.ShouldBe(["2026.1"]);
        (await workspace.Get("methods/2026.1"))["current"].GetBoolean().ShouldBeFalse();
        (await workspace.Get("relationships?validAsOf=2025-03-01")).Items[0].GetProperty("tension").GetDouble().ShouldBe(now["tension"].GetDouble());
    }

    [Fact]
    public async Task A_change_of_method_breaks_a_series_where_it_was_made()
    {
        await workspace.Log(Example.Incident("i"));
        await Publish("2027.1", new { parameters = new { saturation = 10 } });
        (await workspace.Post("methods/2027.1/adoption", Example.Reason())).ShouldBe(200);
        var today = TimeProvider.System.GetUtcNow();
        string Day(int days) => today.AddDays(days).ToString("yyyy-MM-dd", null);

        var across = (await workspace.Get($"relationships/AZE-RUS/series?from={Day(-2)}&to={Day(2)}")).ShouldBe(200);
        var mark = across["methodBreaks"].EnumerateArray().ShouldHaveSingleItem();
        (mark.GetProperty("position").GetInt64(), mark.GetProperty("before").GetString(), mark.GetProperty("after").GetString()).ShouldBe((3, "2026.1", "2027.1"));
        (await workspace.Get($"relationships/AZE-RUS/series?from={Day(-9)}&to={Day(-5)}")).ShouldBe(200).Text.ShouldNotContain("methodBreaks");
    }

    [Fact]
    public async Task In_shadow_every_relationship_is_scored_by_both()
    {
        await workspace.Log(Example.Incident("i", occurred: "2025-03-01"));
        await workspace.Log(Example.Incident("j", occurred: "2025-03-01", actor: "FRA", recipient: "DEU", type: "visit"));
        await Publish("2027.1", new { parameters = new { saturation = 5 }, bands = new[] { new { name = "calm", from = 0 }, new { name = "hot", from = 30 } } });

        var report = (await workspace.Get("methods/2027.1/comparison?validAsOf=2025-03-01")).ShouldBe(200);
        (report["method"].GetString(), report["with"].GetString(), report["dyads"].GetInt32(), report["bandsChanged"].GetInt32()).ShouldBe(("2027.1", "2026.1", 2, 2));
        var first = report.Items[0];
        (first.GetProperty("dyad").GetString(), first.GetProperty("by").GetProperty("band").GetString()).ShouldBe(("AZE-RUS", "calm"));
        var h = (await Read(""))["hostilityFast"].GetDouble();
        first.GetProperty("tension").GetDouble().ShouldBe(100 * (Math.Exp(-h / 20) - Math.Exp(-h / 5)), 1e-9);
        (await Read(""))["method"].GetString().ShouldBe("2026.1");
        var next = (await workspace.Get("methods/2027.1/comparison?limit=1&validAsOf=2025-03-01")).Link!;
        next.ShouldContain("rel=\"next\"");
        await workspace.Log(Example.Incident(actor: "USA", recipient: "CHN"));
        (await workspace.Get(next[1..next.IndexOf('>')]))["dyads"].GetInt32().ShouldBe(report["dyads"].GetInt32(), "a page shows the record of the first");
    }

    [Fact]
    public async Task A_version_never_changes()
    {
        await Publish("2027.1", new { parameters = new { saturation = 10 } });

        (await Publish("2027.1", new { parameters = new { saturation = 10 } })).ShouldBe(200);
        (await Publish("2027.1", new { parameters = new { saturation = 11 } })).ShouldBeProblem(409, "method-exists", "/id method-exists");
        (await Publish("2026.1", new { parameters = new { saturation = 11 } })).ShouldBeProblem(409, "method-exists");
        (await Publish("2027.2", new { basedOn = "2027.1", bandHysteresis = 2 })).ShouldBe(201)["parameters.saturation"].GetDouble().ShouldBe(10);
    }

    [Theory]
    [InlineData("""{ "reason": "x" }""", "/id required")]
    [InlineData("""{ "id": "A b", "reason": "x" }""", "/id malformed")]
    [InlineData("""{ "id": "m" }""", "/reason required")]
    [InlineData("""{ "id": "m", "reason": "x", "basedOn": "none" }""", "/basedOn unknown-method")]
    [InlineData("""{ "id": "m", "reason": "x", "parameters": { "saturation": 0 } }""", "/parameters/saturation out-of-range")]
    [InlineData("""{ "id": "m", "reason": "x", "parameters": { "halfLifeFastDays": -1 } }""", "/parameters/halfLifeFastDays out-of-range")]
    [InlineData("""{ "id": "m", "reason": "x", "parameters": { "countedSources": { "most": 0.2 } } }""", "/parameters/countedSources/most out-of-range")]
    [InlineData("""{ "id": "m", "reason": "x", "parameters": { "lateAfterHours": 1 } }""", "/parameters/lateAfterHours malformed")]
    [InlineData("""{ "id": "m", "reason": "x", "types": [ { "type": "tea-party" } ] }""", "/types/0/type unknown-type")]
    [InlineData("""{ "id": "m", "reason": "x", "types": [ { "type": "war", "weight": -11 } ] }""", "/types/0/weight out-of-range")]
    [InlineData("""{ "id": "m", "reason": "x", "rungs": [ { "rung": 10 } ] }""", "/rungs/0/rung out-of-range")]
    [InlineData("""{ "id": "m", "reason": "x", "rungs": [ { "rung": 1 }, { "rung": 1 } ] }""", "/rungs/1 repeated")]
    [InlineData("""{ "id": "m", "reason": "x", "bands": [ { "name": "a", "from": 5 } ] }""", "/bands out-of-range")]
    public async Task What_cannot_score_is_not_published(string draft, string fault) =>
        (await workspace.PostRaw("methods", draft)).ShouldBeProblem(400, "invalid-request", fault);

    private Task<Reply> Read(string more) => workspace.Get($"relationships/AZE-RUS?validAsOf=2025-03-01{more}");

    private Task<Reply> Publish(string id, object changes)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(changes)!.AsObject();
        body["id"] = id;
        body["reason"] = "Revised";
        return workspace.Post("methods", body);
    }
}
