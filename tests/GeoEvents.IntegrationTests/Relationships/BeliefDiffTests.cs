using System.Text.Json;

namespace GeoEvents.IntegrationTests.Relationships;

public class BeliefDiffTests(GeoEventsHost host)
{
    private const string Relationship = "relationships/AZE-RUS";

    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>h = 3.5·0.9 = 3.15 of the raid; learned when V was past.</summary>
    [Fact]
    public async Task What_was_learned_late_is_named_with_who_recorded_it()
    {
        await LogCredible("known", "2025-03-01");
        var then = await workspace.Position();
        await LogCredible("raid", "2025-03-02", user: "ada");

        var diff = await Diff($"validAsOf=2025-03-02&fromKnownAsOf={then}");

        var line = diff.Items.Single();
        Words(line).ShouldBe("known learned-late raid");
        line.GetProperty("hostilityFast").GetDouble().ShouldBe(3.15, 1e-9);
        line.GetProperty("tension").GetDouble().ShouldBe(diff["after.tension"].GetDouble() - diff["before.tension"].GetDouble(), 1e-9);
        (Fact(line, "user"), Fact(line, "kind")).ShouldBe(("ada", "incident_logged"));
        (diff["before.incidents"].GetInt32(), diff["after.incidents"].GetInt32()).ShouldBe((1, 2));
        diff["from.knownAsOf"].GetProperty("position").GetInt64().ShouldBe(then);
    }

    /// <summary>m = 1 + 0.25·log₁₀(1+9) = 1.25, so a quarter of 3.15 more.</summary>
    [Fact]
    public async Task A_corrected_death_toll_shows_old_and_new_value_and_who_and_why()
    {
        await LogCredible("raid", "2025-03-01");
        var then = await workspace.Position();
        await Change("raid", "corrections", new { reason = "hospital count", changes = new { deaths = new { best = 9 } } }, "ada");
        await Change("raid", "corrections", new { reason = "wording", changes = new { title = "Raid in the night" } }, "bob");

        var diff = await Diff($"validAsOf=2025-03-01&fromKnownAsOf={then}");

        diff.Items.Select(Words).ShouldBe(["known corrected raid", "known corrected raid"]);
        var toll = diff.Items[0];
        toll.GetProperty("hostilityFast").GetDouble().ShouldBe(0.25 * 3.15, 1e-9);
        (toll.GetProperty("title").GetString(), Fact(toll, "user"), Fact(toll, "reason")).ShouldBe(("Raid in the night", "ada", "hospital count"));
        var change = toll.GetProperty("fact").GetProperty("changes")[0];
        (change.GetProperty("field").GetString(), change.TryGetProperty("old", out _), change.GetProperty("new").GetRawText()).ShouldBe(("deaths", false, "9"));
        var title = diff.Items[1];
        title.GetProperty("hostilityFast").GetDouble().ShouldBe(0, "a title has no weight, but it is a fact");
        title.GetProperty("fact").GetProperty("changes")[0].GetProperty("old").GetString().ShouldBe("Envoy summoned");
        diff["causes.0"].GetProperty("count").GetInt32().ShouldBe(2);
    }

    /// <summary>c = .9 by one report of grade 1 of a source A; a second group makes it .9878, cut to σ(3) = .9526; then an analyst sets it.</summary>
    [Fact]
    public async Task Reports_and_grades_are_corrections_that_say_how_credibility_moved()
    {
        await LogCredible("raid", "2025-03-01");
        await workspace.Register("paper");
        var then = await workspace.Position();
        await Change("raid", "reports", new { source = "paper", credibility = 1 });
        await Change("raid", "grade", new { credibility = 0.2, reason = "implausible" });
        await Change("raid", "reports/r2/withdrawal", Example.Reason("taken back"));
        await Change("wire", "grade", new { reliability = "E", reason = "caught out" }, of: "sources");
        await Change("raid", "regrading", Example.Reason("sources graded anew"));

        var items = (await Diff($"validAsOf=2025-03-01&fromKnownAsOf={then}")).Items.OrderBy(i => i.GetProperty("fact").GetProperty("position").GetInt64()).ToList();

        items.ShouldAllBe(i => Words(i) == "known corrected raid");
        items.Select(i => Fact(i, "kind")).ShouldBe(["report_attached", "incident_graded", "report_withdrawn", "reports_regraded"]);
        items[0].GetProperty("fact").GetProperty("attached").GetProperty("source").GetString().ShouldBe("paper");
        Moved(items[0]).ShouldBe([0.9, 1 / (1 + Math.Exp(-3))], 1e-9);
        Moved(items[1]).ShouldBe([1 / (1 + Math.Exp(-3)), 0.2], 1e-9);
        items[2].GetProperty("fact").GetProperty("withdrawn").GetProperty("source").GetString().ShouldBe("paper");
        items[2].GetProperty("fact").TryGetProperty("credibility", out _).ShouldBeFalse("an analyst's c stands whatever the reports say");
        var regrade = items[3].GetProperty("fact").GetProperty("regrades")[0];
        (regrade.GetProperty("oldReliability").GetString(), regrade.GetProperty("newReliability").GetString()).ShouldBe(("A", "E"));

        static double[] Moved(JsonElement item) =>
            [.. ((string[])["old", "new"]).Select(end => item.GetProperty("fact").GetProperty("credibility").GetProperty(end).GetDouble())];
    }

