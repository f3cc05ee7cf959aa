using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Imports.Mappings;
using GeoEvents.IntegrationTests.Alerts;

namespace GeoEvents.IntegrationTests.Hosting;

public class WorkspaceIsolationTests(GeoEventsHost host)
{
    /// <summary>A word that everything in the first workspace carries, and nothing else does.</summary>
    private const string Secret = "zanzibar";

    private const string Id = $"{Secret}-1";
    private const string Actor = "ZANZIBAR1";

    /// <summary>Every address, with what a stranger asks or tries there. A new address has to be put here, and no other way leads past this test.</summary>
    /// <remarks>An expected status of 404 stands for "there is no such thing in this workspace".</remarks>
    private static readonly Dictionary<string, (string Path, object? Body, int Expected)> Attempts = new()
    {
        ["GET incidents"] = ("incidents?retracted=include", null, 200),
        ["POST incidents"] = ("incidents", Example.Incident("own", actor: "FRA", recipient: "DEU", title: "Own"), 201),
        ["GET incidents/{id}"] = ($"incidents/{Id}", null, 404),
        ["GET incidents/{id}/history"] = ($"incidents/{Id}/history", null, 404),
        ["POST incidents/{id}/corrections"] = ($"incidents/{Id}/corrections", new { reason = "x", changes = new { title = "y" } }, 404),
        ["POST incidents/{id}/retraction"] = ($"incidents/{Id}/retraction", Example.Reason(), 404),
        ["POST incidents/{id}/reinstatement"] = ($"incidents/{Id}/reinstatement", Example.Reason(), 404),
        ["POST incidents/{id}/grade"] = ($"incidents/{Id}/grade", new { reason = "x", credibility = 1 }, 404),
        ["POST incidents/{id}/reports"] = ($"incidents/{Id}/reports", new { source = "own-wire", register = new { sources = new[] { new { id = "own-wire" } } } }, 404),
        ["POST incidents/{id}/reports/{reportId}/withdrawal"] = ($"incidents/{Id}/reports/r1/withdrawal", Example.Reason(), 404),
        ["POST incidents/{id}/regrading"] = ($"incidents/{Id}/regrading", Example.Reason(), 404),
        ["POST incidents/{id}/merge"] = ($"incidents/{Id}/merge", new { into = "own", reason = "x" }, 404),
        ["POST incidents/{id}/unmerge"] = ($"incidents/{Id}/unmerge", Example.Reason(), 404),
        ["POST incidents/{id}/split"] = ($"incidents/{Id}/split", new { reason = "x", parts = new[] { Example.Incident("own-a"), Example.Incident("own-b") } }, 404),
        ["POST incidents/{id}/unsplit"] = ($"incidents/{Id}/unsplit", Example.Reason(), 404),
        ["GET issues"] = ("issues", null, 200),
        ["GET facets"] = ("facets", null, 200),
        ["GET relationships"] = ("relationships", null, 200),
        ["GET relationships/{dyad}"] = ($"relationships/AZE-{Actor}", null, 200),
        ["GET relationships/{dyad}/timeline"] = ($"relationships/AZE-{Actor}/timeline", null, 200),
        ["GET relationships/{dyad}/series"] = ($"relationships/AZE-{Actor}/series?from=2025-03-01&to=2025-03-05", null, 200),
        ["GET relationships/{dyad}/contributions"] = ($"relationships/AZE-{Actor}/contributions?validAsOf=2025-03-05", null, 200),
        ["GET relationships/{dyad}/diff"] = ($"relationships/AZE-{Actor}/diff?fromKnownAsOf=0&validAsOf=2025-03-05", null, 200),
        ["GET relationships/{dyad}/measures"] = ($"relationships/AZE-{Actor}/measures", null, 200),
        ["POST permalinks"] = ("permalinks", new { read = $"incidents/{Id}" }, 404),
        ["GET permalinks/{id}"] = ($"permalinks/{Secret}", null, 404),
        ["GET permalinks/{id}/verification"] = ($"permalinks/{Secret}/verification", null, 404),
        ["GET log/head"] = ("log/head", null, 200),
        ["GET log/verification"] = ("log/verification", null, 200),
        ["GET log/archive"] = ("log/archive", null, 200),
        ["GET relationships/{dyad}/assessments"] = ($"relationships/AZE-{Actor}/assessments", null, 200),
        ["POST relationships/{dyad}/assessments"] = ($"relationships/AZE-{Actor}/assessments", new { posture = 3, reason = "x" }, 404),
        ["POST relationships/{dyad}/assessments/{id}/withdrawal"] = ($"relationships/AZE-{Actor}/assessments/a1/withdrawal", Example.Reason(), 404),
        ["GET relationships/{dyad}/checks"] = ($"relationships/AZE-{Actor}/checks", null, 200),
        ["POST relationships/{dyad}/checks"] = ($"relationships/AZE-{Actor}/checks", new { from = "2025-03-01", to = "2025-03-02", searched = "own", found = "nothing" }, 404),
        ["POST relationships/{dyad}/checks/{id}/withdrawal"] = ($"relationships/AZE-{Actor}/checks/c1/withdrawal", Example.Reason(), 404),
        ["GET relationships/{dyad}/coverage"] = ($"relationships/AZE-{Actor}/coverage?from=2025-03&to=2025-03", null, 200),
        ["GET relationships/{dyad}/context"] = ($"relationships/AZE-{Actor}/context", null, 200),
        ["GET coverage"] = ("coverage?year=2025", null, 200),
        ["GET rules"] = ("rules", null, 200),
        ["POST rules"] = ("rules", Alerts.Given.Rule("own", "DEU-FRA"), 201),
        ["GET rules/ready-made"] = ("rules/ready-made", null, 200),
        ["GET rules/{id}"] = ($"rules/{Secret}", null, 404),
        ["GET rules/{id}/history"] = ($"rules/{Secret}/history", null, 404),
        ["POST rules/{id}/revisions"] = ($"rules/{Secret}/revisions", new { reason = "x", rule = Alerts.Given.Rule(Secret, "DEU-FRA") }, 404),
        ["POST rules/{id}/enablement"] = ($"rules/{Secret}/enablement", new { }, 404),
        ["POST rules/{id}/disablement"] = ($"rules/{Secret}/disablement", Example.Reason(), 404),
        ["GET silences"] = ("silences", null, 200),
        ["POST silences"] = ("silences", new { id = "own", dyads = new[] { "DEU-FRA" }, until = "2150-01-01T00:00:00Z", reason = "x" }, 201),
        ["GET silences/{id}"] = ($"silences/{Secret}", null, 404),
        ["POST silences/{id}/lift"] = ($"silences/{Secret}/lift", Example.Reason(), 404),
        ["POST rules/{id}/backtests"] = ($"rules/{Secret}/backtests", new { }, 404),
        ["POST backtests"] = ("backtests", new { ruleId = Secret }, 404),
        ["GET backtests"] = ("backtests", null, 200),
        ["GET backtests/{id}"] = ($"backtests/{Guid.Empty}", null, 404),
        ["POST backtests/{id}/cancellation"] = ($"backtests/{Guid.Empty}/cancellation", null, 404),
        ["POST alerts/{id}/receipt/verify"] = ($"alerts/{Secret}.AZE-RUS.1/receipt/verify", null, 404),
        ["GET alerts"] = ("alerts", null, 200),
        ["GET alerts/groups"] = ("alerts/groups?by=dyad", null, 200),
        ["GET alerts/{id}"] = ($"alerts/{Secret}.AZE-RUS.1", null, 404),
        ["GET alerts/{id}/facts"] = ($"alerts/{Secret}.AZE-RUS.1/facts", null, 404),
        ["GET alerts/{id}/receipt"] = ($"alerts/{Secret}.AZE-RUS.1/receipt", null, 404),
        ["POST alerts/{id}/acknowledgement"] = ($"alerts/{Secret}.AZE-RUS.1/acknowledgement", new { }, 404),
        ["POST alerts/{id}/assignment"] = ($"alerts/{Secret}.AZE-RUS.1/assignment", new { to = "x" }, 404),
        ["POST alerts/{id}/annotations"] = ($"alerts/{Secret}.AZE-RUS.1/annotations", new { text = "x" }, 404),
        ["GET stakes"] = ("stakes", null, 200),
        ["POST stakes"] = ("stakes", new { id = "own", name = "Own", heldBy = new[] { "FRA" } }, 201),
        ["GET stakes/{id}"] = ($"stakes/{Secret}", null, 404),
        ["GET stakes/{id}/history"] = ($"stakes/{Secret}/history", null, 404),
        ["POST stakes/{id}/amendments"] = ($"stakes/{Secret}/amendments", new { reason = "x", changes = new { name = "y" } }, 404),
        ["POST stakes/{id}/retirement"] = ($"stakes/{Secret}/retirement", Example.Reason(), 404),
        ["GET influence-claims"] = ("influence-claims", null, 200),
        ["POST influence-claims"] = ("influence-claims", new { incident = Id, influencer = "USA", likelihood = new[] { 0.1, 0.2 }, confidence = "low", basis = "own" }, 400),
        ["GET influence-claims/{id}"] = ($"influence-claims/{Secret}", null, 404),
        ["GET influence-claims/{id}/history"] = ($"influence-claims/{Secret}/history", null, 404),
        ["POST influence-claims/{id}/amendments"] = ($"influence-claims/{Secret}/amendments", new { reason = "x", changes = new { basis = "y" } }, 404),
        ["POST influence-claims/{id}/withdrawal"] = ($"influence-claims/{Secret}/withdrawal", Example.Reason(), 404),
        ["GET pathways"] = ("pathways", null, 200),
        ["POST pathways"] = ("pathways", new { dyad = "DEU-FRA", name = "Own", steps = new[] { "Own" } }, 201),
        ["GET pathways/{id}"] = ($"pathways/{Secret}", null, 404),
        ["GET pathways/{id}/history"] = ($"pathways/{Secret}/history", null, 404),
        ["POST pathways/{id}/amendments"] = ($"pathways/{Secret}/amendments", new { reason = "x", name = "y" }, 404),
        ["POST pathways/{id}/steps/{step}/progress"] = ($"pathways/{Secret}/steps/s1/progress", new { reason = "x", state = "under-way" }, 404),
        ["GET actors/{code}/profile"] = ($"actors/{Actor}/profile", null, 404),
        ["PUT actors/{code}/profile"] = ($"actors/{Actor}/profile", new { reason = "x", goals = new[] { "own" } }, 404),
        ["GET actors/{code}/profile/history"] = ($"actors/{Actor}/profile/history", null, 404),
        ["GET relationships/{dyad}/replay"] = ($"relationships/AZE-{Actor}/replay", null, 200),
        ["POST relationships/{dyad}/counterfactual"] = ($"relationships/AZE-{Actor}/counterfactual", new { overlay = Secret }, 404),
        ["GET relationships/{dyad}/robustness"] = ($"relationships/AZE-{Actor}/robustness?validAsOf=2025-03-05", null, 200),
        ["GET overlays"] = ("overlays", null, 200),
        ["GET overlays/{name}"] = ($"overlays/{Secret}", null, 404),
        ["PUT overlays/{name}"] = ("overlays/own", new { changes = new { drop = new[] { "own" } } }, 201),
        ["DELETE overlays/{name}"] = ($"overlays/{Secret}", null, 404),
        ["GET imports"] = ("imports", null, 200),
        ["POST imports"] = ("imports", Example.Incident("own-file", actor: "FRA", recipient: "DEU", title: "Own file"), 202),
        ["GET imports/{id}"] = ("imports/{import}", null, 404),
        ["GET imports/{id}/rejections"] = ("imports/{import}/rejections", null, 404),
        ["GET mappings"] = ("mappings", null, 200),
        ["GET mappings/{name}"] = ($"mappings/{Secret}", null, 404),
        ["PUT mappings/{name}"] = ("mappings/own", JsonSerializer.SerializeToElement(MappingEndpoints.Load("acled"), GeoJson.Options), 200),
        ["GET feeds"] = ("feeds", null, 200),
        ["PUT feeds/{feed}"] = ("feeds/own-feed", new { address = Path.GetTempPath(), ending = ".nothing" }, 201),
        ["GET feeds/{feed}"] = ($"feeds/{Secret}", null, 404),
        ["POST feeds/{feed}/pause"] = ($"feeds/{Secret}/pause", Example.Reason(), 404),
        ["POST feeds/{feed}/resume"] = ($"feeds/{Secret}/resume", Example.Reason(), 404),
        ["POST feeds/{feed}/check-now"] = ($"feeds/{Secret}/check-now", Example.Reason(), 404),
        ["DELETE feeds/{feed}"] = ($"feeds/{Secret}", null, 404),
        ["GET subscriptions"] = ("subscriptions", null, 200),
        ["POST subscriptions"] = ("subscriptions", new { id = "own", webhook = new { url = "https://example.org/own" } }, 201),
        ["GET subscriptions/{id}"] = ($"subscriptions/{Secret}", null, 404),
        ["PUT subscriptions/{id}"] = ($"subscriptions/{Secret}", new { webhook = new { url = "https://example.org/own" } }, 404),
        ["DELETE subscriptions/{id}"] = ($"subscriptions/{Secret}", null, 404),
        ["POST subscriptions/{id}/disable"] = ($"subscriptions/{Secret}/disable", new { }, 404),
        ["POST subscriptions/{id}/enable"] = ($"subscriptions/{Secret}/enable", new { }, 404),
        ["POST subscriptions/{id}/secret"] = ($"subscriptions/{Secret}/secret", new { }, 404),
        ["POST subscriptions/{id}/replay"] = ($"subscriptions/{Secret}/replay", new { from = 1 }, 404),
        ["GET subscriptions/{id}/deliveries"] = ($"subscriptions/{Secret}/deliveries", null, 404),
        ["GET subscriptions/{id}/deliveries/{number}"] = ($"subscriptions/{Secret}/deliveries/1", null, 404),
        ["POST subscriptions/{id}/deliveries/{number}/retry"] = ($"subscriptions/{Secret}/deliveries/1/retry", new { }, 404),
        ["GET imports/{id}/events"] = ("imports/{import}/events", null, 404),
        ["GET imports/{id}/gone"] = ("imports/{import}/gone", null, 404),
        ["GET imports/{id}/rejected-file"] = ("imports/{import}/rejected-file", null, 404),
        ["POST imports/{id}/cancel"] = ("imports/{import}/cancel", new { }, 404),
        ["POST imports/{id}/resume"] = ("imports/{import}/resume", new { }, 404),
        ["DELETE imports/{id}/file"] = ("imports/{import}/file", null, 404),
        ["POST imports/from-url"] = ("imports/from-url", new { url = "own" }, 400),
        ["GET feed"] = ("feed?limit=500", null, 200),
        ["GET relationships/{dyad}/alerts.atom"] = ($"relationships/AZE-{Actor}/alerts.atom", null, 200),
        ["GET relationships/{dyad}/alerts.json"] = ($"relationships/AZE-{Actor}/alerts.json", null, 200),
        ["GET rules/{id}/alerts.atom"] = ($"rules/{Secret}/alerts.atom", null, 404),
        ["GET rules/{id}/alerts.json"] = ($"rules/{Secret}/alerts.json", null, 404),
        ["GET exports/incidents"] = ("exports/incidents?format=geojson", null, 200),
        ["GET actors"] = ("actors", null, 200),
        ["POST actors"] = ("actors", new { code = "OWN1", name = "Own" }, 201),
        ["GET actors/{code}"] = ($"actors/{Actor}", null, 404),
        ["POST actors/{code}/amendments"] = ($"actors/{Actor}/amendments", new { reason = "x", name = "y" }, 404),
        ["GET sources"] = ("sources", null, 200),
        ["POST sources"] = ("sources", new { id = "own" }, 201),
        ["GET sources/{id}"] = ($"sources/{Secret}", null, 404),
        ["POST sources/{id}/grade"] = ($"sources/{Secret}/grade", new { reason = "x", reliability = "E" }, 404),
        ["POST sources/{id}/regrading"] = ($"sources/{Secret}/regrading", Example.Reason(), 404),
        ["GET types"] = ("types", null, 200),
        ["GET methods"] = ("methods", null, 200),
        ["GET methods/{id}"] = ($"methods/{Secret}", null, 404),
        ["POST methods"] = ("methods", new { id = "own", reason = "x", parameters = new { saturation = 10 } }, 201),
        ["POST methods/{id}/adoption"] = ($"methods/{Secret}/adoption", Example.Reason(), 404),
        ["GET methods/{id}/comparison"] = ("methods/2026.1/comparison", null, 200),
    };

