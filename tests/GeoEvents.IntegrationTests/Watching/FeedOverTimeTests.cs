using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using static GeoEvents.IntegrationTests.Watching.Following;

namespace GeoEvents.IntegrationTests.Watching;

/// <summary>Feeds by a clock that the test sets, and over several services.</summary>
public sealed class FeedOverTimeTests(GeoEventsHost host) : IAsyncLifetime
{
    private static readonly DateTimeOffset Midnight = new(2018, 1, 1, 0, 2, 0, TimeSpan.Zero);

    private FeedSite site = null!;

    public async ValueTask InitializeAsync() => site = await FeedSite.Start();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task While_a_site_is_away_attempts_get_rarer_lag_grows_and_both_end_with_the_first_success()
    {
        var clock = new FakeTimeProvider(Midnight);
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        site.Publish("20180101000000", await Row(1));
        (await workspace.Put(GdeltFeed, new { address = site.Address, ending = ".export.CSV", intervalSeconds = 60 })).ShouldBe(201);
        var seen = (await workspace.Until(f => f["nextAttempt"].GetDateTimeOffset() > clock.GetUtcNow()))["seenAt"].GetDateTimeOffset();
        seen.ShouldBe(Midnight);
        site.Answer("lastupdate.txt", FeedSite.Status(500));

        var pauses = new List<double>();
        for (var failures = 1; failures <= 12; failures++)
        {
            var feed = (await workspace.Get(GdeltFeed)).ShouldBe(200);
            await Pass(clock, feed["nextAttempt"].GetDateTimeOffset() - clock.GetUtcNow(), () => workspace.Get(GdeltFeed), f => f["failures"].GetInt32() == failures);
            feed = (await workspace.Get(GdeltFeed)).ShouldBe(200);
            pauses.Add((feed["nextAttempt"].GetDateTimeOffset() - feed["lastErrorAt"].GetDateTimeOffset()).TotalSeconds);
            feed["lagSeconds"].GetInt64().ShouldBe((long)(clock.GetUtcNow() - seen).TotalSeconds);
        }

        for (var i = 0; i < pauses.Count; i++)
        {
            var whole = Math.Min(3600, 10 * Math.Pow(2, i));
            pauses[i].ShouldBeInRange(whole / 2, whole, $"after {i + 1} failures");
        }

        site.Publish("20180101001500", await Row(2));
        var last = (await workspace.Get(GdeltFeed))["nextAttempt"].GetDateTimeOffset();
        await Pass(clock, last - clock.GetUtcNow(), () => workspace.Get(GdeltFeed), f => f["failures"].GetInt32() == 0 && f["nextAttempt"].GetDateTimeOffset() > last);
        var well = (await workspace.Get(GdeltFeed)).ShouldBe(200);
        (well["lagSeconds"].GetInt64(), well["lastTaken.name"].GetString()).ShouldBe((0, "20180101001500.export.CSV"));
        (well["nextAttempt"].GetDateTimeOffset() - well["seenAt"].GetDateTimeOffset()).TotalSeconds.ShouldBe(60, 6);
    }

    [Fact]
    public async Task A_file_that_is_never_what_was_announced_is_given_up_in_the_end_until_somebody_asks_for_it()
    {
        var clock = new FakeTimeProvider(Midnight);
        await using var service = await host.StartService(clock);
        var workspace = service.NewWorkspace();
        var name = site.Publish("20180101000000", await Row(1));
        site.Answer(name, FeedSite.Status(404));
        (await workspace.Put(GdeltFeed, new { address = site.Address, ending = ".export.CSV" })).ShouldBe(201);
        await workspace.Until(f => f["waiting"].GetInt32() == 1 && f["nextAttempt"].GetDateTimeOffset() > clock.GetUtcNow());
        for (var hours = 0; hours < 15; hours++)
        {
            var before = (await workspace.Get(GdeltFeed))["seenAt"].GetDateTimeOffset();
            await Pass(clock, TimeSpan.FromHours(1), () => workspace.Get(GdeltFeed), f => f["seenAt"].GetDateTimeOffset() > before && f["nextAttempt"].GetDateTimeOffset() > clock.GetUtcNow());
        }

        var given = (await workspace.Get(GdeltFeed)).ShouldBe(200);
        (given["waiting"].GetInt32(), given["givenUp"].GetInt32(), given["lagSeconds"].GetInt32()).ShouldBe((0, 1, 0));
        site.Asked.Count(n => n == name).ShouldBe(12);

        site.Answer(name, FeedSite.Content(await Row(1)));
        (await workspace.Post($"{GdeltFeed}/check-now", new { })).ShouldBe(200);
        await workspace.Until(f => f["givenUp"].GetInt32() == 0 && f.Json.TryGetProperty("lastTaken", out _));
        (await workspace.Imports()).ShouldBe(["20180101000000: 1 taken, 0 changed"]);
    }

