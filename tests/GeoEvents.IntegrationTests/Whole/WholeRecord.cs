using System.Text.Json;
using GeoEvents.IntegrationTests.Alerts;

namespace GeoEvents.IntegrationTests.Whole;

/// <summary>A record with something of every kind in it: the sample case, and what that does not bring.</summary>
/// <remarks>Each kind of change in <see cref="EveryChange"/> touches something of it.</remarks>
internal static class WholeRecord
{
    /// <summary>When the sample case is at its height; a clock that stands here sees all of it.</summary>
    public static readonly DateTimeOffset Now = new(2025, 7, 4, 12, 0, 0, TimeSpan.Zero);

    public static async Task Fill(this Workspace workspace)
    {
        (await workspace.Import(await Relationships.ConformanceTests.SampleCase())).Json.TryGetProperty("notes", out _).ShouldBeFalse();
        await Make("rules", Given.Rule("manual", "AZE-RUS"));
        await Make("rules", Given.Rule("other", "AZE-RUS"));
        await Make("rules", Given.Rule("quiet", "DEU-FRA"));
        await Make("silences", new { id = "exercise", dyads = new[] { "ARM-AZE" }, until = "2149-01-01T00:00:00Z", reason = "Exercise" });
        await Make("silences", new { id = "holiday", rules = new[] { "quiet" }, until = "2150-01-01T00:00:00Z", reason = "Holiday" });
        await workspace.Fire("other");
        await workspace.Fire("manual", 1, "yekaterinburg-raid", "sputnik-raid");
        await workspace.ImportAll("feed:1", "feed:2", "feed:3");
        await workspace.ImportAll("feed:1", "feed:2");
        await Make("actors", new { code = "WAGNER", name = "Wagner", kind = "armed-group", affiliation = "RUS" });
        await workspace.Log(Example.Incident("ambush", "2025-06-25", "Patrol fired upon", "armed-clash", "WAGNER", "AZE", 0.7, issues: ["yekaterinburg"]));
        await workspace.Log(Example.Incident("hoax", "2025-06-26", "Embassy stormed", "property-seized"));
        await workspace.Log(Example.Incident("protest-again", "2025-06-28", "Chargé d'affaires summoned", reports: [new { source = "wire-b", credibility = 2 }]));
        await workspace.Log(Example.Incident("two-in-one", "2025-06-24", "Protest and criticism"));
        await Make("incidents/hoax/retraction", Example.Reason(), 200);
        await Make("incidents/protest-again/merge", new { into = "charge-summoned", reason = "the same" }, 200);
        await Make("incidents/two-in-one/split", new { reason = "two", parts = new[] { Example.Incident("one", "2025-06-24", "Protest"), Example.Incident("other", "2025-06-24", "Criticism", "criticism") } }, 200);
        await Make("influence-claims", Claim("washington", "parade-2025", "USA"));
        await Make("influence-claims", Claim("ankara", "sputnik-raid", "TUR"));
        await Make("pathways/way-back-from-the-2025-crisis/steps/s1/progress", new { reason = "said", state = "under-way" }, 200);
        await Make("relationships/AZE-RUS/assessments", new { posture = 5, reason = "Threats in private", likelihood = new[] { 0.6, 0.75 }, confidence = "moderate" });
        await Make("relationships/AZE-RUS/assessments", new { posture = 6, reason = "Troops seen", expiresAt = "2150-01-01T00:00:00Z" });
        await Make("relationships/AZE-RUS/checks", new { from = "2025-04-01", to = "2025-04-10", searched = "wires", found = "nothing" });
        await Make("methods", new { id = "sharper", reason = "x", parameters = new { saturation = 8.5 }, types = new[] { new { type = "diplomatic-protest", weight = -4.5, rung = 3 } } });
        await Make("methods", new { id = "second", reason = "x", parameters = new { saturation = 30 } });
        await Make("methods/second/adoption", Example.Reason(), 200);
        (await workspace.Put("overlays/calm", new { changes = new { drop = new[] { "yekaterinburg-raid" } } })).ShouldBe(201);

        async Task Make(string path, object body, int status = 201) => (await workspace.Post(path, body, ifMatch: "*", user: "amina")).ShouldBe(status);
    }

    public static object Claim(string id, string incident, string influencer) => new
    {
        id,
        incident,
        influencer,
        likelihood = new[] { 0.05, 0.2 },
        confidence = "low",
        basis = "A commentary",
        sources = new[] { "blog" },
    };

    /// <summary>Loads a file that says it holds all that its origin has.</summary>
    public static async Task ImportAll(this Workspace workspace, params string[] ids)
    {
        var file = string.Join('\n', ids.Select(id => JsonSerializer.Serialize(Example.Incident(id, "2025-06-22", $"Row {id}"))));
        var import = await workspace.Import(file, "?complete=true");
        (import["state"].GetString(), import["rejected"].GetInt64()).ShouldBe(("completed", 0L), import.Text);
    }

    /// <summary>The kinds of the facts after a position, each once.</summary>
    public static async Task<IReadOnlySet<string>> KindsAfter(this Workspace workspace, long position) => (await workspace.Get("log/archive")).ShouldBe(200)
        .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1]
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Where(fact => fact.GetProperty("position").GetInt64() > position)
        .Select(fact => fact.GetProperty("kind").GetString()!)
        .ToHashSet();
}
