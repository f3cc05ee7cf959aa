using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Alerts;

public class SilenceTests(GeoEventsHost host)
{
    private static readonly DateTimeOffset Now = new(2025, 7, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_silence_is_active_from_when_it_was_set_until_it_ends_or_is_lifted()
    {
        var clock = new FakeTimeProvider(Now);
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(201);
        var set = (await workspace.Post("silences", Silence("a"))).ShouldBe(201);
        (set.Location, set.ETag).ShouldBe((workspace.At("silences/a"), "\"1\""));
        (await workspace.Post("silences", Silence("b", from: "2025-07-05T00:00:00Z"))).ShouldBe(201);
        clock.Advance(TimeSpan.FromHours(1));
        (await workspace.Post("silences", Silence("a"))).ShouldBe(200).Text.ShouldBe(set.Text);
        (await workspace.Post("silences", Silence("a", until: "2025-07-09T00:00:00Z"))).ShouldBeProblem(409, "silence-exists", "/id silence-exists");

        (await Active("")).ShouldBe("a");
        (await Active("&validAsOf=2025-07-05")).ShouldBe("b a");
        (await Active("&validAsOf=2025-07-06")).ShouldBe("");
        (await Active("&validAsOf=2025-07-04")).ShouldBe("");
        (await workspace.Get("silences?active=false")).Ids.ShouldBe(["b"]);
        (await workspace.Get("silences?dyad=AZE-RUS&rule=crisis")).Ids.ShouldBe(["b", "a"]);
        (await workspace.Get("silences?dyad=ARM-AZE")).Items.ShouldBeEmpty();

        (await workspace.Post("silences/a/lift", Example.Reason(), ifMatch: "\"7\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post("silences/a/lift", Example.Reason())).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await workspace.Post("silences/a/lift", Example.Reason())).ShouldBe(200).ETag.ShouldBe("\"2\"");
        clock.Advance(TimeSpan.FromMinutes(1));
        (await Active("")).ShouldBe("");
        (await Active("&validAsOf=2025-07-04T12:30:00Z")).ShouldBe("a", "it was then");
        (await workspace.Get("silences/a")).ShouldBe(200)["active"].GetBoolean().ShouldBeFalse();
        clock.Advance(TimeSpan.FromDays(9));
        (await workspace.Post("silences/b/lift", Example.Reason())).ShouldBe(200).ETag.ShouldBe("\"1\"", "it is over by itself");
        (await workspace.Get("silences/c")).ShouldBeProblem(404, "silence-not-found");
        (await workspace.Post("silences/c/lift", Example.Reason())).ShouldBeProblem(404, "silence-not-found");

        async Task<string> Active(string at) => string.Join(' ', (await workspace.Get($"silences?active=true{at}")).ShouldBe(200).Ids);

        static object Silence(string id, string? from = null, string until = "2025-07-06T00:00:00Z") => new Dictionary<string, object?>
        {
            ["id"] = id,
            ["dyads"] = new[] { "AZE-RUS" },
            ["rules"] = new[] { "crisis" },
            ["from"] = from,
            ["until"] = until,
            ["reason"] = "Exercise",
        }.Where(field => field.Value is not null).ToDictionary();
    }

    [Fact]
    public async Task What_is_wrong_with_a_silence_is_named_by_its_place()
    {
        var workspace = host.NewWorkspace();
        (await workspace.Post("silences", new { dyads = new[] { "AZE-RUS", "RUS-AZE" }, rules = new[] { "Crisis" }, reason = "" }))
            .ShouldBeProblem(400, "invalid-request", "/dyads/1 repeated", "/rules/0 malformed", "/reason required", "/until required");
        (await workspace.Post("silences", new { id = "-", from = "2150-01-02T00:00:00Z", until = "2150-01-01T00:00:00Z", reason = "x" }))
            .ShouldBeProblem(400, "invalid-request", "/id malformed", "/until contradiction");
        (await workspace.Post("silences", new { dyads = new[] { "AZE-QQQ1" }, rules = new[] { "nothing" }, from = "2020-01-01T00:00:00Z", until = "2020-01-02T00:00:00Z", reason = "x" }))
            .ShouldBeProblem(400, "invalid-request", "/until out-of-range", "/from out-of-range", "/dyads/0 unknown-actor", "/rules/0 unknown-rule");
        (await workspace.Post("silences", new { named = new[] { new { x = 1 } }, until = "2150-01-01T00:00:00Z", reason = "x" })).ShouldBeProblem(400, "invalid-request", "/named malformed");
        (await workspace.Post("silences", new { dyads = new[] { "AZE" }, until = "2150-01-01T00:00:00Z", reason = "x" })).ShouldBeProblem(400, "invalid-request", "/dyads/0 malformed");
    }
}
