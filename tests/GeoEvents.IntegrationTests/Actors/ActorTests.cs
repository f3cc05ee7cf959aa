namespace GeoEvents.IntegrationTests.Actors;

public class ActorTests(GeoEventsHost host)
{
    private static readonly object Bloc = new
    {
        code = "OTS",
        name = "Organization of Turkic States",
        kind = "bloc",
        members = new object[] { "AZE", new { actor = "TUR", from = "2009-10-03", to = "2030-01-01" } },
    };

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task States_are_known_from_the_start()
    {
        (await workspace.Get("actors/AZE")).ShouldBe(200)["name"].GetString().ShouldBe("Azerbaijan");
        (await workspace.Get("actors")).Items.Count.ShouldBe(249, "ISO 3166-1");
        (await workspace.Get("actors?kind=bloc")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_actor_is_registered_once_and_amended_with_a_reason()
    {
        var registered = (await workspace.Post("actors", Bloc)).ShouldBe(201);
        (registered.Location, registered.ETag).ShouldBe((workspace.At("actors/OTS"), "\"1\""));
        (await workspace.Post("actors", Bloc)).ShouldBe(200);
        (await workspace.Post("actors", new { code = "OTS", name = "Another" })).ShouldBeProblem(409, "actor-exists");

        var position = await workspace.Position();
        (await workspace.Post("actors/OTS/amendments", new { reason = "joined", members = new[] { "AZE", "TUR", "KAZ" } }, ifMatch: "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await workspace.Get("actors/OTS"))["members"].GetArrayLength().ShouldBe(3);
        (await workspace.Get($"actors/OTS?knownAsOf={position}"))["members"][1].GetProperty("from").GetString().ShouldBe("2009-10-03");
        (await workspace.Get("actors?kind=bloc")).Items.Single().GetProperty("code").GetString().ShouldBe("OTS");
    }

    /// <summary>An amendment of what has just been amended to the same says so again.</summary>
    [Fact]
    public async Task An_amendment_needs_the_version_it_was_made_for()
    {
        await workspace.Post("actors", Bloc);
        (await workspace.Post("actors/OTS/amendments", new { reason = "x", name = "New" })).ShouldBeProblem(428, "precondition-required");
        (await workspace.Post("actors/OTS/amendments", new { reason = "x", name = "New" }, ifMatch: "\"5\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post("actors/OTS/amendments", new { name = "New" }, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", "/reason required");
        (await workspace.Post("actors/AZE/amendments", new { reason = "x", name = "New" }, ifMatch: "*")).ShouldBeProblem(409, "actor-reserved");
        (await workspace.Post("actors/QQQ1/amendments", new { reason = "x", name = "New" }, ifMatch: "*")).ShouldBeProblem(404, "actor-not-found");
    }

    [Theory]
    [InlineData("""{ "code": "AZE", "name": "x" }""", "/code reserved")]
    [InlineData("""{ "code": "aze", "name": "x" }""", "/code malformed")]
    [InlineData("""{ "name": "x" }""", "/code required")]
    [InlineData("""{ "code": "OTS" }""", "/name required")]
    [InlineData("""{ "code": "OTS", "name": "x", "kind": "state" }""", "/kind reserved")]
    [InlineData("""{ "code": "OTS", "name": "x", "kind": "gang" }""", "/kind malformed")]
    [InlineData("""{ "code": "OTS", "name": "x", "members": [ null ] }""", "/members/0 malformed")]
    [InlineData("""{ "code": "OTS", "name": "x", "members": [ "OTS" ] }""", "/members/0/actor malformed")]
    [InlineData("""{ "code": "OTS", "name": "x", "members": [ { "actor": "AZE", "from": "2020-01-02", "to": "2020-01-01" } ] }""", "/members/0/to out-of-range")]
    [InlineData("""{ "code": "OTS", "name": "x", "members": [ "QQQ1" ] }""", "/members/0/actor unknown-actor")]
    [InlineData("""{ "code": "OTS", "name": "x", "affiliation": "QQQ1" }""", "/affiliation unknown-actor")]
    public async Task An_actor_that_is_none_is_refused(string body, string fault)
    {
        (await workspace.PostRaw("actors", body)).ShouldBeProblem(400, "invalid-request", fault);
        (await workspace.Position()).ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_actors_and_kinds_are_named()
    {
        (await workspace.Get("actors/QQQ1")).ShouldBeProblem(404, "actor-not-found");
        (await workspace.Get("actors?kind=gang")).ShouldBeProblem(400, "invalid-request", "kind malformed");
    }
}
