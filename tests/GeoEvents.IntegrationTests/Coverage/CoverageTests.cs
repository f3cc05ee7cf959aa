using System.Text.Json;

namespace GeoEvents.IntegrationTests.Coverage;

public class CoverageTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_relationship_that_was_searched_is_observed_and_on_the_board_without_tension()
    {
        (await Observation("2025-06-30")).ShouldBe("unobserved");
        var known = await workspace.Position();
        var made = (await workspace.Post("relationships/AZE-RUS/checks", new { from = "2025-06-10", to = "2025-06-20", searched = "wires", found = "nothing", note = "quiet" }, user: "ana")).ShouldBe(201);
        (made["id"].GetString(), made["from"].GetString(), made["to"].GetString(), made["author"].GetString()).ShouldBe(("c1", "2025-06-10T00:00:00Z", "2025-06-21T00:00:00Z", "ana"));

        (await Observation("2025-06-10")).ShouldBe("observed");
        (await Observation("2025-06-09T23:59:59Z")).ShouldBe("unobserved", "that time was not searched");
        (await Observation("2025-06-30", known)).ShouldBe("unobserved", "nobody had searched then");
        var line = (await workspace.Get("relationships?validAsOf=2025-06-30")).ShouldBe(200).Items.Single();
        (line.GetProperty("dyad").GetString(), line.GetProperty("tension").GetDouble(), line.GetProperty("observation").GetString()).ShouldBe(("AZE-RUS", 0.0, "observed"));
        (await workspace.Get("relationships?validAsOf=2025-06-09")).Items.ShouldBeEmpty();
        (await workspace.Get("relationships/AZE-RUS/checks?validAsOf=2025-06-09")).Items.ShouldBeEmpty();
        (await workspace.Get("relationships/AZE-RUS/checks")).Ids.ShouldBe(["c1"]);
    }

    [Fact]
    public async Task A_check_that_is_withdrawn_shows_no_more_that_anybody_looked()
    {
        await Check("AZE-RUS", "2025-06-10", "2025-06-20");
        await Check("AZE-RUS", "2025-07-10", "2025-07-20");
        var known = await workspace.Position();

        var withdrawn = (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason(), ifMatch: "\"2\"")).ShouldBe(200);
        withdrawn["id"].GetString().ShouldBe("c1");
        withdrawn["withdrawnAt"].GetString().ShouldNotBeNull();
        (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBe(200).Text.ShouldBe(withdrawn.Text, "it is withdrawn once");

        (await Observation("2025-06-30")).ShouldBe("unobserved");
        (await Observation("2025-06-30", known)).ShouldBe("observed", "it was believed then");
        (await Observation("2025-07-30")).ShouldBe("observed", "the other stands");
        (await workspace.Get("relationships?validAsOf=2025-06-30")).Items.ShouldBeEmpty();
        (await workspace.Get("coverage?month=2025-06&validAsOf=2025-06-30")).Items.ShouldBeEmpty();
        (await workspace.Get("relationships/AZE-RUS/coverage?from=2025-06&to=2025-07&validAsOf=2026-01-01"))["months"].EnumerateArray().Select(m => $"{m.GetProperty("checks")} {m.GetProperty("state")}")
            .ShouldBe(["0 unobserved", "1 observed"]);
        (await workspace.Get("relationships/AZE-RUS/checks")).Ids.ShouldBe(["c2", "c1"], "it stays readable");
        await Check("AZE-RUS", "2025-06-10", "2025-06-20");
        (await workspace.Get("relationships/AZE-RUS/checks")).Ids.ShouldBe(["c3", "c2", "c1"], "its id is not used again");
    }

    [Fact]
    public async Task A_check_is_withdrawn_by_who_has_seen_the_list()
    {
        (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBeProblem(404, "check-not-found");
        await Check("AZE-RUS", "2025-06-10", "2025-06-20");
        (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason())).ShouldBeProblem(428, "precondition-required");
        (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason(), ifMatch: "\"7\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post("relationships/AZE-RUS/checks/c1/withdrawal", new { reason = " " }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/reason required");
    }

    [Fact]
    public async Task Coverage_counts_each_month_as_it_was_known()
    {
        foreach (var wire in new[] { "w1", "w2" })
        {
            await workspace.Register(wire);
        }

        await workspace.Log(Example.Incident("may", "2025-05-10", reports: [new { source = "w1" }, new { source = "w2" }]));
        await workspace.Log(Example.Incident("may-2", "2025-05-31T23:59:59Z", reports: [new { source = "w1" }]));
        await workspace.Log(Example.Incident("july", "2025-07-01", actor: "RUS", recipient: "AZE"));
        await workspace.Log(Example.Incident("elsewhere", "2025-06-01", actor: "FRA", recipient: "DEU"));
        await Check("AZE-RUS", "2025-07-30", "2025-08-02");
        var known = await workspace.Position();
        var path = $"relationships/AZE-RUS/coverage?from=2025-05&to=2025-09-15&knownAsOf={known}&validAsOf=2026-01-01";
        var then = (await workspace.Get(path)).ShouldBe(200);

        then["months"].EnumerateArray().Select(Line).ShouldBe(
        [
            "2025-05 2 2 0 0 2025-05-31 observed",
            "2025-06 0 0 0 0 2025-05-31 unobserved",
            "2025-07 1 0 1 2 2025-08-01 observed",
            "2025-08 0 0 1 2 2025-08-03 observed",
            "2025-09 0 0 0 0 2025-08-03 unobserved",
        ]);

        await workspace.Post("incidents/july/retraction", Example.Reason(), ifMatch: "*");
        await Check("AZE-RUS", "2025-06-01", "2025-06-30");
        (await workspace.Get(path)).Text.ShouldBe(then.Text);
        (await workspace.Get("relationships/AZE-RUS/coverage?from=2025-06&to=2025-07&validAsOf=2026-01-01"))["months"].EnumerateArray().Select(Line)
            .ShouldBe(["2025-06 0 0 1 30 2025-07-01 observed", "2025-07 0 0 1 2 2025-08-01 observed"]);
        (await workspace.Get("relationships/AZE-RUS/coverage?from=2025-06&to=2025-07&validAsOf=2025-06-15T12:00:00Z"))["months"].EnumerateArray().Select(Line)
            .ShouldBe(["2025-06 0 0 1 14 2025-06-15 observed", "2025-07 0 0 0 0 2025-06-15 unobserved"]);
    }

    [Fact]
    public async Task The_blindest_relationships_come_first_page_by_page()
    {
        await workspace.Log(Example.Incident("a", "2025-05-10"));
        await workspace.Log(Example.Incident("b", "2025-03-10", actor: "FRA", recipient: "DEU"));
        await Check("ITA-ESP", "2025-05-01", "2025-05-31");
        await workspace.Log(Example.Incident("c", "2025-06-10", actor: "FRA", recipient: "ITA"));

        var first = (await workspace.Get("coverage?month=2025-05&validAsOf=2026-01-01&limit=2")).ShouldBe(200);
        first.Items.Select(i => $"{i.GetProperty("dyad")} {i.GetProperty("blind")}").ShouldBe(["DEU-FRA 1", "AZE-RUS 0"]);
        first.Link!.ShouldContain("rel=\"next\"");
        (await workspace.Get($"coverage?month=2025-05&limit=2&after={first["next"].GetString()}")).Items.Select(i => i.GetProperty("dyad").GetString()).ShouldBe(["ESP-ITA"]);

        var year = (await workspace.Get("coverage?year=2025&validAsOf=2026-01-01")).ShouldBe(200).Items;
        year.Count.ShouldBe(4);
        year.ShouldAllBe(i => i.GetProperty("months").GetArrayLength() == 12 && i.GetProperty("blind").GetInt32() == 11);
    }

    /// <summary>Every number of the coverage is what reading the incidents one by one gives.</summary>
    [Fact]
    public async Task Coverage_of_the_sample_is_what_its_incidents_say()
    {
        await workspace.Import(await Relationships.ConformanceTests.SampleCase());
        var incidents = (await workspace.Get("incidents?dyad=AZE-RUS&limit=100")).ShouldBe(200).Items;

        var months = (await workspace.Get("relationships/AZE-RUS/coverage?from=2020-09&to=2025-07&validAsOf=2026-01-01")).ShouldBe(200)["months"].EnumerateArray().ToList();

        months.Count.ShouldBe(59);
        foreach (var month in months)
        {
            var of = incidents.Where(i => i.GetProperty("tau").GetString()!.StartsWith(month.GetProperty("month").GetString()!, StringComparison.Ordinal)).ToList();
            month.GetProperty("incidents").GetInt32().ShouldBe(of.Count);
            month.GetProperty("sources").GetInt32().ShouldBe(
                of.SelectMany(i => i.GetProperty("reports").EnumerateArray()).Select(r => r.GetProperty("source").GetString()).Distinct().Count());
        }

        months.Sum(m => m.GetProperty("incidents").GetInt32()).ShouldBe(incidents.Count);
    }

    [Theory]
    [InlineData("relationships/AZE-RUS/coverage?from=2025-13", "from malformed")]
    [InlineData("relationships/AZE-RUS/coverage?from=2025-02&to=2025-01", "from out-of-range")]
    [InlineData("relationships/AZE-RUS/coverage?from=1900-01&to=2025-01", "from too-many")]
    [InlineData("relationships/AZE-RUS/coverage?from=9999-01&to=9999-12", "from too-many")]
    [InlineData("coverage?month=July", "month malformed")]
    [InlineData("coverage?year=0", "year malformed")]
    [InlineData("coverage?year=2025&month=2025-07", "year contradiction")]
    public async Task A_time_that_cannot_be_covered_is_refused(string path, string fault) =>
        (await workspace.Get(path)).ShouldBeProblem(400, "invalid-request", fault);

    [Fact]
    public async Task A_check_that_is_none_is_refused_by_field()
    {
        (await workspace.Post("relationships/AZE-RUS/checks", new { from = "2025-06-10", to = "2999-01-01", searched = "", found = "nothing" }))
            .ShouldBeProblem(400, "invalid-request", "/to out-of-range", "/searched required");
        (await workspace.Post("relationships/AZE-RUS/checks", new { from = "x", searched = "wires", found = "something" })).ShouldBeProblem(400, "invalid-request", "/found malformed");
        (await workspace.Post("relationships/AZE-QQQ1/checks", new { from = "2025-06-10", to = "2025-06-10", searched = "wires", found = "nothing" })).ShouldBeProblem(404, "actor-not-found");
        (await workspace.Position()).ShouldBe(0);
    }

    private static string Line(JsonElement m) =>
        $"{m.GetProperty("month")} {m.GetProperty("incidents")} {m.GetProperty("sources")} {m.GetProperty("checks")} {m.GetProperty("daysChecked")} {m.GetProperty("lastLooked").GetString()![..10]} {m.GetProperty("state")}";

    private async Task Check(string dyad, string from, string to) =>
        (await workspace.Post($"relationships/{dyad}/checks", new { from, to, searched = "wires", found = "nothing" })).ShouldBe(201);

    private async Task<string> Observation(string valid, long? known = null) =>
        (await workspace.Get($"relationships/AZE-RUS?validAsOf={valid}{(known is null ? "" : $"&knownAsOf={known}")}")).ShouldBe(200)["observation"].GetString()!;
}
