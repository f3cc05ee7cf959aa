using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Delivery;

/// <summary>Webhooks against receivers that misbehave, by a clock that the test sets.</summary>
public sealed class RetryTests(GeoEventsHost host) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 7, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider clock = new(Start);
    private RunningService service = null!;
    private Workspace workspace = null!;
    private Receiver receiver = null!;
    private AlertLog log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.Start();
        service = await host.StartService(clock);
        workspace = service.NewWorkspace();
        log = AlertLog.Of(service, workspace);
        await log.DraftRule("crisis");
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_receiver_that_stays_away_is_tried_ten_times_by_the_table_and_then_given_up_and_goes_on_where_it_stopped()
    {
        double[] waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        receiver.Answer = Receiver.Status(500);
        await workspace.Subscribe(receiver);
        await log.Fire("crisis.AZE-RUS.1");
        var held = await log.Fire("crisis.AZE-RUS.2");
        for (var attempt = 1; attempt <= waits.Length; attempt++)
        {
            var delivery = await workspace.UntilDelivery("newsroom", 1, d => d.Code == 200 && d["delivery.attempts"].GetInt32() == attempt && d.Json.TryGetProperty("nextAttempt", out _) && d["nextAttempt"].GetDateTimeOffset() > clock.GetUtcNow());
            var wait = (delivery["nextAttempt"].GetDateTimeOffset() - clock.GetUtcNow()).TotalSeconds;
            wait.ShouldBeInRange(waits[attempt - 1], waits[attempt - 1] * 1.1 + 0.001);
            await Pass(TimeSpan.FromSeconds(wait - 0.5), attempt);
            receiver.All.Count.ShouldBe(attempt);
            await Pass(TimeSpan.FromSeconds(0.6), attempt + 1);
        }

        var over = await workspace.Until("newsroom", s => s["state"].GetString() == "disabled");
        over["disabled.because"].GetString().ShouldBe("gave-up");
        over["disabled.detail"].GetString().ShouldBe("It answers with status 500.");
        var head = (await workspace.Get("subscriptions/newsroom/deliveries/1")).ShouldBe(200);
        (head["delivery.state"].GetString(), head["attempts"].GetArrayLength()).ShouldBe(("given-up", 10));
        head["attempts"].EnumerateArray().Select(a => a.GetProperty("status").GetInt32()).ShouldAllBe(s => s == 500);
        receiver.All.Count.ShouldBe(10);
        receiver.All.Select(r => r.Id).Distinct().ShouldHaveSingleItem();
        receiver.All.Select(r => r.Timestamp).Distinct().Count().ShouldBe(10);
        (await workspace.Post("subscriptions/newsroom/deliveries/1/retry", new { })).ShouldBeProblem(409, "subscription-disabled");

        receiver.Answer = Receiver.Status(200);
        var missed = await log.Fire("crisis.AZE-RUS.3");
        (await workspace.Post("subscriptions/newsroom/enable", new { })).ShouldBe(200)["state"].GetString().ShouldBe("active");
        (await receiver.Until(13)).Skip(10).Select(r => r.Number).ShouldBe([receiver.All.First().Number, held, missed]);
    }

    [Fact]
    public async Task The_queue_is_held_behind_a_failing_head_and_a_manual_retry_does_not_wait()
    {
        var failing = true;
        receiver.Answer = (got, http) => Receiver.Status(failing ? 503 : 204)(got, http);
        await workspace.Subscribe(receiver);
        var numbers = new List<long> { await log.Fire("crisis.AZE-RUS.1") };
        await workspace.Attempted("newsroom", 1, 1);
        numbers.Add(await log.Fire("crisis.AZE-RUS.2"));
        numbers.Add(await log.Resolve("crisis.AZE-RUS.1"));
        await workspace.Until("newsroom", s => s["waiting"].GetInt64() == 3);
        receiver.All.Count.ShouldBe(1);

        failing = false;
        (await workspace.Post("subscriptions/newsroom/deliveries/3/retry", new { })).ShouldBe(202);
        (await receiver.Until(4)).Skip(1).Select(r => r.Number).ShouldBe(numbers);
        (await workspace.Settled("newsroom", 3)).ShouldBe(200);
        (await workspace.Post("subscriptions/newsroom/deliveries/3/retry", new { })).ShouldBeProblem(409, "delivery-delivered");
        (await workspace.Post("subscriptions/newsroom/deliveries/9/retry", new { })).ShouldBeProblem(404, "delivery-not-found");
    }

    [Fact]
    public async Task Retry_After_is_the_least_that_is_waited_and_no_more_than_a_day()
    {
        var date = (clock.GetUtcNow() + TimeSpan.FromHours(1)).ToString("R", CultureInfo.InvariantCulture);
        foreach (var (header, seconds) in new[] { ("7200", 7_200.0), ("1", 5), ("9999999", 86_400), ("99999999999", 86_400), ("99999999999999999999999", 86_400), (date, 3_600), ("nonsense", 5) })
        {
            var (own, id) = (service.NewWorkspace(), "newsroom");
            receiver.Answer = Receiver.Status(429, "Retry-After", header);
            await own.Subscribe(receiver, id);
            await AlertLog.Of(service, own).DraftRule("crisis");
            await AlertLog.Of(service, own).Fire("crisis.AZE-RUS.1");
            var delivery = await own.Attempted(id, 1, 1);
            (delivery["nextAttempt"].GetDateTimeOffset() - clock.GetUtcNow()).TotalSeconds.ShouldBeInRange(seconds, Math.Max(seconds, 5.5), header);
        }
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_not_asked_again_and_what_was_missed_can_be_skipped()
    {
        receiver.Answer = Receiver.Status(410);
        await workspace.Subscribe(receiver);
        await log.Fire("crisis.AZE-RUS.1");
        var gone = await workspace.Until("newsroom", s => s["state"].GetString() == "disabled");
        gone["disabled.because"].GetString().ShouldBe("gone");
        await log.Fire("crisis.AZE-RUS.2");
        receiver.All.Count.ShouldBe(1);

        receiver.Answer = Receiver.Status(200);
        (await workspace.Post("subscriptions/newsroom/enable", new { missed = "skip" })).ShouldBe(200);
        var later = await log.Fire("crisis.AZE-RUS.3");
        (await receiver.Until(2))[1].Number.ShouldBe(later);
        (await workspace.Get("subscriptions/newsroom/deliveries/1")).ShouldBe(200)["delivery.state"].GetString().ShouldBe("skipped");
    }

    [Fact]
    public async Task Redirects_resets_and_silence_are_failures_and_a_slow_body_after_200_is_none()
    {
        await using var elsewhere = await Receiver.Start();
        await workspace.Subscribe(receiver);

        receiver.Answer = Receiver.Status(302, "Location", elsewhere.Address);
        await log.Fire("crisis.AZE-RUS.1");
        (await workspace.Attempted("newsroom", 1, 1)).LastAttempt().GetProperty("error").GetString().ShouldBe("It redirects, which is not followed.");
        elsewhere.All.ShouldBeEmpty();

        receiver.Answer = Receiver.Reset;
        await Pass(TimeSpan.FromSeconds(6), 2);
        (await workspace.Attempted("newsroom", 1, 2)).LastAttempt().GetProperty("error").GetString().ShouldStartWith("It could not be reached");

        receiver.Answer = Receiver.Never;
        await Pass(TimeSpan.FromSeconds(331), 3);
        clock.Advance(TimeSpan.FromSeconds(14));
        await Task.Delay(100, Cancel);
        (await workspace.Get("subscriptions/newsroom/deliveries/1"))["delivery.attempts"].GetInt32().ShouldBe(2);
        clock.Advance(TimeSpan.FromSeconds(1.1));
        (await workspace.Attempted("newsroom", 1, 3)).LastAttempt().GetProperty("error").GetString().ShouldBe("No answer within 15 seconds.");

        receiver.Answer = Receiver.SlowBody;
        await Pass(TimeSpan.FromSeconds(1_981), 4);
        await Task.Delay(300, Cancel);
        clock.Advance(TimeSpan.FromSeconds(2.1));
        var taken = await workspace.Settled("newsroom", 1);
        taken["delivery.state"].GetString().ShouldBe("delivered");
        taken.LastAttempt().GetProperty("answer").GetString().ShouldStartWith("still here");
    }

    [Fact]
    public async Task What_is_wrong_with_a_connection_or_an_answer_is_said_and_tried_again()
    {
        await using var untrusted = RawServer.Start("HTTP/1.1 204 No Content\r\n\r\n", secure: true);
        await using var rubbish = RawServer.Start("HTTP/1.1 500 \u0001\u0000bad\r\nContent-Length: 0\r\n\r\n");
        foreach (var (id, url, said) in new[]
        {
            ("plain", receiver.Address.Replace("http:", "https:", StringComparison.Ordinal), "The connection cannot be secured (TLS): "),
            ("untrusted", $"https://127.0.0.1:{untrusted.Port}/", "The connection cannot be secured (TLS): The remote certificate is invalid"),
            ("rubbish", $"http://127.0.0.1:{rubbish.Port}/", "It answers with something that is not HTTP: "),
        })
        {
            (await workspace.Post("subscriptions", new { id, webhook = new { url } })).ShouldBe(201);
            await log.Fire($"crisis.AZE-RUS.{id.Length}");
            var failed = await workspace.Attempted(id, 1, 1);
            failed.LastAttempt().GetProperty("error").GetString()!.ShouldStartWith(said);
            (failed["nextAttempt"].GetDateTimeOffset() - clock.GetUtcNow()).TotalSeconds.ShouldBeInRange(4.9, 5.6);
        }
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_refused_at_delivery_too()
    {
        // The subscription is made while the operator allows it; then he does not any more. To the sender that is a name that has begun to lead elsewhere.
        var url = $"http://localhost:{new Uri(receiver.Address).Port}/hook";
        (await workspace.Post("subscriptions", new { id = "newsroom", webhook = new { url } })).ShouldBe(201);
        await using var strict = await host.StartService(clock: null, database: service.Database, mayFetchFromLoopback: false, settings: new Dictionary<string, string> { ["Delivery:AllowHttp"] = "true" });
        await service.DisposeAsync();
        await AlertLog.Of(strict, strict.InWorkspace(workspace.Name)).Fire("crisis.AZE-RUS.1");

        var refused = await strict.InWorkspace(workspace.Name).Attempted("newsroom", 1, 1);
        refused.LastAttempt().GetProperty("error").GetString().ShouldBe("The address is one of a private network, which is not posted to.");
        receiver.All.ShouldBeEmpty();
        (await strict.NewWorkspace().Post("subscriptions", new { webhook = new { url } })).ShouldBeProblem(400, "invalid-request", "/webhook/url private-address");
    }

    [Fact]
    public async Task Two_nodes_deliver_each_alert_once_and_in_order()
    {
        await using var other = await host.StartService(clock, service.Database);
        await workspace.Subscribe(receiver);
        var numbers = new List<long>();
        for (var i = 0; i < 40; i++)
        {
            numbers.Add(await log.Fire($"crisis.AZE-RUS.{i}"));
        }

        await receiver.Until(40);
        await Task.Delay(200, Cancel);
        receiver.All.Select(r => r.Number).ShouldBe(numbers);
    }

    /// <summary>Lets time pass until that many webhooks have come.</summary>
    private async Task Pass(TimeSpan time, int count)
    {
        clock.Advance(time);
        for (var since = Stopwatch.StartNew(); receiver.All.Count < count; await Task.Delay(20, Cancel))
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), $"{receiver.All.Count} of {count} webhooks came");
        }

        await Task.Delay(50, Cancel);
    }
}
