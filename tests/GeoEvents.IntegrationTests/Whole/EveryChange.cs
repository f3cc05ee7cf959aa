using GeoEvents.IntegrationTests.Alerts;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Whole;

/// <summary>Every way in which a record can be changed, each done to something of a <see cref="WholeRecord"/>.</summary>
internal static class EveryChange
{
    public static async Task ChangeEverything(this Workspace workspace)
    {
        var before = await workspace.Position();
        await workspace.ChangeIncidents();
        await workspace.ChangeSourcesAndActors();
        await workspace.ChangeContext();
        await workspace.ChangeRelationships();
        await workspace.ChangeMethods();
        await workspace.ChangeRulesAndAlerts();
        FactTypes.ByName.Keys.Except(await workspace.KindsAfter(before)).ShouldBeEmpty("a kind of fact that no change here records");
    }

    private static async Task ChangeIncidents(this Workspace workspace)
    {
        await workspace.Change("incidents", Example.Incident("late", "2025-06-26", "Learned late", "measures-eased", measure: new { closes = "sputnik-raid" }, issues: ["yekaterinburg"]), 201);
        await Incident("yekaterinburg-raid/corrections", new { reason = "misread", changes = new { title = "Renamed raid, Russian and more", deaths = 9, occurred = "2025-06-26" } });
        await Incident("yekaterinburg-raid/reports", new { source = "tass", credibility = 5, stance = "denies" });
        await Incident("yekaterinburg-raid/reports/r2/withdrawal", Example.Reason());
        await Incident("yekaterinburg-raid/grade", new { credibility = 0.15, reason = "implausible" });
        await Incident("charge-summoned/retraction", Example.Reason());
        await Incident("charge-summoned/reinstatement", Example.Reason());
        await Incident("parade-2025/retraction", Example.Reason());
        await Incident("hoax/reinstatement", Example.Reason());
        await Incident("protest-again/unmerge", Example.Reason());
        await Incident("sputnik-licence/merge", new { into = "russian-house-baku", reason = "the same" });
        await Incident("two-in-one/unsplit", Example.Reason());
        await Incident("media-campaign/split", new { reason = "two", parts = new[] { Example.Incident("press", "2025-06-28", "Press"), Example.Incident("television", "2025-07-01", "Television") } });
        await Incident("press/retraction", Example.Reason());
        await Incident("russian-house-baku/corrections", new { reason = "date", changes = new { occurred = "2025-02-06", issues = new[] { "yekaterinburg" } } });
        await workspace.ImportAll("feed:1", "feed:3", "feed:4");

        Task Incident(string path, object body) => workspace.Change($"incidents/{path}", body);
    }

    private static async Task ChangeSourcesAndActors(this Workspace workspace)
    {
        await workspace.Change("sources", new { id = "new-wire", reliability = "B" }, 201);
        await workspace.Change("sources/wire-a/grade", new { reliability = "E", group = "other", affiliation = "AZE", reason = "caught out" });
        await workspace.Change("incidents/ambassador-ru-summoned/reports", new { source = "wire-a", credibility = 2 });
        await workspace.Change("incidents/azal-8243/regrading", Example.Reason());
        await workspace.Change("sources/wire-a/regrading", Example.Reason());
        await workspace.Change("actors", new { code = "EAEU", name = "Eurasian Economic Union", kind = "bloc", members = new[] { "RUS", "ARM" } }, 201);
        await workspace.Change("actors/OTS/amendments", new { name = "Renamed", members = new[] { "AZE", "UZB" }, reason = "left" });
        await workspace.Change("actors/WAGNER/amendments", new { name = "Africa Corps", affiliation = "TUR", reason = "sold" });
    }