    [Fact]
    public async Task Retracted_then_reinstated_are_two_lines_that_cancel()
    {
        await LogCredible("raid", "2025-03-01");
        var then = await workspace.Position();
        await Change("raid", "retraction", Example.Reason("misread"));
        var between = await workspace.Position();
        await Change("raid", "reinstatement", Example.Reason("so after all"));

        var diff = await Diff($"validAsOf=2025-03-01&fromKnownAsOf={then}");
        diff.Items.Select(Words).ShouldBe(["known retracted raid", "known reinstated raid"]);
        diff.Items.Select(i => i.GetProperty("hostilityFast").GetDouble()).ShouldBe([-3.15, 3.15], 1e-9);
        diff.Items.Select(i => Fact(i, "reason")).ShouldBe(["misread", "so after all"]);
        diff["difference.tension"].GetDouble().ShouldBe(0, 1e-12);

        var half = await Diff($"validAsOf=2025-03-01&fromKnownAsOf={then}&knownAsOf={between}");
        half.Items.Select(Words).ShouldBe(["known retracted raid"]);
        half["after.tension"].GetDouble().ShouldBe(0);
        half["before.tension"].GetDouble().ShouldBe(-half.Items[0].GetProperty("tension").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task A_measure_that_a_late_fact_closed_names_its_closer_and_opens_again_with_its_retraction()
    {
        await LogCredible("ban", "2025-01-01", type: "economic-sanctions", measure: new { opens = true });
        var then = await workspace.Position();
        await workspace.Log(Example.Incident("lifted", "2025-06-01", "Ban lifted", "measures-eased", measure: new { closes = "ban" }));
        var closed = await workspace.Position();
        await Change("lifted", "retraction", Example.Reason("misread"), "bob");

        var diff = await Diff($"validAsOf=2025-07-01&fromKnownAsOf={then}&knownAsOf={closed}");
        diff.Items.Select(Words).ShouldBe(["known measure-closed ban by lifted", "known learned-late lifted"]);
        diff.Items[0].GetProperty("hostilityFast").GetDouble().ShouldBeLessThan(0);

        var back = await Diff($"validAsOf=2025-07-01&fromKnownAsOf={closed}");
        back.Items.Select(Words).ShouldBe(["known measure-reopened ban by lifted", "known retracted lifted"]);
        (Fact(back.Items[0], "reason"), Fact(back.Items[0], "user")).ShouldBe(("misread", "bob"));

        var byTime = await Diff($"fromValidAsOf=2025-05-01&validAsOf=2025-07-01&knownAsOf={closed}");
        byTime.Items.Select(Words).ShouldBe(["valid measure-closed ban by lifted", "valid happened lifted"], ignoreOrder: true);
        (await Diff("fromValidAsOf=2024-12-31&validAsOf=2025-01-02")).Items.Select(Words).ShouldBe(["valid measure-opened ban"]);
    }

    /// <summary>14 days halve 3.15.</summary>
    [Fact]
    public async Task Where_nothing_happened_all_of_it_is_decay()
    {
        await LogCredible("a", "2025-03-01");
        await LogCredible("b", "2025-03-01");

        var diff = await Diff("fromValidAsOf=2025-03-01&validAsOf=2025-03-15");

        var line = diff.Items.Single();
        (Words(line), line.GetProperty("incidents").GetInt32()).ShouldBe(("valid decay", 2));
        line.GetProperty("hostilityFast").GetDouble().ShouldBe(-3.15, 1e-9);
        line.GetProperty("tension").GetDouble().ShouldBe(diff["difference.tension"].GetDouble(), 1e-9);
    }

    /// <summary>Pages show the points of the first, whatever is recorded and however late it becomes meanwhile.</summary>
    [Fact]
    public async Task A_cursor_pins_both_points()
    {
        await LogCredible("a", "2025-03-01");
        await LogCredible("b", "2025-03-02");
        var first = await Diff("fromKnownAsOf=0&limit=1");
        await LogCredible("c", "2025-03-03");

        var second = (await workspace.Get(first.Link!.Split('<', '>')[1])).ShouldBe(200);

        foreach (var part in (string[])["from", "to", "before", "after", "difference", "causes"])
        {
            second[part].GetRawText().ShouldBe(first[part].GetRawText());
        }

        first.Ids.Concat(second.Ids).ShouldBe(["b", "a"]);
        (await workspace.Get($"{Relationship}/diff?after={first["next"].GetString()}&limit=1")).ShouldBe(200).Text.ShouldBe(second.Text);
    }

    [Fact]
    public async Task What_is_on_record_only_at_the_other_point_has_its_title_of_there()
    {
        await LogCredible("raid", "2025-03-01");

        var diff = await Diff($"validAsOf=2025-03-01&fromKnownAsOf={await workspace.Position()}&knownAsOf=0");

        (Words(diff.Items.Single()), diff.Items[0].GetProperty("title").GetString()).ShouldBe(("known learned-late raid", "Envoy summoned"));
        diff.Items[0].GetProperty("hostilityFast").GetDouble().ShouldBe(-3.15, 1e-9);
    }

    [Fact]
    public async Task From_a_point_to_itself_there_is_nothing()
    {
        await LogCredible("raid", "2025-03-01");

        var diff = await Diff("validAsOf=2025-03-05&fromValidAsOf=2025-03-05&fromMethod=2026.1");

        diff.Items.ShouldBeEmpty();
        diff["causes"].GetArrayLength().ShouldBe(0);
        diff["difference"].GetRawText().ShouldBe("""{"hostilityFast":0,"cooperationFast":0,"tension":0}""");
    }

    [Theory]
    [InlineData("", "fromKnownAsOf required")]
    [InlineData("?validAsOf=2025-01-01&knownAsOf=0", "fromKnownAsOf required")]
    [InlineData("?fromValidAsOf=soon", "fromValidAsOf malformed")]
    [InlineData("?fromKnownAsOf=77777777777", "fromKnownAsOf unknown-position")]
    [InlineData("?fromKnownAsOf=0&knownAsOf=77777777777", "knownAsOf unknown-position")]
    [InlineData("?fromMethod=2031.4", "fromMethod unknown-method")]
    [InlineData("?fromKnownAsOf=0&limit=0", "limit out-of-range")]
    [InlineData("?after=AAAA", "after malformed")]
    [InlineData("?after=MHwwfHh8MHwwfHh8MA", "after malformed")]
    [InlineData("?fromKnownAsOf=0&since=x", "since unknown-parameter")]
    public async Task A_question_that_cannot_be_read_is_refused(string query, string fault) =>
        (await workspace.Get($"{Relationship}/diff{query}")).ShouldBeProblem(400, "invalid-request", fault);

    /// <summary>Leg, cause, incident and closer of a line.</summary>
    private static string Words(JsonElement line) => string.Join(' ', new[]
    {
        line.GetProperty("leg").GetString(),
        line.GetProperty("cause").GetString(),
        line.TryGetProperty("id", out var id) ? id.GetString() : null,
        line.TryGetProperty("closer", out var closer) ? $"by {closer}" : null,
    }.OfType<string>());

    private static string? Fact(JsonElement line, string field) => line.GetProperty("fact").GetProperty(field).GetString();

    private async Task<Reply> Diff(string query) => (await workspace.Get($"{Relationship}/diff?{query}")).ShouldBe(200);

    private async Task Change(string id, string what, object body, string? user = null, string of = "incidents") =>
        (await workspace.Post($"{of}/{id}/{what}", body, ifMatch: "*", user: user)).ShouldBe(200);

    private async Task LogCredible(string id, string occurred, string? user = null, string type = "diplomatic-protest", object? measure = null)
    {
        await workspace.Post("sources", new { id = "wire", reliability = "A" });
        (await workspace.Post("incidents", Example.Incident(id, occurred, type: type, measure: measure, reports: [new { source = "wire", credibility = 1 }]), user: user)).ShouldBe(201);
    }
}
