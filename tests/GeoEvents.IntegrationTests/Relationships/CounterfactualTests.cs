using System.Text.Json;

namespace GeoEvents.IntegrationTests.Relationships;

public class CounterfactualTests(GeoEventsHost host)
{
    private const string At = "2025-07-10";

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task What_would_be_is_what_the_record_shows_once_it_is_so()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var before = await State();
        var answer = await Ask(new
        {
            drop = new[] { "yekaterinburg-raid" },
            move = new[] { new { id = "sputnik-raid", occurred = "2025-06-10" } },
            recode = new[] { new { id = "overchuk-cancelled", type = "economic-sanctions" } },
            reattribute = new[] { new { id = "culture-cancelled", links = new[] { new { actor = "AZE", recipient = "RUS", attribution = 0.4 } } } },
            add = new[] { Example.Incident("new-one", "2025-07-05", "Envoy expelled", "diplomats-expelled") },
        });

        Numbers(answer["real.state"]).ShouldBe(Numbers(before.Json));
        answer["real.posture"].GetRawText().ShouldBe(before["posture"].GetRawText());
        answer["real.measures"].GetRawText().ShouldBe(before["measures"].GetRawText());
        (answer["counterfactual"].GetBoolean(), answer["dyad"].GetString(), answer["knownAsOf"].GetRawText())
            .ShouldBe((true, "AZE-RUS", before["knownAsOf"].GetRawText()));
        answer["statement"].GetString()!.ShouldStartWith("Counterfactual:");
        answer["changes"].EnumerateArray().Select(c => $"{c.GetProperty("change").GetString()} {c.GetProperty("id").GetString()}").ShouldBe(
            ["drop yekaterinburg-raid", "move sputnik-raid", "recode overchuk-cancelled", "reattribute culture-cancelled", "add new-one"]);
        answer["changes.1"].GetProperty("fields").GetRawText().ShouldBe("""[{"field":"occurred","old":"2025-06-30T09:00:00Z","new":"2025-06-10"}]""");

        await Retract("yekaterinburg-raid");
        await Correct("sputnik-raid", new { occurred = "2025-06-10" });
        await Correct("overchuk-cancelled", new { type = "economic-sanctions" });
        await Correct("culture-cancelled", new { links = new[] { new { actor = "AZE", recipient = "RUS", attribution = 0.4 } } });
        await workspace.Log(Example.Incident("new-one", "2025-07-05", "Envoy expelled", "diplomats-expelled"));
        var after = await State();
        foreach (var (name, value) in Numbers(after.Json))
        {
            Numbers(answer["hypothetical.state"])[name].ShouldBe(value, 1e-9, name);
        }