    [Fact]
    public async Task No_endpoint_shows_or_changes_what_belongs_to_another_workspace()
    {
        var (owner, stranger) = (host.NewWorkspace(), host.NewWorkspace());
        await owner.Log(Example.Incident(
            Id, title: $"Secret {Secret}", recipient: Actor, type: "economic-sanctions", measure: new { opens = true }, issues: [Secret],
            reports: [new { source = Secret, credibility = 1, quote = Secret }],
            register: new { actors = new[] { new { code = Actor, name = Secret } }, sources = new[] { new { id = Secret, reliability = "A" } } }));
        var import = (await owner.Import($$"""{"id":"{{Secret}}-2","title":"{{Secret}}","links":[{"actor":"AZE"}]}""", $"?name={Secret}"))["id"].GetString()!;
        (await owner.Post("methods", new { id = Secret, reason = Secret, parameters = new { saturation = 30 } })).ShouldBe(201);
        (await owner.Put($"feeds/{Secret}", new { address = Path.GetTempPath(), ending = $".{Secret}" })).ShouldBe(201);
        (await owner.Post("stakes", new { id = Secret, name = Secret, heldBy = new[] { Actor } })).ShouldBe(201);
        (await owner.Post("influence-claims", new { id = Secret, incident = Id, influencer = "USA", likelihood = new[] { 0.1, 0.2 }, confidence = "low", basis = Secret })).ShouldBe(201);
        (await owner.Post("pathways", new { id = Secret, dyad = $"AZE-{Actor}", name = Secret, steps = new[] { Secret } })).ShouldBe(201);
        (await owner.Post($"relationships/AZE-{Actor}/assessments", new { posture = 5, reason = Secret })).ShouldBe(201);
        (await owner.Post($"relationships/AZE-{Actor}/checks", new { from = "2025-02-01", to = "2025-02-02", searched = Secret, found = "nothing" })).ShouldBe(201);
        (await owner.Send(HttpMethod.Put, $"actors/{Actor}/profile", JsonContent.Create(new { reason = Secret, goals = new[] { Secret } }), ifMatch: "\"0\"")).ShouldBe(201);
        (await owner.Post("rules", Alerts.Given.Rule(Secret, $"AZE-{Actor}"))).ShouldBe(201);
        (await owner.Post("silences", new { id = Secret, rules = new[] { Secret }, until = "2150-01-01T00:00:00Z", reason = Secret })).ShouldBe(201);
        await owner.Fire(Secret);
        (await owner.Put($"overlays/{Secret}", new { changes = new { drop = new[] { Id } }, note = Secret })).ShouldBe(201);
        (await owner.Post("subscriptions", new { id = Secret, title = Secret, webhook = new { url = $"https://example.org/{Secret}" } })).ShouldBe(201);
        var before = await Everything(owner, import);
        before.ShouldContain(Secret);

        foreach (var address in Addresses())
        {
            Attempts.ShouldContainKey(address, "An address that this test does not know. Say what a stranger finds there.");
            var (path, body, expected) = Attempts[address];
            path = path.Replace("{import}", import);
            var content = body is null ? null : JsonContent.Create(body);
            var reply = await stranger.Send(HttpMethod.Parse(address.Split(' ')[0]), path, content, ifMatch: "*");
            reply.ShouldBe(expected);
            // An answer may repeat what was asked for.
            var shown = expected is 400 or 404
                ? reply.Text.Replace(Id, "").Replace(Secret, "").Replace(Actor, "").Replace(import, "")
                : reply.Text.Replace($"AZE-{Actor}", "").Replace($"\"{Actor}\"", "");
            shown.ShouldNotContain(Secret, Case.Insensitive, $"{address} shows what belongs to another workspace");
            shown.ShouldNotContain(import);
            if (address.StartsWith("GET relationships/{dyad}") && reply.Json.ValueKind == JsonValueKind.Object && reply.Json.TryGetProperty("incidents", out var incidents))
            {
                incidents.GetInt32().ShouldBe(0, address);
            }
        }

        (await Everything(owner, import)).ShouldBe(before, "a stranger changed something");
        foreach (var filter in new[] { $"source={Secret}", $"issue={Secret}", $"text={Secret}", $"actor={Actor}", $"dyad=AZE-{Actor}" })
        {
            (await stranger.Get($"incidents?retracted=include&{filter}")).ShouldBe(200).Items.ShouldBeEmpty(filter);
            (await owner.Get($"incidents?retracted=include&{filter}")).ShouldBe(200).Items.ShouldNotBeEmpty(filter);
        }
    }

