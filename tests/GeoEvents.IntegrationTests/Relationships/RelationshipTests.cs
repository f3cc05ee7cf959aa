using System.Globalization;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Relationships;

public class RelationshipTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>h = 3.5·0.9 at its τ; half of it 14 days later; tension 100·(1 − e^(−H/20)).</summary>
    [Fact]
    public async Task Tension_follows_from_an_incident_and_decays()
    {
        await LogCredible("i", "2025-03-01");

        (await Read("2025-02-28T23:59:59.999999Z"))["hostilityFast"].GetDouble().ShouldBe(0);
        var at = await Read("2025-03-01");
        at["hostilityFast"].GetDouble().ShouldBe(3.15, 1e-9);
        at["tension"].GetDouble().ShouldBe(100 * (1 - Math.Exp(-3.15 / 20)), 1e-9);
        (at["band"].GetString(), at["rung"].GetInt32(), at["posture"].GetProperty("name").GetString(), at["posture"].GetProperty("heldBy").GetString())
            .ShouldBe(("friction", 2, "formal-protest", "i"));
        (at["asymmetry"].GetDouble(), at["materialShare"].GetDouble(), at["baseline"].GetString()).ShouldBe((1.0, 0.0, "insufficient"));
        (at["observation"].GetString(), at["method"].GetString(), at["dyad"].GetString()).ShouldBe(("observed", "2026.1", "AZE-RUS"));
        (await Read("2025-03-15"))["hostilityFast"].GetDouble().ShouldBe(1.575, 1e-9);
    }

    [Fact]
    public async Task Positions_of_a_workspace_follow_one_another_whatever_others_record()
    {
        await LogCredible("i", "2025-03-01");
        var own = (await Read("2025-03-02"))["knownAsOf"];
        await host.NewWorkspace().Log(Example.Incident());
        var next = (await workspace.Log(Example.Incident("j")))["position"].GetInt64();

        next.ShouldBe(own.GetProperty("position").GetInt64() + 1);
        (await workspace.Get($"relationships/AZE-RUS?knownAsOf={next - 1}"))["knownAsOf"].GetRawText().ShouldBe(own.GetRawText());
    }

    [Fact]
    public async Task A_pair_without_a_record_is_unobserved_not_calm()
    {
        var read = (await workspace.Get("relationships/FRA-DEU")).ShouldBe(200);

        (read["dyad"].GetString(), read["observation"].GetString(), read["incidents"].GetInt32()).ShouldBe(("DEU-FRA", "unobserved", 0));
    }

    [Fact]
    public async Task The_past_answers_as_it_was_known_and_as_it_is_known_now()
    {
        var first = await LogCredible("a", "2025-03-01");
        var known = first["position"].GetInt64();
        var then = await workspace.Get($"relationships/AZE-RUS?validAsOf=2025-03-03&knownAsOf={known}");
        await LogCredible("b", "2025-03-02");
        await workspace.Post("incidents/a/retraction", Example.Reason(), ifMatch: "*");

        var afterwards = await workspace.Get($"relationships/AZE-RUS?validAsOf=2025-03-03&knownAsOf={known}");
        afterwards.Text.ShouldBe(then.Text);
        (await workspace.Get($"relationships/AZE-RUS?validAsOf=2025-03-03&knownAsOf={first["recordedAt"].GetString()}")).Text.ShouldBe(then.Text);
        then["knownAsOf"].GetProperty("position").GetInt64().ShouldBe(known);
        var hindsight = await Read("2025-03-03");
        hindsight["lastIncident"].GetString().ShouldBe("2025-03-02T00:00:00Z");
        hindsight["incidents"].GetInt32().ShouldBe(1);
        (await workspace.Get("relationships/AZE-RUS?knownAsOf=0"))["incidents"].GetInt32().ShouldBe(0);
        (await workspace.Get("relationships/AZE-RUS?knownAsOf=2001-01-01"))["incidents"].GetInt32().ShouldBe(0);
    }

    /// <summary>Facts arrive in any order: a measure that was closed before it was on record is closed.</summary>
    [Fact]
    public async Task A_measure_may_be_closed_before_the_record_knows_who_opened_it()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("closer", "2025-06-01", "Ban lifted", "measures-eased", measure: new { closes = "opener" }));
        await workspace.Log(Example.Incident(
            "opener", "2025-01-01", "Ban", "economic-sanctions", reports: [new { source = "wire", credibility = 1 }], measure: new { opens = true }));

        (await Read("2025-05-31T23:59:59Z"))["measures.0"].GetProperty("id").GetString().ShouldBe("opener");
        (await Read("2025-06-01"))["measures"].GetArrayLength().ShouldBe(0);
        var measures = (await workspace.Get("relationships/AZE-RUS/measures")).ShouldBe(200).Items.Single();
        (measures.GetProperty("since").GetString(), measures.GetProperty("closed").GetString()).ShouldBe(("2025-01-01T00:00:00Z", "2025-06-01T00:00:00Z"));

        await workspace.Post("incidents/closer/retraction", Example.Reason(), ifMatch: "*");
        (await Read("2025-07-01"))["measures"].GetArrayLength().ShouldBe(1, "open again once its closing is retracted");
        (await Read("2025-07-01"))["rung"].GetInt32().ShouldBe(3, "rung 4 for its dwell of 90 days, then 3 while open");
        (await workspace.Get("relationships/AZE-RUS/measures")).Items.Single().TryGetProperty("closed", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("AZE-RUS", "2025-07-02")]
    [InlineData("AZE-RUS", "2026-01-15")]
    [InlineData("ARM-AZE", "2025-08-08")]
    [InlineData("ARM-RUS", "2025-06-30")]
    public async Task Shares_add_up_to_tension_and_so_does_every_roll_up(string dyad, string at)
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var tension = (await workspace.Get($"relationships/{dyad}?validAsOf={at}")).ShouldBe(200)["tension"].GetDouble();
        tension.ShouldBeGreaterThan(0);

        var whole = (await workspace.Get($"relationships/{dyad}/contributions?validAsOf={at}&limit=500")).ShouldBe(200);
        whole["tension"].GetDouble().ShouldBe(tension, 1e-9);
        whole.Items.Sum(i => i.GetProperty("share").GetDouble()).ShouldBe(tension, 1e-9);
        foreach (var rollUp in whole["rollUps"].EnumerateObject())
        {
            rollUp.Value.EnumerateObject().Sum(p => p.Value.GetDouble()).ShouldBe(tension, 1e-9, rollUp.Name);
        }

        whole.Items.ShouldAllBe(i => Math.Abs(i.GetProperty("marginal").GetDouble() - (tension - i.GetProperty("tensionWithout").GetDouble())) < 1e-9);
        var part = (await workspace.Get($"relationships/{dyad}/contributions?validAsOf={at}&limit=1")).ShouldBe(200);
        (part.Items.Single().GetProperty("share").GetDouble() + part["rest"].GetDouble()).ShouldBe(tension, 1e-9);
        if (part.Link is { } link)
        {
            var second = (await workspace.Get(link.Split('<', '>')[1])).ShouldBe(200);
            second.Ids.Single().ShouldBe(whole.Ids.ElementAt(1));
            (second.Items.Single().GetProperty("share").GetDouble() + second["rest"].GetDouble()).ShouldBe(tension, 1e-9);
        }
    }

    [Fact]
    public async Task The_marginal_effect_of_an_incident_is_what_retracting_it_does()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var items = (await workspace.Get("relationships/AZE-RUS/contributions?validAsOf=2025-07-10&limit=500")).Items;
        foreach (var item in items.Where(i => i.GetProperty("marginal").GetDouble() is not 0).Take(4))
        {
            var id = item.GetProperty("id").GetString();
            (await workspace.Post($"incidents/{id}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
            (await Read("2025-07-10"))["tension"].GetDouble().ShouldBe(item.GetProperty("tensionWithout").GetDouble(), 1e-9, id);
            (await workspace.Post($"incidents/{id}/reinstatement", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        }
    }

    [Theory]
    [InlineData("from=2025-03-01&to=2025-03-04", 4, "2025-03-04T00:00:00Z")]
    [InlineData("from=2025-03-01&to=2025-03-02&step=PT6H", 5, "2025-03-02T00:00:00Z")]
    [InlineData("from=2025-03-01&to=2025-03-31&step=P1W", 5, "2025-03-29T00:00:00Z")]
    [InlineData("from=2025-01-31&to=2025-04-30&step=P1M", 4, "2025-04-30T00:00:00Z")]
    [InlineData("from=2021-02-28&to=2025-03-01&step=P1Y", 5, "2025-02-28T00:00:00Z")]
    [InlineData("from=2025-03-02&to=2025-03-01", 0, null)]
    [InlineData("to=2025-03-31", 91, "2025-03-31T00:00:00Z")]
    public async Task A_series_has_a_point_at_every_step(string query, int points, string? last)
    {
        await LogCredible("i", "2025-03-01");

        var series = (await workspace.Get($"relationships/AZE-RUS/series?{query}")).ShouldBe(200)["points"];

        series.GetArrayLength().ShouldBe(points);
        if (last is not null)
        {
            var point = series[points - 1];
            point.GetProperty("at").GetString().ShouldBe(last);
            var read = await Read(last);
            foreach (var number in new[] { "hostilityFast", "hostilitySlow", "cooperationFast", "tension", "warmth", "asymmetry", "pressure", "materialShare" })
            {
                point.GetProperty(number).GetDouble().ShouldBe(read[number].GetDouble(), number);
            }

            (point.GetProperty("rung").GetInt32(), point.GetProperty("band").GetString()).ShouldBe((read["rung"].GetInt32(), read["band"].GetString()));
            point.TryGetProperty("arrow", out var arrow).ShouldBe(query.Contains("P1M"));
            if (query.Contains("P1M"))
            {
                arrow.GetString().ShouldBe(read["arrow"].GetString());
            }
        }
    }

    [Fact]
    public async Task The_timeline_shows_what_each_incident_weighs_latest_first()
    {
        await LogCredible("early", "2025-03-01");
        await workspace.Log(Example.Incident("late", "2025-03-08", "Visit", "visit", actor: "RUS", recipient: "AZE"));

        var timeline = (await workspace.Get("relationships/AZE-RUS/timeline?validAsOf=2025-03-15")).ShouldBe(200);

        timeline.Ids.ShouldBe(["late", "early"]);
        timeline.Items[1].GetProperty("hostile").GetDouble().ShouldBe(3.15, 1e-9);
        timeline.Items[1].GetProperty("remaining").GetDouble().ShouldBe(1.575, 1e-9);
        timeline.Items[0].GetProperty("cooperative").GetDouble().ShouldBe(2, 1e-9);
        timeline.Items[0].GetProperty("actedBy")[0].GetString().ShouldBe("RUS");
        var page = (await workspace.Get("relationships/AZE-RUS/timeline?validAsOf=2025-03-15&limit=1")).ShouldBe(200);
        (await workspace.Get(page.Link!.Split('<', '>')[1])).ShouldBe(200).Ids.ShouldBe(["early"]);
    }

    [Theory]
    [InlineData("tension")]
    [InlineData("rise")]
    [InlineData("last")]
    public async Task The_board_is_sorted_as_asked(string sort)
    {
        await workspace.Import(await ConformanceTests.SampleCase());

        var board = (await workspace.Get($"relationships?sort={sort}&validAsOf=2025-07-10")).ShouldBe(200);
        var lines = board.Items;
        lines.Count.ShouldBeGreaterThan(3);
        if (sort == "last")
        {
            lines.Select(l => l.GetProperty("lastIncident").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        }
        else
        {
            lines.Select(l => l.GetProperty(sort).GetDouble()).ShouldBeInOrder(SortDirection.Descending);
        }

        foreach (var line in lines)
        {
            var read = await workspace.Get($"relationships/{line.GetProperty("dyad").GetString()}?validAsOf=2025-07-10");
            foreach (var number in new[] { "tension", "rise", "warmth", "asymmetry", "pressure" })
            {
                line.GetProperty(number).GetDouble().ShouldBe(read[number].GetDouble(), 1e-9, number);
            }
        }

        var paged = new List<JsonElement>();
        for (var next = workspace.At($"relationships?sort={sort}&validAsOf=2025-07-10&limit=2"); next is not null;)
        {
            var page = (await workspace.Get(next)).ShouldBe(200);
            paged.AddRange(page.Items);
            next = page.Link?.Split('<', '>')[1];
        }

        paged.Select(l => l.GetRawText()).ShouldBe(lines.Select(l => l.GetRawText()));
        (await workspace.Get($"relationships?actor=ARM&validAsOf=2025-07-10")).Items.ShouldAllBe(l => l.GetProperty("dyad").GetString()!.Contains("ARM"));
    }

    /// <summary>Far ends of time are dates like others.</summary>
    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("0001-01-01T00:00:00.000001Z")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public async Task Any_instant_can_be_asked_for(string at)
    {
        await LogCredible("i", "2025-03-01");
        foreach (var address in new[] { "", "/contributions", "/timeline", "/measures" })
        {
            (await workspace.Get($"relationships/AZE-RUS{address}?validAsOf={at}")).ShouldBe(200);
        }

        (await workspace.Get($"relationships?validAsOf={at}")).ShouldBe(200);
        (await workspace.Get($"relationships/AZE-RUS/series?to={at}&step=P1M")).ShouldBe(200);
    }

    [Theory]
    [InlineData("relationships/AZERUS", "dyad malformed")]
    [InlineData("relationships/AZE-AZE", "dyad malformed")]
    [InlineData("relationships/AZE-RUS?validAsOf=soon", "validAsOf malformed")]
    [InlineData("relationships/AZE-RUS?knownAsOf=77", "knownAsOf unknown-position")]
    [InlineData("relationships/AZE-RUS?knownAsOf=99999999999999999999", "knownAsOf malformed")]
    [InlineData("relationships/AZE-RUS?method=2031.4", "method unknown-method")]
    [InlineData("relationships?sort=colour", "sort malformed")]
    [InlineData("relationships?actor=x", "actor malformed")]
    [InlineData("relationships?after=AAAA", "after malformed")]
    [InlineData("relationships?after=OTk5OTk5OXwwfDA", "after malformed")]
    [InlineData("relationships/AZE-RUS/series?step=PT1S", "step malformed")]
    [InlineData("relationships/AZE-RUS/series?step=P0D", "step malformed")]
    [InlineData("relationships/AZE-RUS/series?step=P300000000W", "step malformed")]
    [InlineData("relationships/AZE-RUS/series?step=P99999999999999D", "step malformed")]
    [InlineData("relationships/AZE-RUS/series?step=daily", "step malformed")]
    [InlineData("relationships/AZE-RUS/series?from=2000-01-01&step=PT1M", "step too-many")]
    [InlineData("relationships/AZE-RUS/timeline?limit=x", "limit out-of-range")]
    [InlineData("relationships/AZE-RUS/contributions?colour=red", "colour unknown-parameter")]
    [InlineData("relationships/AZE-RUS/measures?validAsOf=2025-01-01&validAsOf=2025-01-02", "validAsOf repeated")]
    public async Task A_question_that_cannot_be_read_is_refused(string address, string fault) =>
        (await workspace.Get(address)).ShouldBeProblem(400, "invalid-request", fault);

    private async Task<Reply> LogCredible(string id, string occurred)
    {
        await workspace.Post("sources", new { id = "wire", reliability = "A" });
        return await workspace.Log(Example.Incident(id, occurred, reports: [new { source = "wire", credibility = 1 }]));
    }

    private async Task<Reply> Read(string at) => (await workspace.Get(string.Create(CultureInfo.InvariantCulture, $"relationships/AZE-RUS?validAsOf={at}"))).ShouldBe(200);
}