        answer["hypothetical.posture"].GetRawText().ShouldBe(after["posture"].GetRawText());
        answer["hypothetical.measures"].GetRawText().ShouldBe(after["measures"].GetRawText());
        foreach (var name in new[] { "hostilityFast", "tension", "warmth", "rung" })
        {
            answer["difference"].GetProperty(name).GetDouble().ShouldBe(after[name].GetDouble() - before[name].GetDouble(), 1e-9, name);
        }
    }

    [Fact]
    public async Task Without_its_closing_a_measure_is_in_force_again_and_with_one_it_is_not()
    {
        await workspace.Log(Example.Incident("ban", "2025-01-01", "Ban", "economic-sanctions", measure: new { opens = true }));
        await workspace.Log(Example.Incident("lifted", "2025-02-01", "Ban lifted", "measures-eased", "FRA", "DEU", measure: new { closes = "ban" }));
        await workspace.Log(Example.Incident("embargo", "2025-01-05", "Embargo", "economic-sanctions", measure: new { opens = true }));

        var dropped = await Ask(new { drop = new[] { "lifted" } });
        Measures(dropped, "real").ShouldBe(["embargo"]);
        Measures(dropped, "hypothetical").ShouldBe(["ban", "embargo"]);
        dropped["changes.0"].GetProperty("touches").GetBoolean().ShouldBeTrue("an incident of another dyad closes a measure of this one");
        var moved = await Ask(new { move = new[] { new { id = "lifted", occurred = "2025-08-01" } } });
        Measures(moved, "hypothetical").ShouldBe(["ban", "embargo"]);
        var added = await Ask(new { add = new[] { Example.Incident("end", "2025-03-01", "Embargo lifted", "measures-eased", measure: new { closes = "embargo" }) } });
        Measures(added, "hypothetical").ShouldBeEmpty();
        // What closes an incident that is only supposed is on record already.
        await workspace.Log(Example.Incident("early", "2025-03-01", "Arrests ended", "measures-eased", measure: new { closes = "arrests" }));
        var opened = await Ask(new { add = new[] { Example.Incident("arrests", "2025-02-20", "Arrests", "nationals-arrested", measure: new { opens = true }) } });
        Measures(opened, "hypothetical").ShouldBe(["embargo"]);
    }

    [Fact]
    public async Task The_effect_of_each_change_is_that_of_asking_for_it_alone_and_a_series_has_both()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        object drop = new[] { "yekaterinburg-raid" }, recode = new[] { new { id = "sputnik-raid", type = "diplomatic-protest" } };
        var both = (await workspace.Post(
            "relationships/AZE-RUS/counterfactual",
            new { changes = new { drop, recode }, validAsOf = At, series = new { from = "2025-06-20", step = "P2D" } })).ShouldBe(200);

        var effects = both["changes"].EnumerateArray().ToList();
        foreach (var (alone, effect) in new[] { await Ask(new { drop }), await Ask(new { recode }) }.Zip(effects))
        {
            effect.GetProperty("effect").GetDouble().ShouldBe(alone["difference"].GetProperty("tension").GetDouble(), 1e-9);
            effect.GetProperty("tensionAlone").GetDouble().ShouldBe(alone["hypothetical.state"].GetProperty("tension").GetDouble(), 1e-9);
        }

        var points = both["series.points"].EnumerateArray().ToList();
        points.Count.ShouldBe(11);
        var real = (await workspace.Get("relationships/AZE-RUS/series?from=2025-06-20&to=2025-07-10&step=P2D")).ShouldBe(200)["points"].EnumerateArray().ToList();
        points.Select(p => p.GetProperty("real").GetProperty("tension").GetDouble()).ShouldBe(real.Select(p => p.GetProperty("tension").GetDouble()));
        points[^1].GetProperty("hypothetical").GetProperty("tension").GetDouble().ShouldBe(both["hypothetical.state"].GetProperty("tension").GetDouble());
        points[0].GetProperty("hypothetical").GetRawText().ShouldBe(points[0].GetProperty("real").GetRawText(), "before anything that is supposed to be otherwise");
    }

    [Fact]
    public async Task It_is_asked_of_the_record_as_it_was_known()
    {
        var first = (await workspace.Log(Example.Incident("a")))["position"].GetInt64();
        await workspace.Log(Example.Incident("b", "2025-03-02"));

        var then = (await workspace.Post(
            "relationships/AZE-RUS/counterfactual", new { changes = new { drop = new[] { "a" } }, validAsOf = At, knownAsOf = first })).ShouldBe(200);
        then["hypothetical.state"].GetProperty("incidents").GetInt32().ShouldBe(0);
        (await workspace.Post("relationships/AZE-RUS/counterfactual", new { changes = new { drop = new[] { "b" } }, knownAsOf = $"{first}" }))
            .ShouldBeProblem(400, "invalid-request", "/changes/drop/0 unknown-incident");
    }

    [Theory]
    [InlineData("""{}""", "/changes required")]
    [InlineData("""{"changes":{}}""", "/changes required")]
    [InlineData("""{"changes":{"drop":["none"]}}""", "/changes/drop/0 unknown-incident")]
    [InlineData("""{"changes":{"move":[{"id":"gone","occurred":"2025"}]}}""", "/changes/move/0/id incident-retracted")]
    [InlineData("""{"changes":{"drop":["a"],"recode":[{"id":"a","type":"diplomatic-protest"}]}}""", "/changes/recode/0/id contradiction")]
    [InlineData("""{"changes":{"add":[{"id":"a","occurred":"2025","title":"A","type":"diplomatic-protest","links":[{"actor":"AZE","recipient":"RUS"}]}]}}""", "/changes/add/0/id incident-exists")]
    [InlineData("""{"changes":{"add":[{"occurred":"2025","title":"A","type":"diplomatic-protest","links":[{"actor":"AZE","recipient":"XYZZ"}],"reports":[{"source":"nobody"}]}]}}""", "/changes/add/0/reports/0/source unknown-source")]
    [InlineData("""{"changes":{"reattribute":[{"id":"a","links":[{"actor":"AZE","recipient":"XYZZ"}]}]}}""", "/changes/reattribute/0/links/0/recipient unknown-actor")]
    [InlineData("""{"changes":{"add":[{"occurred":"2025","title":"A","type":"diplomatic-protest","links":[{"actor":"AZE","recipient":"RUS"}],"grade":{"credibility":50,"reason":"x"}}]}}""", "/changes/add/0/grade/credibility out-of-range")]
    [InlineData("""{"changes":{"add":[{"occurred":"2025","title":"A","type":"diplomatic-protest","links":[{"actor":"AZE","recipient":"RUS"}],"grade":{"reason":"x"}}]}}""", "/changes/add/0/grade/credibility required")]
    [InlineData("""{"changes":{"drop":["a"]},"validAsOf":"soon"}""", "/validAsOf malformed")]
    [InlineData("""{"changes":{"drop":["a"]},"knownAsOf":999999999999}""", "/knownAsOf unknown-position")]
    [InlineData("""{"changes":{"drop":["a"]},"method":"no"}""", "/method unknown-method")]
    [InlineData("""{"changes":{"drop":["a"]},"series":{"step":"often"}}""", "/series/step malformed")]
    [InlineData("""{"changes":{"forget":["a"]}}""", "/changes/forget malformed")]
    public async Task A_fault_is_named_by_its_place_in_the_body(string body, string fault)
    {
        await workspace.Log(Example.Incident("a"));
        await workspace.Log(Example.Incident("gone"));
        await Retract("gone");

        (await workspace.PostRaw("relationships/AZE-RUS/counterfactual", body)).ShouldBeProblem(400, "invalid-request", fault);
    }

    [Fact]
    public async Task What_is_added_brings_its_sources_along_and_those_after_it_may_name_them()
    {
        await workspace.Register("wire");
        object Raid(string id, string source, object? register = null) => Example.Incident(
            id, "2025-07-01", "Raid", "property-seized", reports: [new { source, credibility = 1 }], register: register);
        var answer = await Ask(new { add = new[] { Raid("x", "fresh", new { sources = new[] { new { id = "fresh", reliability = "A" } } }), Raid("y", "fresh"), Raid("z", "wire") } });

        answer["hypothetical.state"].GetProperty("incidents").GetInt32().ShouldBe(3);
        var taken = new { sources = new[] { new { id = "wire", reliability = "E" } } };
        (await workspace.Post("relationships/AZE-RUS/counterfactual", new { changes = new { add = new[] { Raid("x", "wire", taken) } } }))
            .ShouldBeProblem(409, "source-exists");
        (await workspace.Get("sources")).Items.Select(s => s.GetProperty("id").GetString()).ShouldBe(["wire"]);
    }

    private async Task<Reply> Ask(object changes) =>
        (await workspace.Post("relationships/AZE-RUS/counterfactual", new { changes, validAsOf = At })).ShouldBe(200);

    private async Task<Reply> State() => (await workspace.Get($"relationships/AZE-RUS?validAsOf={At}")).ShouldBe(200);

    private async Task Retract(string id) => (await workspace.Post($"incidents/{id}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

    private async Task Correct(string id, object changes) =>
        (await workspace.Post($"incidents/{id}/corrections", new { reason = "as supposed", changes }, ifMatch: "*")).ShouldBe(200);

    private static IEnumerable<string?> Measures(Reply answer, string which) =>
        answer[$"{which}.measures"].EnumerateArray().Select(m => m.GetProperty("id").GetString());

    /// <summary>Every number of a state.</summary>
    private static Dictionary<string, double> Numbers(JsonElement state) =>
        new[]
        {
            "hostilityFast", "hostilitySlow", "cooperationFast", "cooperationSlow", "tension", "warmth", "asymmetry", "pressure", "materialShare", "rung", "rise", "incidents",
        }.ToDictionary(name => name, name => state.GetProperty(name).GetDouble());
}