    [Fact]
    public async Task A_cursor_and_a_position_of_another_workspace_show_nothing_of_it()
    {
        var (owner, stranger) = (host.NewWorkspace(), host.NewWorkspace());
        await stranger.Log(Example.Incident("own"));
        await owner.Log(Example.Incident("a"));
        var last = await owner.Log(Example.Incident("b"));
        var cursor = (await owner.Get("incidents?limit=1")).ShouldBe(200)["next"].GetString();

        (await stranger.Get($"incidents?after={cursor}")).ShouldBeProblem(400, "invalid-request", "after malformed");
        (await stranger.Get($"incidents?knownAsOf={last["position"].GetInt64()}")).ShouldBeProblem(400, "invalid-request", "knownAsOf unknown-position");
    }

    [Theory]
    [InlineData("Main")]
    [InlineData("-a")]
    [InlineData("a_b")]
    [InlineData("a%20b")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task A_text_that_names_no_workspace_is_no_address(string name) =>
        (await host.Service.InWorkspace(name).Get("incidents")).ShouldBeProblem(404, "not-found");

    /// <summary>Method and address of every endpoint below a workspace.</summary>
    private List<string> Addresses()
    {
        var prefix = GeoEvents.Hosting.Endpoints.WorkspaceRoute.TrimStart('/') + "/";
        var all = host.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var addresses = (from endpoint in all
                         let route = endpoint.RoutePattern.RawText!.TrimStart('/')
                         where route.StartsWith(prefix, StringComparison.Ordinal)
                         from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                         where method != "HEAD" // The handler of GET answers it, without a body.
                         select $"{method} {route[prefix.Length..].TrimEnd('/')}").Order(StringComparer.Ordinal).ToList();
        addresses.Count.ShouldBeGreaterThan(30);
        all.Select(e => e.RoutePattern.RawText!.TrimStart('/')).Where(r => r.Contains("{workspace") && !r.StartsWith(prefix, StringComparison.Ordinal)).ShouldBeEmpty();
        return addresses;
    }

    private static async Task<string> Everything(Workspace workspace, string import)
    {
        string[] paths =
        [
            "incidents?retracted=include&validAsOf=2025-04-01", $"incidents/{Id}/history?validAsOf=2025-04-01", "issues?validAsOf=2025-04-01", "methods?validAsOf=2025-04-01",
            "imports", $"imports/{import}/rejections", "actors?validAsOf=2025-04-01", "sources?validAsOf=2025-04-01",
            "overlays", $"overlays/{Secret}", "subscriptions", $"subscriptions/{Secret}/deliveries",
            "relationships?validAsOf=2025-04-01", $"relationships/AZE-{Actor}?validAsOf=2025-04-01", $"relationships/AZE-{Actor}/contributions?validAsOf=2025-04-01",
            "rules?validAsOf=2150-01-01", "silences?validAsOf=2150-01-01", "alerts?validAsOf=2150-01-01", $"alerts/{Secret}.AZE-RUS.1/receipt?validAsOf=2150-01-01",
            "stakes?validAsOf=2025-04-01", "influence-claims?validAsOf=2025-04-01", "pathways?validAsOf=2025-04-01",
            $"relationships/AZE-{Actor}/assessments?validAsOf=2025-04-01", $"relationships/AZE-{Actor}/checks?validAsOf=2025-04-01",
            $"relationships/AZE-{Actor}/context?validAsOf=2025-04-01", "coverage?year=2025&validAsOf=2025-04-01",
        ];
        var texts = new List<string>();
        foreach (var path in paths)
        {
            texts.Add((await workspace.Get(path)).ShouldBe(200).Text);
        }

        // When a feed was last looked at changes by itself.
        texts.AddRange((await workspace.Get("feeds")).ShouldBe(200).Items.Select(f => $"{f.GetProperty("name")} {f.GetProperty("ending")} {f.GetProperty("state")} {f.GetProperty("user")}"));
        return string.Join('\n', texts);
    }
}
