namespace GeoEvents.IntegrationTests.Relationships;

public class RobustnessTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    /// <summary>Each incident weighs 3.5·c; c is 0.9 by a report of grade 1 from a source A, σ(2·logit 0.9) by two.</summary>
    [Fact]
    public async Task Tension_depends_on_a_source_as_far_as_nobody_else_says_so()
    {
        await Sources();
        await workspace.Log(Example.Incident("alone", reports: [Graded("state-wire")]));
        await workspace.Log(Example.Incident("shared", reports: [Graded("state-wire"), Graded("other-wire")]));
        await workspace.Log(Example.Incident("unsourced"));

        var read = await Read();
        var two = 1 / (1 + Math.Exp(-2 * Math.Log(9)));
        var tension = Tension(0.9 + Math.Min(two, 1 / (1 + Math.Exp(-3))) + 0.5);
        read["tension"].GetDouble().ShouldBe(tension, 1e-9);
        (read["incidents"].GetInt32(), read["examined"].GetInt32()).ShouldBe((3, 3));
        read["strongest"].GetProperty("name").GetString().ShouldBe("state-wire");
        read["strongest"].GetProperty("tensionWithout").GetDouble().ShouldBe(Tension(0.9 + 0.5), 1e-9);
        read["strongest"].GetProperty("dependence").GetDouble().ShouldBe((tension - Tension(1.4)) / tension, 1e-9);
        read["strongest"].GetProperty("incidents").GetInt32().ShouldBe(2);
        read["statement"].GetString().ShouldBe($"Tension depends on one source, state-wire, for {100 * (tension - Tension(1.4)) / tension:0} %.");
        Names(read, "sources").ShouldBe(["state-wire", "other-wire"]);
        Names(read, "groups").ShouldBe(["state-holding", "other-wire"]);
        Names(read, "sides").ShouldBe(["AZE"]);
        read["sides.0"].GetProperty("tensionWithout").GetDouble().ShouldBe(Tension(1.4), 1e-9);
    }

    [Fact]
    public async Task An_incident_without_its_last_report_is_gone_even_if_an_analyst_set_its_credibility_and_opens_what_it_closed()
    {
        await Sources();
        await workspace.Log(Example.Incident("ban", "2024-01-01", "Ban", "economic-sanctions", reports: [Graded("other-wire")], measure: new { opens = true }));
        await workspace.Log(Example.Incident("lifted", "2024-02-01", "Lifted", "measures-eased", reports: [Graded("state-wire")], measure: new { closes = "ban" }));
        await workspace.Log(Example.Incident("judged", "2025-03-01", reports: [Graded("state-wire")]));
        (await workspace.Post("incidents/judged/grade", new { credibility = 0.7, reason = "seen" }, ifMatch: "*")).ShouldBe(200);

        var read = await Read();
        var without = read["sources"].EnumerateArray().Single(s => s.GetProperty("name").GetString() == "state-wire");
        await workspace.Post("incidents/lifted/retraction", Example.Reason(), ifMatch: "*");
        await workspace.Post("incidents/judged/retraction", Example.Reason(), ifMatch: "*");
        var gone = (await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-01")).ShouldBe(200);
        without.GetProperty("tensionWithout").GetDouble().ShouldBe(gone["tension"].GetDouble(), 1e-9);
        without.GetProperty("rungWithout").GetInt32().ShouldBe(gone["rung"].GetInt32());
        gone["measures"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_source_that_denies_is_depended_on_less_than_not_at_all()
    {
        await Sources();
        await workspace.Log(Example.Incident("a", reports: [Graded("state-wire"), new { source = "other-wire", credibility = 2, stance = "denies" }]));

        var denier = (await Read())["sources"].EnumerateArray().Single(s => s.GetProperty("name").GetString() == "other-wire");
        denier.GetProperty("dependence").GetDouble().ShouldBeLessThan(0);
        denier.GetProperty("tensionWithout").GetDouble().ShouldBe(Tension(0.9), 1e-9);
    }

    [Fact]
    public async Task Without_tension_there_is_nothing_to_depend_on()
    {
        var read = await Read();

        (read["statement"].GetString(), read["sources"].GetArrayLength(), read.Json.TryGetProperty("strongest", out _))
            .ShouldBe(("There is no tension that could depend on a source.", 0, false));
    }

    [Fact]
    public async Task Reports_are_those_known_then()
    {
        await Sources();
        var first = (await workspace.Log(Example.Incident("a", reports: [Graded("state-wire")])))["position"].GetInt64();
        var then = await Read($"&knownAsOf={first}");
        (await workspace.Post("incidents/a/reports", Graded("other-wire"))).ShouldBe(200);

        (await Read($"&knownAsOf={first}")).Text.ShouldBe(then.Text);
        then["strongest"].GetProperty("dependence").GetDouble().ShouldBe(1);
        (await Read())["strongest"].GetProperty("dependence").GetDouble().ShouldBeLessThan(0.1);
    }

    private async Task Sources()
    {
        (await workspace.Post("sources", new { id = "state-wire", reliability = "A", group = "state-holding", affiliation = "AZE" })).ShouldBe(201);
        await workspace.Register("other-wire");
    }

    private async Task<Reply> Read(string query = "") => (await workspace.Get($"relationships/AZE-RUS/robustness?validAsOf=2025-03-01{query}")).ShouldBe(200);

    private static IEnumerable<string?> Names(Reply read, string of) => read[of].EnumerateArray().Select(s => s.GetProperty("name").GetString());

    private static object Graded(string source) => new { source, credibility = 1 };

    private static double Tension(double credibilities) => 100 * (1 - Math.Exp(-3.5 * credibilities / 20));
}
