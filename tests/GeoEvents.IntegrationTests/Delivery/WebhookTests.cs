using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Recording;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>What a receiver gets, against receivers that take it.</summary>
public sealed class WebhookTests(GeoEventsHost host) : IAsyncLifetime
{
    private readonly Workspace workspace = host.NewWorkspace();
    private Receiver receiver = null!;
    private AlertLog log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.Start();
        log = AlertLog.Of(host.Service, workspace);
        await workspace.Log(Example.Incident("raid", title: "Raid <b>in</b> Baku & “elsewhere”"));
        await log.DraftRule("crisis");
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task An_alert_goes_out_at_once_as_a_CloudEvent_that_is_signed_and_says_all()
    {
        var secret = await workspace.Subscribe(receiver);
        var cause = new AlertCause("raid", StreamKey.Incident("raid").In(workspace.Name), 1, 4.2);

        var number = await log.Fire("crisis.AZE-RUS.1", Severity.Critical, causes: [cause]);
        var got = (await receiver.Until(1)).ShouldHaveSingleItem();

        (await Verified(secret, got)).ShouldBe("ok");
        (await Verified("whsec_" + Convert.ToBase64String(new byte[32]), got)).ShouldBe("No matching signature found");
        var parsed = new JsonEventFormatter().DecodeStructuredModeMessage(Encoding.UTF8.GetBytes(got.Body), new System.Net.Mime.ContentType(got.ContentType), [CloudNative.CloudEvents.Extensions.Sequence.SequenceAttribute]);
        parsed.IsValid.ShouldBeTrue();
        parsed.SpecVersion.ShouldBe(CloudEventsSpecVersion.V1_0);
        (parsed.Type, parsed.Subject, parsed.Id).ShouldBe(("geoevents.alert_fired", "alert/crisis.AZE-RUS.1", $"{number}"));
        parsed.Source!.ToString().ShouldMatch($"^tag:geoevents.local,2026:[0-9a-f]{{16}}/{workspace.Name}/feed$");
        parsed["sequence"].ShouldBe(number.ToString("D19", CultureInfo.InvariantCulture));
        parsed.Time!.Value.Offset.ShouldBe(TimeSpan.Zero);
        got.ContentType.ShouldBe("application/cloudevents+json; charset=utf-8");
        var data = got.Data;
        data.GetProperty("headline").GetString().ShouldBe("AZE-RUS: “Crisis” fired, critical.");
        data.GetProperty("rule").GetRawText().ShouldBe("""{"id":"crisis","title":"Crisis","version":1}""");
        data.GetProperty("severity").GetString().ShouldBe("critical");
        data.GetProperty("dyads")[0].GetString().ShouldBe("AZE-RUS");
        data.GetProperty("values").GetProperty("tension").GetDouble().ShouldBe(63.2);
        data.GetProperty("causes")[0].GetProperty("title").GetString().ShouldBe("Raid <b>in</b> Baku & “elsewhere”");
        data.GetProperty("links").GetProperty("receipt").GetString().ShouldBe($"/api/v1/{workspace.Name}/alerts/crisis.AZE-RUS.1/receipt");
        data.TryGetProperty("replay", out _).ShouldBeFalse();

        var delivery = await workspace.Settled("newsroom", 1);
        delivery["delivery.message"].GetString().ShouldBe(got.Id);
        delivery["delivery.item"].GetInt64().ShouldBe(number);
        (delivery.LastAttempt().GetProperty("status").GetInt32(), delivery.LastAttempt().GetProperty("no").GetInt32()).ShouldBe((204, 1));
        JsonElement.DeepEquals(delivery["body"], got.Event).ShouldBeTrue();
        (await workspace.Get("subscriptions/newsroom")).Text.ShouldNotContain("whsec_");
    }

