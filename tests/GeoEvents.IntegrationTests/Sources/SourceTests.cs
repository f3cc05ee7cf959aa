namespace GeoEvents.IntegrationTests.Sources;

public class SourceTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_source_is_registered_once_and_graded_anew_with_a_reason()
    {
        var source = new { id = "wire.example", name = "Wire", reliability = "B", group = "agency", affiliation = "RUS", url = "https://example.org" };
        var registered = (await workspace.Post("sources", source)).ShouldBe(201);
        (registered.Location, registered.ETag).ShouldBe((workspace.At("sources/wire.example"), "\"1\""));
        (await workspace.Post("sources", source)).ShouldBe(200);
        (await workspace.Post("sources", new { id = "wire.example" })).ShouldBeProblem(409, "source-exists");

        var position = await workspace.Position();
        (await workspace.Post("sources/wire.example/grade", new { reliability = "D", affiliation = "RUS", reason = "caught" }, ifMatch: "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        var read = (await workspace.Get("sources/wire.example")).ShouldBe(200);
        (read["reliability"].GetString(), read["group"].GetString(), read["affiliation"].GetString()).ShouldBe(("D", "agency", "RUS"));
        (await workspace.Get($"sources/wire.example?knownAsOf={position}"))["reliability"].GetString().ShouldBe("B");
        (await workspace.Get("sources")).Ids.ShouldBe(["wire.example"]);
    }

    [Fact]
    public async Task Whose_media_it_is_stays_unless_it_is_said_and_older_reports_learn_it_by_regrading()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("a", reports: [new { source = "wire", credibility = 1 }]));
        await Grade(new { affiliation = "RUS", reason = "bought" });
        (await Sides()).ShouldBeEmpty("the report was attached before");

        await Regraded(1);
        (await Sides()).ShouldBe(["RUS"]);
        await Regraded(0);
        await Grade(new { reliability = "E", reason = "caught" });
        (await workspace.Get("sources/wire"))["affiliation"].GetString().ShouldBe("RUS");
        (await workspace.Post("sources/wire/grade", new { unaffiliated = true, affiliation = "RUS", reason = "x" }, ifMatch: "*"))
            .ShouldBeProblem(400, "invalid-request", "/unaffiliated contradiction");
        await Grade(new { unaffiliated = true, reason = "sold" });
        (await workspace.Get("sources/wire")).Json.TryGetProperty("affiliation", out _).ShouldBeFalse();
        await Regraded(1);
        (await Sides()).ShouldBeEmpty();

        async Task Grade(object grade) => (await workspace.Post("sources/wire/grade", grade, ifMatch: "*")).ShouldBe(200);
        async Task Regraded(int incidents) => (await workspace.Post("sources/wire/regrading", Example.Reason())).ShouldBe(200)["regraded"].GetInt32().ShouldBe(incidents);
        async Task<IEnumerable<string?>> Sides() =>
            (await workspace.Get("relationships/AZE-RUS/robustness?validAsOf=2025-03-02"))["sides"].EnumerateArray().Select(s => s.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_grade_needs_the_version_it_was_made_for()
    {
        await workspace.Register("wire");
        (await workspace.Post("sources/wire/grade", new { reliability = "D", reason = "x" })).ShouldBeProblem(428, "precondition-required");
        (await workspace.Post("sources/wire/grade", new { reliability = "D", reason = "x" }, ifMatch: "\"2\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post("sources/wire/grade", new { reliability = "D" }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/reason required");
        (await workspace.Post("sources/nobody/grade", new { reliability = "D", reason = "x" }, ifMatch: "*")).ShouldBeProblem(404, "source-not-found");
        (await workspace.Get("sources/nobody")).ShouldBeProblem(404, "source-not-found");
    }

    [Theory]
    [InlineData("""{ "id": "Not An Id" }""", "/id malformed")]
    [InlineData("""{ }""", "/id required")]
    [InlineData("""{ "id": "w", "reliability": "G" }""", "/reliability malformed")]
    [InlineData("""{ "id": "w", "reliability": 2 }""", "/reliability malformed")]
    [InlineData("""{ "id": "w", "url": "javascript:alert(1)" }""", "/url malformed")]
    [InlineData("""{ "id": "w", "name": "a\u0000b" }""", "/name control-character")]
    [InlineData("""{ "id": "w", "affiliation": "QQQ1" }""", "/affiliation unknown-actor")]
    public async Task A_source_that_is_none_is_refused(string body, string fault)
    {
        (await workspace.PostRaw("sources", body)).ShouldBeProblem(400, "invalid-request", fault);
        (await workspace.Position()).ShouldBe(0);
    }
}
