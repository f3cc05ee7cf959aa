using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>E-mail by a real SMTP server, read by another program's parser.</summary>
public sealed class EmailTests(GeoEventsHost host) : IAsyncLifetime
{
    /// <summary>A Wednesday, 14:00 in Vienna.</summary>
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 7, 2, 12, 0, 0, TimeSpan.Zero));
    private SmtpServer server = null!;
    private RunningService service = null!;
    private Workspace workspace = null!;
    private AlertLog log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await SmtpServer.Start();
        service = await host.StartService(clock, settings: server.Settings);
        workspace = service.NewWorkspace();
        log = AlertLog.Of(service, workspace);
        await workspace.Log(Example.Incident("raid", title: "Raid <script>alert(1)</script> & “more”"));
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_alert_is_mailed_at_once_in_text_and_HTML_and_says_why_and_how_to_stop_it()
    {
        await log.DraftRule("crisis", "Crisis <b>now</b>");
        await Subscribe("desk", new { to = new[] { "desk@example.org", "night@example.org" } }, new { minSeverity = "warning", dyads = new[] { "AZE-RUS" } });
        await log.Fire("crisis.AZE-RUS.1", causes: [new AlertCause("raid", StreamKey.Incident("raid").In(workspace.Name), 1, 4.2)]);

        var mail = (await server.Until(1))[0];
        mail.GetProperty("user").GetString().ShouldBe("geoevents");
        mail.GetProperty("from").GetString().ShouldBe("\"GeoEvents\" <alerts@geoevents.example>");
        mail.GetProperty("to").GetString().ShouldBe("desk@example.org, night@example.org");
        mail.GetProperty("subject").GetString().ShouldBe("[GeoEvents] Warning: AZE-RUS, Crisis <b>now</b>");
        var text = mail.GetProperty("text").GetString()!;
        text.ShouldContain("You get this because rule “Crisis <b>now</b>” (crisis) on AZE-RUS said so, and subscription desk in workspace");
        text.ShouldContain("asks for alerts of severity warning or above on AZE-RUS");
        text.ShouldContain($"Receipt: https://geoevents.example/api/v1/{workspace.Name}/alerts/crisis.AZE-RUS.1/receipt");
        text.ShouldContain("Raid <script>alert(1)</script> & “more” (raid), weight 4.2");
        text.ShouldContain($"to end subscription desk in workspace {workspace.Name}.");
        text.ShouldContain("  At: 2 July 2025, 12:00:00 UTC");
        var html = mail.GetProperty("html").GetString()!;
        html.ShouldNotContain("<script>");
        html.ShouldContain("Raid &lt;script&gt;alert(1)&lt;/script&gt; &amp; “more”");
        html.ShouldContain($"<a href=\"https://geoevents.example/api/v1/{workspace.Name}/alerts/crisis.AZE-RUS.1/receipt\">");
        Header(mail, "Auto-Submitted").ShouldBe("auto-generated");
        var delivery = await workspace.Settled("desk", 1);
        mail.GetProperty("messageId").GetString().ShouldBe($"<{delivery["delivery.message"].GetString()}@geoevents.example>");
        delivery.LastAttempt().GetProperty("status").GetInt32().ShouldBe(250);
    }

    [Fact]
    public async Task What_becomes_of_an_alert_refers_to_the_first_mail()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "desk@example.org" } });
        await log.Fire("crisis.AZE-RUS.1");
        await log.Resolve("crisis.AZE-RUS.1");
        await log.Recall("crisis.AZE-RUS.1", "raid");

        var mails = await server.Until(3);
        var first = mails[0].GetProperty("messageId").GetString();
        mails[1].GetProperty("inReplyTo").GetString().ShouldBe(first);
        mails[2].GetProperty("inReplyTo").GetString().ShouldBe(first);
        mails[2].GetProperty("references").EnumerateArray().Select(r => r.GetString()).ShouldBe([first, mails[1].GetProperty("messageId").GetString()]);
        mails[2].GetProperty("text").GetString()!.ShouldContain("tension: 63.2 then, 21.7 now");
    }

    [Fact]
    public async Task A_server_that_is_busy_is_tried_again_by_the_table_with_the_same_Message_ID()
    {
        await log.DraftRule("crisis", "Busy");
        await Subscribe("desk", new { to = new[] { "desk@example.org" } });
        await log.Fire("crisis.AZE-RUS.1");
        var failed = await workspace.Attempted("desk", 1, 1);
        (failed.LastAttempt().GetProperty("status").GetInt32(), failed["delivery.state"].GetString()).ShouldBe((452, "waiting"));
        clock.Advance(TimeSpan.FromSeconds(6));
        (await server.Until(1))[0].GetProperty("messageId").GetString().ShouldBe($"<{failed["delivery.message"].GetString()}@geoevents.example>");
    }

    [Fact]
    public async Task An_address_that_is_refused_for_good_does_not_keep_the_mail_from_the_others()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "refused@example.org", "desk@example.org" } });
        await Subscribe("patient", new { to = new[] { "later@example.org", "other@example.org" } });
        await log.Fire("crisis.AZE-RUS.1");

        (await server.Until(1))[0].GetProperty("envelope").EnumerateArray().Select(e => e.GetString()).ShouldBe(["desk@example.org"]);
        (await workspace.Settled("desk", 1)).LastAttempt().GetProperty("answer").GetString()!.ShouldContain("Not taken for refused@example.org: 550");
        (await workspace.Attempted("patient", 1, 1)).LastAttempt().GetProperty("status").GetInt32().ShouldBe(451);
    }

    [Fact]
    public async Task When_all_addresses_are_refused_the_attempt_says_what_the_server_said_of_each()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "refused@example.org", "refused@example.net" } });
        await log.Fire("crisis.AZE-RUS.1");

        var attempt = (await workspace.Attempted("desk", 1, 1)).LastAttempt();
        (attempt.GetProperty("status").GetInt32(), attempt.GetProperty("error").GetString()).ShouldBe((550, "The server refuses every recipient."));
        attempt.GetProperty("answer").GetString().ShouldBe("refused@example.org: 550 No such mailbox\nrefused@example.net: 550 No such mailbox");
    }

    [Fact]
    public async Task A_window_that_brings_more_than_a_mail_holds_goes_out_as_several()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "desk@example.org" }, mode = "digest", digest = new { at = new[] { "18:00" }, zone = "Europe/Vienna" } });
        for (var i = 0; i < 205; i++)
        {
            await log.Fire($"crisis.AZE-RUS.{i}");
        }

        await workspace.Until("desk", s => s["waiting"].GetInt64() == 205);
        clock.Advance(TimeSpan.FromHours(4.1));
        (await server.Until(2)).Select(m => m.GetProperty("subject").GetString()).ShouldBe(["[GeoEvents] 200 messages on 1 relationship", "[GeoEvents] 5 messages on 1 relationship"]);
        await workspace.Settled("desk", 205);
    }

    [Fact]
    public async Task A_digest_goes_out_once_a_window_grouped_by_relationship()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "desk@example.org" }, mode = "digest", digest = new { at = new[] { "18:00" }, zone = "Europe/Vienna" } });
        await log.Fire("crisis.AZE-RUS.1");
        await log.Fire("crisis.ARM-TUR.1", dyad: Dyad.Parse("ARM-TUR"));
        await log.Resolve("crisis.AZE-RUS.1");
        (await workspace.Until("desk", s => s["waiting"].GetInt64() == 3))["nextAttempt"].GetDateTimeOffset().ShouldBe(new DateTimeOffset(2025, 7, 2, 16, 0, 0, TimeSpan.Zero));
        clock.Advance(TimeSpan.FromHours(3.9));
        await Task.Delay(300, Cancel);
        server.Messages.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromHours(0.2));

        var mail = (await server.Until(1))[0];
        mail.GetProperty("subject").GetString().ShouldBe("[GeoEvents] 3 messages on 2 relationships");
        var text = mail.GetProperty("text").GetString()!;
        text.IndexOf("AZE-RUS\n=======", StringComparison.Ordinal).ShouldBeInRange(0, text.IndexOf("ARM-TUR\n=======", StringComparison.Ordinal));
        await workspace.Settled("desk", 3);

        await log.Recall("crisis.ARM-TUR.1", "raid");
        await workspace.Until("desk", s => s["waiting"].GetInt64() == 1);
        clock.Advance(TimeSpan.FromHours(24));
        (await server.Until(2))[1].GetProperty("inReplyTo").GetString().ShouldBe(mail.GetProperty("messageId").GetString());
    }

    [Fact]
    public async Task Quiet_hours_delay_a_mail_and_nothing_else()
    {
        await log.DraftRule("crisis");
        await Subscribe("desk", new { to = new[] { "desk@example.org" }, quietHours = new { from = "13:00", to = "15:30", zone = "Europe/Vienna" } });
        var fired = await log.Fire("crisis.AZE-RUS.1", Severity.Critical);
        (await workspace.Until("desk", s => s["waiting"].GetInt64() == 1))["nextAttempt"].GetDateTimeOffset().ShouldBe(new DateTimeOffset(2025, 7, 2, 13, 30, 0, TimeSpan.Zero));
        (await workspace.Get("subscriptions/desk/deliveries")).ShouldBe(200).Items.ShouldHaveSingleItem().GetProperty("item").GetInt64().ShouldBe(fired);
        clock.Advance(TimeSpan.FromMinutes(89));
        await Task.Delay(300, Cancel);
        server.Messages.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMinutes(2));
        await server.Until(1);
    }

    [Fact]
    public async Task A_subscription_that_cannot_be_is_refused_with_the_pointer()
    {
        foreach (var (body, fault) in new[]
        {
            ("""{"email":{}}""", "/email/to required"),
            ("""{"email":{"to":["a@b.c","A@b.c"]}}""", "/email/to/1 repeated"),
            ("""{"email":{"to":["a@b.c"],"mode":"digest"}}""", "/email/digest required"),
            ("""{"email":{"to":["a@b.c"],"mode":"digest","digest":{"at":["7:30"],"zone":"Europe/Vienna"}}}""", "/email/digest/at/0 malformed"),
            ("""{"email":{"to":["a@b.c"],"mode":"digest","digest":{"at":["07:30"],"zone":"Europe/Nowhere"}}}""", "/email/digest/zone unknown-zone"),
            ("""{"email":{"to":["a@b.c"],"quietHours":{"from":"22:00","to":"22:00"}}}""", "/email/quietHours/to out-of-range"),
            ("""{"email":{"to":["a@b.c"]},"webhook":{"url":"https://example.org"}}""", " required"),
        })
        {
            (await workspace.PostRaw("subscriptions", body)).ShouldBeProblem(400, "invalid-request", fault);
        }
    }

    private async Task Subscribe(string id, object email, object? filter = null) =>
        (await workspace.Post("subscriptions", new { id, email, filter })).ShouldBe(201).Json.TryGetProperty("secret", out _).ShouldBeFalse();

    private static string? Header(JsonElement mail, string name) =>
        mail.GetProperty("headers").EnumerateArray().Select(h => h.GetString()!).FirstOrDefault(h => h.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