    [Fact]
    public async Task Who_got_an_alert_gets_what_becomes_of_it_with_references_whatever_the_filter_says_since()
    {
        await workspace.Subscribe(receiver, filter: new { dyads = new[] { "AZE-RUS" }, minSeverity = "warning" });
        var fired = await log.Fire("crisis.AZE-RUS.1");
        await receiver.Until(1);
        var change = new { id = "newsroom", webhook = new { url = receiver.Address + "/hook" }, filter = new { dyads = new[] { "ARM-TUR" } } };
        (await workspace.Put("subscriptions/newsroom", change, ifMatch: "\"7\"")).ShouldBeProblem(412, "version-changed", "If-Match version-changed");
        (await workspace.Put("subscriptions/newsroom", change)).ShouldBeProblem(428, "precondition-required");
        (await workspace.Put("subscriptions/newsroom", change, ifMatch: "\"1\"")).ShouldBe(200).ETag.ShouldBe("\"2\"");

        await log.Raise("crisis.AZE-RUS.1");
        await log.Amend("crisis.AZE-RUS.1", "raid");
        await log.Resolve("crisis.AZE-RUS.1");
        await log.Recall("crisis.AZE-RUS.1", "raid");
        await log.Fire("crisis.AZE-RUS.2");
        var all = await receiver.Until(5);
        await Task.Delay(300, Cancel);

        receiver.All.Count.ShouldBe(5);
        all.Select(r => r.Event.GetProperty("type").GetString()).ShouldBe(
            ["geoevents.alert_fired", "geoevents.alert_severity_raised", "geoevents.alert_amended", "geoevents.alert_resolved", "geoevents.alert_recalled"]);
        all.Select(r => r.Number).ShouldBeInOrder();
        foreach (var later in all.Skip(1))
        {
            var first = later.Data.GetProperty("references")[0];
            (first.GetProperty("message").GetString(), first.GetProperty("number").GetInt64(), first.GetProperty("type").GetString()).ShouldBe((all[0].Id, fired, "alert_fired"));
        }

        all[4].Data.GetProperty("references").GetArrayLength().ShouldBe(4);
        all[4].Data.GetProperty("headline").GetString()!.ShouldContain("is recalled; with what is now known of “Raid <b>in</b> Baku & “elsewhere”” (raid)");
        (all[4].Data.GetProperty("then").GetProperty("tension").GetDouble(), all[4].Data.GetProperty("now").GetProperty("tension").GetDouble()).ShouldBe((63.2, 21.7));
        all[1].Data.GetProperty("from").GetString().ShouldBe("warning");
    }

    [Fact]
    public async Task What_is_silenced_does_not_go_out_nor_does_its_end_unless_the_firing_did()
    {
        await workspace.Subscribe(receiver);
        await workspace.Subscribe(receiver, "ends", filter: new { types = new[] { "alert_resolved", "alert_recalled" } }, path: "/ends");
        await log.Fire("crisis.AZE-RUS.1", silence: "quiet");
        await log.Raise("crisis.AZE-RUS.1", silence: "quiet");
        await log.Resolve("crisis.AZE-RUS.1");
        await log.Recall("crisis.AZE-RUS.1", "raid");
        var fired = await log.Fire("crisis.AZE-RUS.2");
        var ended = await log.Resolve("crisis.AZE-RUS.2", silence: "quiet");

        (await receiver.Until(2)).Select(r => (r.Path, r.Number)).ShouldBe([("/hook", fired), ("/hook", ended)]);
        await log.Recall("crisis.AZE-RUS.2", "raid");
        var recalled = (await receiver.Until(4)).Skip(2).Select(r => r.Path).Order().ToList();
        recalled.ShouldBe(["/ends", "/hook"]);
    }

