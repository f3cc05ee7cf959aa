namespace GeoEvents.IntegrationTests.Coding;

public class MethodEndpointTests(GeoEventsHost host)
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
    public async Task The_method_can_be_read()
    {
        (await workspace.Get("methods")).ShouldBe(200).Ids.ShouldBe(["2026.1"]);
        var method = (await workspace.Get("methods/2026.1")).ShouldBe(200);
        (method["current"].GetBoolean(), method["rungs"].GetArrayLength(), method["bands"].GetArrayLength()).ShouldBe((true, 10, 6));
        (await workspace.Get("methods/2031.4")).ShouldBeProblem(404, "method-not-found");
        (await workspace.Get("types?method=2031.4")).ShouldBeProblem(400, "invalid-request", "method unknown-method");
    }
}
