using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using GeoEvents.IntegrationTests.Delivery;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class DeliveryKilledTests(DurabilityServer postgres)
{
    private const int Alerts = 1_000;
    private const int Kills = 5;

    /// <summary>Waits that let a receiver be away for some time without the subscription being given up.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Delivery__AllowHttp"] = "true",
        ["Delivery__AllowedNetworks"] = "127.0.0.0/8",
        ["Delivery__RetryWaitSeconds"] = string.Join(',', Enumerable.Repeat("0.1", 100)),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_alerts_reach_a_receiver_that_misbehaves_in_every_way_while_the_service_is_killed_five_times()
    {
        var watch = Stopwatch.StartNew();
        var connection = await postgres.CreateDatabase();
        var random = new Random(Rounds.Seed);
        var receiver = await Receiver.Start();
        var port = new Uri(receiver.Address).Port;
        var (taken, all) = (new ConcurrentQueue<Received>(), new ConcurrentQueue<Received>());
        var service = await ServiceProcess.Start(connection, Cancel, settings: Settings);
        try
        {
            var workspace = new Workspace(service.Api, "main");
            var secrets = new Dictionary<string, string>
            {
                ["/one"] = await workspace.Subscribe(receiver, "one", path: "/one"),
                ["/two"] = await workspace.Subscribe(receiver, "two", path: "/two"),
            };
            receiver.Answer = Misbehave;
            await using var database = NpgsqlDataSource.Create(connection);
            var log = AlertLog.On(database, "main");
            await log.DraftRule("crisis");
            var numbers = new List<long>();
            var recording = Task.Run(
                async () =>
                {
                    for (var i = 0; i < Alerts; i++)
                    {
                        numbers.Add(await log.Fire($"crisis.AZE-RUS.{i}"));
                    }
                },
                Cancel);

            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(random.Next(1_000, 2_500), Cancel);
                await service.Kill();
                await service.DisposeAsync();
                if (kill == 2)
                {
                    // Nobody listens for a while.
                    await receiver.DisposeAsync();
                }

                service = await ServiceProcess.Start(connection, Cancel, settings: Settings);
                workspace = new Workspace(service.Api, "main");
                await Enable(workspace);
                if (kill == 2)
                {
                    await Task.Delay(500, Cancel);
                    receiver = await Receiver.Start(port);
                    receiver.Answer = Misbehave;
                }
            }

            await recording;
            for (var waiting = Stopwatch.StartNew(); taken.Select(t => (t.Path, t.Number)).Distinct().Count() < 2 * Alerts; await Task.Delay(200, Cancel))
            {
                waiting.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(120), $"{taken.Count} came; {service.Output}");
                await Enable(workspace);
            }

            foreach (var path in secrets.Keys)
            {
                var own = taken.Where(t => t.Path == path).ToList();
                own.Select(t => t.Number).Distinct().ShouldBe(numbers, "each alert, in order");
                own.GroupBy(t => t.Number).ShouldAllBe(same => same.Select(t => t.Id).Distinct().Count() == 1);
                own.Zip(own.Skip(1)).ShouldAllBe(two => two.First.Number <= two.Second.Number);
            }

            taken.Select(t => t.Id).Distinct().Count().ShouldBe(2 * Alerts);
            var verified = await NodeScript.Lines("verify.js", all.Select(r => Line(secrets[r.Path], r)), Cancel);
            verified.Count.ShouldBe(all.Count);
            verified.ShouldAllBe(v => v == "ok");
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{Alerts} alerts to 2 subscriptions, {Kills} kills, {all.Count} requests, {taken.Count} taken, {taken.Count - (2 * Alerts)} twice; {watch.Elapsed.TotalSeconds:0} s; seed {Rounds.Seed}");
        }
        finally
        {
            await service.DisposeAsync();
            await receiver.DisposeAsync();
        }

        // By turns: mostly well, then slow, reset, 500, 429, and at times gone for good, which somebody mends.
        async Task Misbehave(Received got, HttpContext http)
        {
            all.Enqueue(got);
            var turn = Random.Shared.Next(600);
            switch (turn)
            {
                case 0:
                    http.Response.StatusCode = 410;
                    break;
                case < 15:
                    http.Response.StatusCode = 500;
                    break;
                case < 25:
                    http.Response.StatusCode = 429;
                    http.Response.Headers.RetryAfter = "1";
                    break;
                case < 40:
                    http.Abort();
                    break;
                case < 55:
                    await Task.Delay(200, http.RequestAborted);
                    taken.Enqueue(got);
                    break;
                default:
                    taken.Enqueue(got);
                    break;
            }
        }
    }

    private static async Task Enable(Workspace workspace)
    {
        foreach (var id in (string[])["one", "two"])
        {
            if ((await workspace.Get($"subscriptions/{id}")).ShouldBe(200)["state"].GetString() == "disabled")
            {
                (await workspace.Post($"subscriptions/{id}/enable", new { })).ShouldBe(200);
            }
        }
    }

    private static string Line(string secret, Received got) => JsonSerializer.Serialize(new
    {
        secret,
        headers = new Dictionary<string, string> { ["webhook-id"] = got.Id, ["webhook-timestamp"] = got.Timestamp, ["webhook-signature"] = got.Signature },
        body = got.Body,
    });
}