    [Fact]
    public async Task A_subscription_gets_what_it_asks_for_and_others_nothing_of_it()
    {
        await workspace.Subscribe(receiver, "all", path: "/all");
        await workspace.Subscribe(receiver, "severe", filter: new { minSeverity = "critical" }, path: "/severe");
        await workspace.Subscribe(receiver, "rule", filter: new { rules = new[] { "other" } }, path: "/rule");
        await workspace.Subscribe(receiver, "incidents", filter: new { types = new[] { "incident_logged" }, dyads = new[] { "ARM-TUR" } }, path: "/incidents");
        var stranger = host.NewWorkspace();
        await stranger.Subscribe(receiver, path: "/stranger");

        await log.Fire("crisis.AZE-RUS.1");
        await log.Raise("crisis.AZE-RUS.1");
        await log.Resolve("crisis.AZE-RUS.1");
        await log.DraftRule("other");
        await log.Fire("other.AZE-RUS.1", rule: "other");
        await workspace.Log(Example.Incident("pact", actor: "ARM", recipient: "TUR"));
        await workspace.Log(Example.Incident("other"));
        await receiver.Until(8);
        await Task.Delay(300, Cancel);

        receiver.All.CountBy(r => r.Path).OrderBy(c => c.Key).ShouldBe([new("/all", 4), new("/incidents", 1), new("/rule", 1), new("/severe", 2)]);
        var incident = receiver.All.Single(r => r.Path == "/incidents");
        incident.Event.GetProperty("type").GetString().ShouldBe("geoevents.incident_logged");
        incident.Data.GetProperty("headline").GetString().ShouldBe($"incident logged: “{incident.Data.GetProperty("fact").GetProperty("content").GetProperty("title").GetString()}” (incident/pact).");
        incident.Data.GetProperty("fact").GetProperty("content").GetProperty("id").GetString().ShouldBe("pact");
    }

    [Fact]
    public async Task During_rotation_both_secrets_sign_and_afterwards_only_the_new_one()
    {
        var old = await workspace.Subscribe(receiver);
        var renewed = (await workspace.Post("subscriptions/newsroom/secret", new { keepOldHours = 1 })).ShouldBe(200)["secret"].GetString()!;
        await log.Fire("crisis.AZE-RUS.1");
        var both = (await receiver.Until(1))[0];
        both.Signature.Split(' ').Length.ShouldBe(2);
        (await Verified(old, both)).ShouldBe("ok");
        (await Verified(renewed, both)).ShouldBe("ok");

        var last = (await workspace.Post("subscriptions/newsroom/secret", new { keepOldHours = 0 })).ShouldBe(200)["secret"].GetString()!;
        await log.Fire("crisis.AZE-RUS.2");
        var one = (await receiver.Until(2))[1];
        one.Signature.Split(' ').Length.ShouldBe(1);
        (await Verified(last, one)).ShouldBe("ok");
        (await Verified(renewed, one)).ShouldBe("No matching signature found");
    }

    [Fact]
    public async Task Every_secret_signs_until_the_end_that_it_was_promised_and_there_are_five_at_most()
    {
        List<string> secrets = [await workspace.Subscribe(receiver)];
        for (var i = 0; i < 4; i++)
        {
            secrets.Add((await workspace.Post("subscriptions/newsroom/secret", new { keepOldHours = 24 - i })).ShouldBe(200)["secret"].GetString()!);
        }

        (await workspace.Post("subscriptions/newsroom/secret", new { })).ShouldBeProblem(409, "too-many-secrets");
        await log.Fire("crisis.AZE-RUS.1");
        var got = (await receiver.Until(1))[0];
        got.Signature.Split(' ').Length.ShouldBe(5);
        foreach (var secret in secrets)
        {
            (await Verified(secret, got)).ShouldBe("ok");
        }

        (await workspace.Post("subscriptions/newsroom/secret", new { keepOldHours = 0 })).ShouldBe(200);
        await log.Fire("crisis.AZE-RUS.2");
        (await receiver.Until(2))[1].Signature.Split(' ').Length.ShouldBe(1);
    }

    [Fact]
    public async Task An_amendment_says_what_severity_the_alert_has_from_then_on_if_that_is_another()
    {
        await workspace.Subscribe(receiver);
        await log.Fire("crisis.AZE-RUS.1", Severity.Critical);
        await log.Amend("crisis.AZE-RUS.1", "raid");
        await log.Amend("crisis.AZE-RUS.1", "raid");
        var headlines = (await receiver.Until(3)).Skip(1).Select(r => r.Data.GetProperty("headline").GetString()!).ToList();
        headlines[0].ShouldEndWith("that it rests on has changed; it is a warning now.");
        headlines[1].ShouldEndWith("that it rests on has changed.");
    }

