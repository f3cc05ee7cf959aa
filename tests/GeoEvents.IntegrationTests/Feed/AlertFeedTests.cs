using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Feed;

public sealed class AlertFeedTests(GeoEventsHost host) : IAsyncLifetime
{
    private const string Dyads = "AZE-RUS";

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly DateTimeOffset At = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var (id, title) in new[] { ("crisis", "Crisis & <war>"), ("other", "") })
        {
            await host.Service.Record(workspace.Name, StreamKey.AlertRule(id), new AlertRuleDrafted(new AlertRule { Id = id, Title = title, Scope = new RuleScope { All = true } }));
        }

        await host.Service.Fire(workspace.Name, "crisis", Dyads, 1);
        await Next(1, new AlertSeverityRaised("crisis.AZE-RUS.1", "crisis", Dyad.Parse(Dyads), Severity.Warning, Severity.Critical, At, RecordedFacts.Receipt(new AlertCause("raid", Guid.Empty, 3, 2.5))));
        await Next(1, new AlertAcknowledged("crisis.AZE-RUS.1", "crisis", Dyad.Parse(Dyads), "ana"));
        await Next(1, new AlertRecalled(
            "crisis.AZE-RUS.1", "crisis", Dyad.Parse(Dyads), Severity.Critical, At, 9, ChangeClass.Retraction, "raid", Guid.Empty, Values(61.5), Values(40.25), WasOpen: true));
        await host.Service.Fire(workspace.Name, "crisis", "ARM-AZE", 1);
        await host.Service.Fire(workspace.Name, "other", Dyads, 1);
        await host.Service.Fire(workspace.Name, "crisis", Dyads, 2, silence: "night");
        await Next(2, new AlertRecalled(
            "crisis.AZE-RUS.2", "crisis", Dyad.Parse(Dyads), Severity.Warning, At, 9, ChangeClass.Retraction, "raid", Guid.Empty, Values(61.5), Values(40.25), WasOpen: true));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Readers_of_Atom_get_the_news_of_a_relationship_newest_first_and_nothing_that_a_silence_kept_back()
    {
        var reply = (await workspace.Get($"relationships/{Dyads}/alerts.atom")).ShouldBe(200);
        reply.ContentType.ShouldBe("application/atom+xml");
        var feed = XDocument.Parse(reply.Text).Root!;

        feed.Elements(Atom + "entry").Select(e => e.Element(Atom + "title")!.Value).ShouldBe(
            ["Warning: other, AZE-RUS", "Recalled: Crisis & <war>, AZE-RUS", "Now critical: Crisis & <war>, AZE-RUS", "Warning: Crisis & <war>, AZE-RUS"]);
        foreach (var required in new[] { "id", "title", "updated", "author" })
        {
            feed.Element(Atom + required).ShouldNotBeNull();
        }

        foreach (var entry in feed.Elements(Atom + "entry"))
        {
            entry.Element(Atom + "id")!.Value.ShouldMatch($"^tag:geoevents.local,2026:[0-9a-f]{{16}}/{workspace.Name}/feed/[0-9]+$");
            entry.Elements(Atom + "link").Single(l => l.Attribute("rel")!.Value == "alternate").Attribute("href")!.Value.ShouldContain($"/api/v1/{workspace.Name}/alerts/");
        }

        feed.Elements(Atom + "entry").Select(e => e.Element(Atom + "id")!.Value).ShouldBeUnique();
        feed.Elements(Atom + "entry").Select(e => DateTimeOffset.Parse(e.Element(Atom + "updated")!.Value, null)).ShouldBeInOrder(SortDirection.Descending);
        feed.Element(Atom + "updated")!.Value.ShouldBe(feed.Element(Atom + "entry")!.Element(Atom + "updated")!.Value);
        feed.Elements(Atom + "entry").ElementAt(2).Element(Atom + "summary")!.Value.ShouldBe(
            "Azerbaijan and Russia, 1 July 2025, 12:00:00 UTC. The alert is critical now, no longer warning. tension 61.5. It rests on raid.");
        feed.Elements(Atom + "entry").ElementAt(1).Element(Atom + "summary")!.Value.ShouldEndWith("retraction of incident raid. Then: tension 61.5. Now: tension 40.25.");
    }

    [Fact]
    public async Task The_same_as_JSON_Feed_for_a_rule()
    {
        var reply = (await workspace.Get("rules/crisis/alerts.json")).ShouldBe(200);
        reply.ContentType.ShouldBe("application/feed+json");

        reply["version"].GetString().ShouldBe("https://jsonfeed.org/version/1.1");
        reply["title"].GetString().ShouldBe("Alerts by rule Crisis & <war>");
        reply["feed_url"].GetString().ShouldEndWith($"/api/v1/{workspace.Name}/rules/crisis/alerts.json");
        reply.Items.Select(i => $"{More(i).GetProperty("type")} {More(i).GetProperty("dyad")} {More(i).GetProperty("severity")}").ShouldBe(
            ["alert_fired ARM-AZE warning", "alert_recalled AZE-RUS critical", "alert_severity_raised AZE-RUS critical", "alert_fired AZE-RUS warning"]);
        foreach (var item in reply.Items)
        {
            foreach (var property in new[] { "id", "url", "title", "content_text", "date_published" })
            {
                item.GetProperty(property).GetString().ShouldNotBeNullOrWhiteSpace();
            }

            item.GetProperty("tags").GetArrayLength().ShouldBe(4);
        }

        (await workspace.Get("rules/crisis/alerts.json?limit=1")).ShouldBe(200).Items.Count.ShouldBe(1);
        (await workspace.Get("relationships/DEU-FRA/alerts.json")).ShouldBe(200).Items.ShouldBeEmpty();
        (await workspace.Get("rules/nothing/alerts.json")).ShouldBeProblem(404, "rule-not-found");
        (await workspace.Get("relationships/DEU/alerts.atom")).ShouldBeProblem(400, "invalid-request", "dyad malformed");

        static JsonElement More(JsonElement item) => item.GetProperty("_geoevents");
    }

    [Fact]
    public async Task News_does_not_change_when_the_rule_or_an_incident_is_called_otherwise_since()
    {
        await workspace.Log(Example.Incident("seizure", title: "Ship seized"));
        var cause = new AlertCause("seizure", StreamKey.Incident("seizure").In(workspace.Name), 1, 2.5);
        await host.Service.Record(workspace.Name, StreamKey.Alert("crisis.ARM-TUR.1"), new AlertFired("crisis.ARM-TUR.1", "crisis", Dyad.Parse("ARM-TUR"), Severity.Critical, At, RecordedFacts.Receipt(cause)));
        await host.Service.Record(workspace.Name, StreamKey.Alert("crisis.ARM-TUR.1"), new AlertAmended(
            "crisis.ARM-TUR.1", "crisis", Dyad.Parse("ARM-TUR"), Severity.Warning, At, 9, ChangeClass.Correction, "seizure", cause.Stream, Values(61.5), Values(60.5)));
        var before = (await workspace.Get("relationships/ARM-TUR/alerts.json")).ShouldBe(200);
        before.Items.Select(i => i.GetProperty("title").GetString()).ShouldBe(["Amended, now warning: Crisis & <war>, ARM-TUR", "Critical: Crisis & <war>, ARM-TUR"]);
        before.Items[0].GetProperty("content_text").GetString()!.ShouldContain("an incident that has changed, and stands; it is a warning now: correction of “Ship seized” (seizure).");
        before.Items[1].GetProperty("content_text").GetString()!.ShouldEndWith("It rests on “Ship seized”.");

        await host.Service.Record(workspace.Name, StreamKey.AlertRule("crisis"), new AlertRuleRevised(new AlertRule { Id = "crisis", Title = "Peace", Scope = new RuleScope { All = true } }, "renamed"));
        (await workspace.Post("incidents/seizure/corrections", new { changes = new { title = "Ship let go" }, reason = "a misreading" }, ifMatch: "\"1\"")).Code.ShouldBeInRange(200, 201);

        (await workspace.Get("relationships/ARM-TUR/alerts.json")).Text.ShouldBe(before.Text);
    }

    [Theory]
    [InlineData("relationships/AZE-RUS/alerts.atom")]
    [InlineData("rules/crisis/alerts.json")]
    public async Task HEAD_is_answered_as_GET_is(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, workspace.At(path));
        using var response = await workspace.Api.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.ETag!.ToString().ShouldBe((await workspace.Get(path)).ETag);
    }

    [Theory]
    [InlineData("relationships/AZE-RUS/alerts.atom")]
    [InlineData("rules/crisis/alerts.json")]
    public async Task Whoever_has_the_news_is_told_so_until_there_is_more(string path)
    {
        var seen = (await workspace.Get(path)).ShouldBe(200).ETag.ShouldNotBeNull();
        (await Status(path, seen)).ShouldBe(HttpStatusCode.NotModified);

        await host.Service.Fire(workspace.Name, "crisis", Dyads, 3);

        (await Status(path, seen)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpStatusCode> Status(string path, string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At(path)) { Headers = { { "If-None-Match", etag } } };
        using var response = await workspace.Api.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private static Dictionary<string, double> Values(double tension) => new() { ["tension"] = tension };

    private Task<Outcome> Next(int number, AlertEvent fact) => host.Service.Record(workspace.Name, StreamKey.Alert($"crisis.{Dyads}.{number}"), fact);
}
