using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Relationships;

public class OverlayTests(GeoEventsHost host)
{
    private const string Word = "xanadu";

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task An_overlay_is_kept_changed_listed_and_thrown_away()
    {
        var put = (await workspace.Send(HttpMethod.Put, "overlays/calm", JsonContent.Create(new { changes = Drop("a"), note = "if a had not been" }), user: "ada")).ShouldBe(201);
        put.Location.ShouldBe(workspace.At("overlays/calm"));
        (put["name"].GetString(), put["note"].GetString(), put["user"].GetString()).ShouldBe(("calm", "if a had not been", "ada"));
        (put["expiresAt"].GetDateTimeOffset() - put["changedAt"].GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(30));
        (await workspace.Get("overlays/calm")).ShouldBe(200).Text.ShouldBe(put.Text);

        var again = (await workspace.Send(HttpMethod.Put, "overlays/calm", JsonContent.Create(new { changes = Drop("a", "b") }), user: "bob")).ShouldBe(200);
        (again["createdAt"].GetRawText(), again["user"].GetString()).ShouldBe((put["createdAt"].GetRawText(), "bob"));
        (await workspace.Put("overlays/another", new { changes = Drop("c") })).ShouldBe(201);
        var list = (await workspace.Get("overlays")).ShouldBe(200).Items;
        list.Select(o => $"{o.GetProperty("name").GetString()} {o.GetProperty("size").GetInt32()}").ShouldBe(["another 1", "calm 2"]);

        (await workspace.Delete("overlays/calm")).ShouldBe(204);
        (await workspace.Get("overlays/calm")).ShouldBeProblem(404, "overlay-not-found");
        (await workspace.Delete("overlays/calm")).ShouldBeProblem(404, "overlay-not-found");
    }

    [Fact]
    public async Task A_stored_overlay_is_applied_first_and_then_what_the_request_brings()
    {
        await workspace.Log(Example.Incident("a", type: "diplomats-expelled"));
        await workspace.Log(Example.Incident("b", type: "property-seized"));
        (await workspace.Put("overlays/milder", new
        {
            changes = new { recode = new[] { new { id = "a", type = "diplomatic-protest" } }, drop = new[] { "b" }, add = new[] { Example.Incident(title: "Nameless") } },
        })).ShouldBe(201);

        var stored = await Ask(new { overlay = "milder", validAsOf = "2025-03-02" });
        stored["overlay"].GetString().ShouldBe("milder");
        stored["changes"].EnumerateArray().Select(c => $"{c.GetProperty("change").GetString()} {c.GetProperty("id").GetString()} {c.GetProperty("overlay").GetString()}")
            .ShouldBe(["drop b milder", "recode a milder", "add hypothetical:milder:1 milder"]);
        var both = await Ask(new { overlay = "milder", changes = new { drop = new[] { "a" } }, validAsOf = "2025-03-02" });
        both["hypothetical.state"].GetProperty("incidents").GetInt32().ShouldBe(1);
        both["changes.3"].TryGetProperty("overlay", out _).ShouldBeFalse();
        (await workspace.Post("relationships/AZE-RUS/counterfactual", new { overlay = "milder", changes = new { drop = new[] { "b" } } }))
            .ShouldBeProblem(400, "invalid-request", "/changes/drop/0 contradiction");
        (await workspace.Post("relationships/AZE-RUS/counterfactual", new { overlay = "none" })).ShouldBeProblem(404, "overlay-not-found");
    }