    [Fact]
    public async Task What_takes_no_fields_refuses_a_body_that_has_some()
    {
        await workspace.Subscribe(receiver);
        (await workspace.PostRaw("subscriptions/newsroom/disable", """{"nonsense":1}""")).ShouldBeProblem(400, "invalid-request", "/nonsense malformed");
        (await workspace.PostRaw("subscriptions/newsroom/disable", "{")).ShouldBeProblem(400, "invalid-request", " malformed");
        (await workspace.PostRaw("subscriptions/newsroom/replay", "{}")).ShouldBeProblem(400, "invalid-request", "/from required");
        (await workspace.PostRaw("subscriptions/newsroom/disable", "{}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_subscription_begins_where_it_says_and_a_replay_is_marked_and_has_the_ids_of_the_first_time()
    {
        var first = await log.Fire("crisis.AZE-RUS.1");
        var second = await log.Fire("crisis.AZE-RUS.2");
        await log.Resolve("crisis.AZE-RUS.1");
        await workspace.Subscribe(receiver, after: first);
        var third = await log.Fire("crisis.AZE-RUS.3");

        (await receiver.Until(2)).Select(r => r.Number).ShouldBe([second, third]);
        await workspace.Settled("newsroom", 2);
        (await workspace.Post("subscriptions/newsroom/replay", new { from = second, to = second })).ShouldBe(202)["deliveries"].GetInt32().ShouldBe(1);
        var again = (await receiver.Until(3))[2];
        again.Id.ShouldBe(receiver.All.First().Id);
        again.Data.GetProperty("replay").GetBoolean().ShouldBeTrue();
        (await workspace.Settled("newsroom", 3))["delivery.replay"].GetBoolean().ShouldBeTrue();
        (await workspace.Post("subscriptions/newsroom/replay", new { from = 0 })).ShouldBeProblem(400, "invalid-request", "/from out-of-range");
        (await workspace.Post("subscriptions/newsroom/replay", new { from = 2, to = 1 })).ShouldBeProblem(400, "invalid-request", "/to out-of-range");
        (await workspace.Get("subscriptions/newsroom/deliveries?state=delivered&limit=2")).ShouldBe(200).Items.Count.ShouldBe(2);
        var page = (await workspace.Get("subscriptions/newsroom/deliveries?limit=2")).ShouldBe(200);
        (await workspace.Get($"subscriptions/newsroom/deliveries?limit=2&after={page["next"].GetString()}")).ShouldBe(200).Items.ShouldHaveSingleItem().GetProperty("number").GetInt64().ShouldBe(1);
        (await workspace.Get("subscriptions/newsroom/deliveries?state=lost")).ShouldBeProblem(400, "invalid-request", "state malformed");
    }

    [Fact]
    public async Task From_commit_to_the_wire_it_takes_milliseconds()
    {
        await workspace.Subscribe(receiver);
        await log.Fire("crisis.AZE-RUS.0");
        await receiver.Until(1);
        var took = new List<double>();
        for (var i = 1; i <= 60; i++)
        {
            await log.Fire($"crisis.AZE-RUS.{i}");
            var committed = Stopwatch.GetTimestamp();
            took.Add(Stopwatch.GetElapsedTime(committed, (await receiver.Until(i + 1))[i].At).TotalMilliseconds);
        }

        took.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"commit to request received: p50 {took[30]:0.0} ms, p95 {took[57]:0.0} ms, worst {took[59]:0.0} ms");
        // On a machine with nothing else to do it is a tenth of that.
        took[30].ShouldBeLessThan(250);
    }

    [Fact]
    public async Task A_request_that_is_repeated_meets_what_the_first_one_made()
    {
        var body = new { webhook = new { url = receiver.Address } };
        var made = (await workspace.Post("subscriptions", body, idempotencyKey: "k1")).ShouldBe(201);
        made["id"].GetString()!.ShouldStartWith("s-");
        (await workspace.Post("subscriptions", body, idempotencyKey: "k1")).ShouldBeProblem(409, "subscription-exists");
        (await workspace.Post("subscriptions", body)).ShouldBe(201);
        (await workspace.Get("subscriptions?limit=1")).ShouldBe(200)["next"].GetString().ShouldNotBeNull();
        (await workspace.Delete($"subscriptions/{made["id"].GetString()}")).ShouldBe(204);
        (await workspace.Get($"subscriptions/{made["id"].GetString()}")).ShouldBeProblem(404, "subscription-not-found");
    }

    [Fact]
    public async Task A_thousand_subscriptions_get_an_alert()
    {
        const int Many = 1_000;
        for (var i = 0; i < Many; i += 50)
        {
            await Task.WhenAll(Enumerable.Range(i, 50).Select(n => workspace.Subscribe(receiver, $"s{n}", path: $"/{n}")));
        }

        var began = Stopwatch.GetTimestamp();
        await log.Fire("crisis.AZE-RUS.1");
        var all = await receiver.Until(Many);
        all.Select(r => r.Path).ShouldBeUnique();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Many} subscriptions had the alert after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    [Theory]
    [InlineData("""{"webhook":{"url":"http://127.0.0.1:1/x"},"id":"A"}""", "/id malformed")]
    [InlineData("""{"webhook":{"url":" https://example.org/x "}}""", "/webhook/url malformed")]
    [InlineData("""{"webhook":{"url":"ftp://example.org/x"}}""", "/webhook/url malformed")]
    [InlineData("""{"webhook":{"url":"https://u:p@example.org/x"}}""", "/webhook/url user-info")]
    [InlineData("""{"webhook":{"url":"https://10.0.0.1/x"}}""", "/webhook/url private-address")]
    [InlineData("""{"webhook":{"url":"https://169.254.169.254/latest/meta-data"}}""", "/webhook/url private-address")]
    [InlineData("""{"webhook":{"url":"https://[fd00::1]/x"}}""", "/webhook/url private-address")]
    [InlineData("""{"webhook":{"url":"https://[::ffff:10.0.0.1]/x"}}""", "/webhook/url private-address")]
    [InlineData("""{}""", " required")]
    [InlineData("""{"webhook":{"url":"https://example.org"},"filter":{"types":["alert_exploded"]}}""", "/filter/types/0 unknown-kind")]
    [InlineData("""{"webhook":{"url":"https://example.org"},"after":99999}""", "/after unknown-position")]
    [InlineData("""{"webhook":{"url":"https://example.org","secret":"mine"}}""", "/webhook/secret malformed")]
    public async Task A_subscription_that_cannot_be_is_refused_with_the_pointer(string body, string fault) =>
        (await workspace.PostRaw("subscriptions", body)).ShouldBeProblem(400, "invalid-request", fault);

    [Fact]
    public async Task Without_an_SMTP_server_a_subscription_for_email_is_refused_and_says_what_is_missing()
    {
        var refused = (await workspace.Post("subscriptions", new { email = new { to = new[] { "desk@example.org" } } })).ShouldBeProblem(409, "no-smtp");
        refused.Text.ShouldContain("Delivery__Smtp__Host");
        (await workspace.Post("subscriptions", new { email = new { to = new[] { "Desk <desk@example.org>", "a@b\r\nBcc: c@d" } } }))
            .ShouldBeProblem(400, "invalid-request", "/email/to/0 malformed", "/email/to/1 malformed");
    }

    private static async Task<string> Verified(string secret, Received got) => (await NodeScript.Lines(
        "verify.js",
        [JsonSerializer.Serialize(new
        {
            secret,
            headers = new Dictionary<string, string> { ["webhook-id"] = got.Id, ["webhook-timestamp"] = got.Timestamp, ["webhook-signature"] = got.Signature },
            body = got.Body,
        })],
        Cancel)).Single();
}