    private static async Task ChangeContext(this Workspace workspace)
    {
        await workspace.Change("actors/AZE/profile", new { reason = "x", goals = new[] { "Another goal" }, note = "seen anew" }, method: HttpMethod.Put);
        await workspace.Change("stakes", new { id = "pipeline", name = "Pipeline", heldBy = new[] { "AZE" }, soughtBy = new[] { "RUS" } }, 201);
        await workspace.Change("stakes/nstc/amendments", new { reason = "x", changes = new { name = "Renamed corridor", soughtBy = new[] { "IRN" }, incidents = new[] { "late" } } });
        await workspace.Change("stakes/zangezur-corridor/retirement", Example.Reason());
        await workspace.Change("influence-claims", WholeRecord.Claim("tehran", "late", "IRN"), 201);
        await workspace.Change("influence-claims/washington/amendments", new { reason = "x", changes = new { likelihood = new[] { 0.6, 0.7 }, basis = "A cable" } });
        await workspace.Change("influence-claims/ankara/withdrawal", Example.Reason());
        await workspace.Change("pathways", new { id = "new-way", dyad = "AZE-RUS", name = "Another way", steps = new[] { "One" } }, 201);
        await workspace.Change("pathways/way-back-from-the-2025-crisis/amendments", new { reason = "x", name = "Renamed way", add = new[] { "Fourth" }, order = new[] { "s4", "s3", "s2", "s1" } });
        await workspace.Change("pathways/way-back-from-the-2025-crisis/steps/s1/progress", new { reason = "x", state = "done", incidents = new[] { "azal-apology" } });
    }

    private static async Task ChangeRelationships(this Workspace workspace)
    {
        await workspace.Change("relationships/AZE-RUS/checks", new { from = "2025-04-05", to = "2025-05-20", searched = "archives", found = "nothing" }, 201);
        await workspace.Change("relationships/AZE-RUS/checks/c1/withdrawal", Example.Reason());
        await workspace.Change("relationships/AZE-RUS/assessments", new { posture = 7, reason = "Mobilized" }, 201);
        await workspace.Change("relationships/AZE-RUS/assessments/a2/withdrawal", Example.Reason());
        await workspace.Change("overlays/calm", new { changes = new { drop = new[] { "sputnik-raid" } } }, method: HttpMethod.Put, recorded: false);
    }

    private static async Task ChangeMethods(this Workspace workspace)
    {
        await workspace.Change("methods", new { id = "gentler", reason = "x", parameters = new { saturation = 60 } }, 201);
        await workspace.Change("methods/sharper/adoption", Example.Reason());
    }

    private static async Task ChangeRulesAndAlerts(this Workspace workspace)
    {
        await workspace.Change("rules", Given.Rule("late", "AZE-RUS"), 201);
        await workspace.Change("rules/quiet/revisions", new { reason = "x", rule = Given.Rule("quiet", "DEU-FRA", "Another title") });
        await workspace.Change("rules/quiet/enablement", new { });
        await workspace.Change("rules/quiet/disablement", Example.Reason());
        await workspace.Change("silences", new { id = "another", until = "2150-01-01T00:00:00Z", reason = "x" }, 201);
        await workspace.Change("silences/exercise/lift", Example.Reason());
        await workspace.Fire("manual", 2);
        await workspace.Follow("manual", 1);
        await workspace.Change("alerts/manual.AZE-RUS.1/acknowledgement", new { note = "Seen" });
        await workspace.Change("alerts/manual.AZE-RUS.1/assignment", new { to = "boris" });
        await workspace.Change("alerts/manual.AZE-RUS.1/annotations", new { text = "Called Baku" });
    }

    /// <summary>Makes a change, and sees that it was taken and recorded.</summary>
    private static async Task Change(this Workspace workspace, string path, object body, int status = 200, HttpMethod? method = null, bool recorded = true)
    {
        var before = await workspace.Position();
        (await workspace.Send(method ?? HttpMethod.Post, path, JsonContent.Create(body), ifMatch: "*", user: "boris")).ShouldBe(status);
        (await workspace.Position() > before).ShouldBe(recorded, path);
    }
}