    [Fact]
    public async Task An_overlay_is_checked_against_the_record_only_when_it_is_used()
    {
        (await workspace.Put("overlays/early", new { changes = Drop("later") })).ShouldBe(201);
        var refused = (await workspace.Post("relationships/AZE-RUS/counterfactual", new { overlay = "early" })).ShouldBeProblem(400, "invalid-request", "/overlay unknown-incident");
        refused.Text.ShouldContain("/changes/drop/0");
        await workspace.Log(Example.Incident("later"));
        (await Ask(new { overlay = "early" }))["hypothetical.state"].GetProperty("incidents").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("ok", """{}""", "/changes required")]
    [InlineData("ok", """{"changes":{"recode":[{"id":"a","type":"insult"}]}}""", "/changes/recode/0/type unknown-type")]
    [InlineData("ok", """{"changes":{"drop":["a"]},"note":" "}""", "/note required")]
    [InlineData("ok", """{"changes":{"drop":["a"]},"expiresAt":"2001-01-01T00:00:00Z"}""", "/expiresAt out-of-range")]
    [InlineData("ok", """{"changes":{"drop":["a"]},"expiresAt":"2999-01-01T00:00:00Z"}""", "/expiresAt out-of-range")]
    [InlineData("Not-Ok", """{"changes":{"drop":["a"]}}""", "name malformed")]
    public async Task What_is_no_overlay_is_not_kept(string name, string body, string fault)
    {
        (await workspace.Send(HttpMethod.Put, $"overlays/{name}", new StringContent(body, null, "application/json"))).ShouldBeProblem(400, "invalid-request", fault);
        (await workspace.Get("overlays")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_overlay_expires_is_not_listed_any_more_and_is_gone_with_the_next_write()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var service = await host.StartService(clock);
        var own = service.NewWorkspace();
        await own.Log(Example.Incident("a"));
        (await own.Put("overlays/short", new { changes = Drop("a"), expiresAt = "2026-01-02T00:00:00Z" })).ShouldBe(201);
        (await own.Put("overlays/long", new { changes = Drop("a") })).ShouldBe(201);
        clock.Advance(TimeSpan.FromDays(1));

        (await own.Get("overlays/short")).ShouldBeProblem(410, "overlay-expired");
        (await own.Post("relationships/AZE-RUS/counterfactual", new { overlay = "short" })).ShouldBeProblem(410, "overlay-expired");
        (await own.Get("overlays")).Items.Select(o => o.GetProperty("name").GetString()).ShouldBe(["long"]);
        (await own.Delete("overlays/short")).ShouldBeProblem(404, "overlay-not-found");
        (await own.Get("overlays/short")).ShouldBeProblem(404, "overlay-not-found");
        (await own.Get("overlays/long")).ShouldBe(200);
    }

    /// <summary>Of everything that can be read, not a byte is another by supposing; nor is the head of the log.</summary>
    [Fact]
    public async Task Nothing_of_an_overlay_is_ever_read_but_where_it_is_named()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var before = await Everything();
        var changes = new
        {
            drop = new[] { "yekaterinburg-raid" },
            move = new[] { new { id = "sputnik-raid", occurred = "2025-01-01" } },
            recode = new[] { new { id = "overchuk-cancelled", type = "diplomatic-protest" } },
            add = new[]
            {
                Example.Incident(
                    Word, "2025-07-01", Word, "property-seized", measure: new { opens = true }, issues: [Word], reports: [new { source = Word, credibility = 1 }],
                    register: new { sources = new[] { new { id = Word } } }),
            },
        };

        (await workspace.Put($"overlays/{Word}", new { changes, note = Word })).ShouldBe(201);
        (await Ask(new { overlay = Word, validAsOf = "2025-07-10", series = new { } })).Text.ShouldContain(Word);
        (await Ask(new { changes, validAsOf = "2025-07-10" })).Text.ShouldContain(Word);

        before.ShouldNotContain(Word);
        (await Everything()).ShouldBe(before);
        (await workspace.Get($"incidents/{Word}")).ShouldBeProblem(404, "incident-not-found");
        foreach (var filter in new[] { $"text={Word}", $"issue={Word}", $"source={Word}" })
        {
            (await workspace.Get($"incidents?{filter}")).ShouldBe(200).Items.ShouldBeEmpty();
        }
    }

    private async Task<string> Everything()
    {
        // At one V, since answers say which.
        string[] pathsAtV =
        [
            "incidents?retracted=include&limit=500", "facets?retracted=include", "incidents/yekaterinburg-raid/history?", "incidents/sputnik-raid/history?", "issues?", "actors?", "sources?",
            "relationships?", "relationships/AZE-RUS?", "relationships/AZE-RUS/timeline?limit=500", "relationships/AZE-RUS/contributions?", "relationships/AZE-RUS/measures?",
            "relationships/AZE-RUS/series?from=2025-06-01&to=2025-07-10", "relationships/AZE-RUS/robustness?", "exports/incidents?",
        ];
        string[] paths = ["imports", "feeds", .. pathsAtV.Select(path => $"{path}&validAsOf=2025-07-10")];
        var texts = new List<string> { $"{await workspace.Position()}" };
        foreach (var path in paths)
        {
            texts.Add((await workspace.Get(path)).ShouldBe(200).Text);
        }

        return string.Join('\n', texts);
    }

    private async Task<Reply> Ask(object body) => (await workspace.Post("relationships/AZE-RUS/counterfactual", body)).ShouldBe(200);

    private static object Drop(params string[] ids) => new { drop = ids };
}