    [Fact]
    public async Task A_service_that_may_not_fetch_from_this_machine_says_so()
    {
        await using var service = await host.StartService(mayFetchFromLoopback: false);
        var workspace = service.NewWorkspace();
        site.Publish("20180101000000", await Row(1));

        foreach (var address in new[] { site.Address, site.Address.Replace("127.0.0.1", "localhost") })
        {
            (await workspace.Put(GdeltFeed, new { address, ending = ".export.CSV" })).Code.ShouldBeOneOf(200, 201);
            (await workspace.Until(f => f.Json.TryGetProperty("lastError", out var error) && error.GetString()!.Contains(new Uri(address).Host)))
                ["lastError"].GetString()!.ShouldContain("which is not fetched from unless Feeds__AllowPrivateAddresses is true");
            await workspace.Rested();
        }

        site.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_services_on_one_database_take_each_file_once()
    {
        await using var one = await host.StartService();
        await using var two = await host.StartService(database: one.Database);
        var workspace = one.NewWorkspace();
        var other = two.InWorkspace(workspace.Name);
        site.Publish("20180101000000", await Row(0));
        await workspace.Follow(site.Address);
        for (var i = 1; i <= 8; i++)
        {
            site.Publish($"20180101{i / 4:00}{i % 4 * 15:00}00", await Row(i));
            await Task.WhenAll(workspace.Post($"{GdeltFeed}/check-now", new { }), other.Post($"{GdeltFeed}/check-now", new { }));
            await workspace.Until(f => f["lastTaken.name"].GetString()!.StartsWith($"20180101{i / 4:00}{i % 4 * 15:00}", StringComparison.Ordinal));
        }

        (await workspace.Imports()).Count.ShouldBe(9);
        site.Asked.Count(n => n.EndsWith(".export.CSV", StringComparison.Ordinal)).ShouldBe(9);
    }

    [Fact]
    public async Task A_site_that_hangs_holds_up_neither_the_end_of_the_service_nor_its_next_start()
    {
        // With a clock it has more patience than this test.
        var database = await host.CreateDatabase();
        site.Answer("lastupdate.txt", FeedSite.Never);
        for (var round = 0; round < 2; round++)
        {
            var asked = site.Asked.Count;
            await using var service = await host.StartService(TimeProvider.System, database);
            (await service.InWorkspace("main").Put(GdeltFeed, new { address = site.Address })).ShouldBe(round == 0 ? 201 : 200);
            while (site.Asked.Count == asked)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            var stopping = Stopwatch.StartNew();
            await service.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);
            stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task Whoever_asks_for_a_look_while_one_is_under_way_gets_one_more()
    {
        await using var service = await host.StartService(TimeProvider.System);
        var workspace = service.NewWorkspace();
        site.Publish("20180101000000", await Row(1));
        var before = FeedSite.Text(site.Line("20180101000000.export.CSV", await Row(1)));
        var gate = new TaskCompletionSource();
        site.Answer("lastupdate.txt", async http =>
        {
            await gate.Task;
            await before(http);
        });
        (await workspace.Put(GdeltFeed, new { address = site.Address, ending = ".export.CSV" })).ShouldBe(201);
        while (site.Asked.IsEmpty)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        site.Publish("20180101001500", await Row(2));
        (await workspace.Post($"{GdeltFeed}/check-now", new { })).ShouldBe(200);
        gate.SetResult();

        (await workspace.Rested())["lastTaken.name"].GetString().ShouldBe("20180101001500.export.CSV");
    }

    [Fact]
    public async Task A_monitor_sees_the_lag_and_the_failures_of_each_feed()
    {
        var workspace = host.NewWorkspace();
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name.StartsWith("geoevents.feed.", StringComparison.Ordinal))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        site.Answer(site.Publish("20180101000000", await Row(1)), FeedSite.Status(404));
        await workspace.Follow(site.Address);
        await workspace.Look();
        listener.RecordObservableInstruments();

        seen["geoevents.feed.failures"].ShouldBe(2);
        seen["geoevents.feed.lag"].ShouldBeGreaterThan(86_400 * 365);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.ToArray() is [{ Key: "workspace", Value: string name }, { Key: "feed", Value: "gdelt" }] && name == workspace.Name)
            {
                seen.AddOrUpdate(instrument.Name, value, (_, before) => instrument is Counter<long> ? before + value : value);
            }
        }
    }

    /// <summary>Lets time pass, and then more of it in small steps until what is awaited has come.</summary>
    private static async Task Pass(FakeTimeProvider clock, TimeSpan time, Func<Task<Reply>> read, Func<Reply, bool> until)
    {
        clock.Advance(time);
        for (var tries = 0; !until(await read()); tries++)
        {
            tries.ShouldBeLessThan(400, (await read()).Text);
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
