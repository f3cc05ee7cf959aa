using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GeoEvents.Feed;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Feed;

public class FeedStreamTests(GeoEventsHost host)
{
    private static readonly DateTimeOffset Noon = new(2025, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_of_a_stream_are_an_opening_with_an_id_and_a_block_with_id_event_and_data_for_each_item()
    {
        await workspace.Log(Example.Incident("first"));
        await using var stream = await EventStream.Open(workspace);
        stream.Response.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        stream.Response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        (await stream.Block()).ShouldNotBeNull().ShouldMatch(@"\Aretry: [12]\d{3}\nid: 1\z");

        await workspace.Log(Example.Incident("second", title: "Two\nlines, and „quotes“".Replace("\n", " ")));
        (await workspace.Post("incidents/second/retraction", Example.Reason("it\nwas another"), ifMatch: "*")).ShouldBe(200);

        var logged = (await stream.Block()).ShouldNotBeNull();
        logged.Split('\n').Length.ShouldBe(3);
        logged.ShouldStartWith("id: 2\nevent: incident_logged\ndata: {\"number\":2,\"type\":\"incident_logged\",\"recordedAt\":\"");
        EventStream.Data(logged).GetRawText().ShouldBe((await workspace.Get("feed?after=1&limit=1")).Items[0].GetRawText(), "an item is the same in both forms");
        var retracted = (await stream.Block()).ShouldNotBeNull();
        retracted.ShouldStartWith("id: 3\nevent: incident_retracted\ndata: {");
        EventStream.Data(retracted).GetProperty("data").GetProperty("reason").GetString().ShouldBe("it\nwas another");
    }

    [Fact]
    public async Task Whoever_comes_back_goes_on_after_what_it_has_whether_that_is_in_memory_or_not()
    {
        await workspace.Import(string.Join('\n', Enumerable.Range(1, 3000).Select(i => JsonSerializer.Serialize(Example.Incident($"i{i}")))));
        await using (var all = await EventStream.Open(workspace, "?after=0"))
        {
            (await all.Ids(3000)).ShouldBe(Enumerable.Range(1, 3000).Select(i => (long)i));
            await workspace.Log(Example.Incident("live"));
            (await all.Ids(1)).ShouldBe([3001]);
        }

        await using var byHeader = await EventStream.Open(workspace, "?after=5", lastEventId: "2998");
        (await byHeader.Ids(3)).ShouldBe([2999, 3000, 3001]);
        await using var byQuery = await EventStream.Open(workspace, "?after=2999");
        (await byQuery.Ids(2)).ShouldBe([3000, 3001]);
        await using var chosen = await EventStream.Open(workspace, "?after=0&dyad=AZE-RUS&type=incident_logged");
        (await chosen.Ids(3001))[^1].ShouldBe(3001);
    }

    [Fact]
    public async Task A_filtered_stream_says_how_far_it_has_come_so_that_nobody_reads_the_log_twice()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var service = await host.StartService(clock);
        var own = service.NewWorkspace();
        await using (var stream = await EventStream.Open(own, "?dyad=ARM-TUR&type=incident_logged"))
        await using (var everything = await EventStream.Open(own))
        {
            (await stream.Block())!.ShouldEndWith("\nid: 0");
            (await everything.Block())!.ShouldEndWith("\nid: 0");
            for (var i = 1; i <= 3; i++)
            {
                await own.Log(Example.Incident($"other{i}"));
            }

            (await everything.Ids(3)).ShouldBe([1, 2, 3]);
            await Pass(clock, FeedListener.BetweenHeartbeats);
            (await stream.Block()).ShouldBe("id: 3");
            (await stream.Block()).ShouldBe("event: heartbeat\ndata: {\"head\":3}");
            await own.Log(Example.Incident("wanted", actor: "ARM", recipient: "TUR"));
            (await stream.Block())!.ShouldStartWith("id: 4\nevent: incident_logged\n");
            await Pass(clock, FeedListener.BetweenHeartbeats);
            (await stream.Block()).ShouldBe("event: heartbeat\ndata: {\"head\":4}");
        }

        await own.Import(string.Join('\n', Enumerable.Range(1, 1500).Select(i => JsonSerializer.Serialize(Example.Incident($"more{i}")))));

        // Whoever gets the last of them has it from the memory that all share, so the first are there no more.
        await using var last = await EventStream.Open(own, "?after=1503");
        (await last.Block())!.ShouldEndWith("\nid: 1503");
        (await last.Ids(1)).ShouldBe([1504]);
        await using var again = await EventStream.Open(own, "?dyad=ARM-TUR&after=0&rule=none");
        (await again.Block())!.ShouldEndWith("\nid: 0");
        (await again.Block()).ShouldBe("id: 1504", "what it looked at to catch up");
    }

    [Fact]
    public async Task A_heartbeat_without_an_id_comes_after_fifteen_seconds_of_silence_and_no_sooner()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var service = await host.StartService(clock);
        var own = service.NewWorkspace();
        await using var stream = await EventStream.Open(own);
        await stream.Block();
        await Pass(clock, TimeSpan.FromSeconds(14));
        await own.Log(Example.Incident("first"));
        (await stream.Ids(1)).ShouldBe([1]);
        await Pass(clock, TimeSpan.FromSeconds(14));
        await own.Log(Example.Incident("second"));
        (await stream.Block())!.ShouldStartWith("id: 2\n", customMessage: "silence was broken, so no heartbeat was due");
        for (var i = 0; i < 3; i++)
        {
            await Pass(clock, FeedListener.BetweenHeartbeats);
            (await stream.Block()).ShouldBe("event: heartbeat\ndata: {\"head\":2}");
        }
    }

    [Theory]
    [InlineData("99")]
    [InlineData("99999999999999999999")]
    [InlineData("-1")]
    [InlineData("abc")]
    public async Task A_cursor_that_the_log_does_not_have_is_reset_to_its_end(string cursor)
    {
        for (var i = 1; i <= 3; i++)
        {
            await workspace.Log(Example.Incident($"i{i}"));
        }

        foreach (var (query, header) in new[] { ($"?after={cursor}", (string?)null), ("?after=1", cursor) })
        {
            await using var stream = await EventStream.Open(workspace, query, header);
            var reset = (await stream.Block()).ShouldNotBeNull();
            reset.ShouldMatch(@"\Aretry: \d+\nid: \d+\nevent: reset\ndata: \{""asked"":");
            (EventStream.Data(reset).GetProperty("asked").GetString(), EventStream.Data(reset).GetProperty("after").GetInt64()).ShouldBe((cursor, await workspace.Position()));
            await workspace.Log(Example.Incident());
            (await stream.Ids(1)).ShouldBe([await workspace.Position()]);
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_after_thirty_seconds_and_others_get_everything_meanwhile()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var service = await host.StartService(clock);
        var own = service.NewWorkspace();
        const int Items = 2000;
        var summary = new string('x', 5_000);
        await own.Import(string.Join('\n', Enumerable.Range(1, Items).Select(i => JsonSerializer.Serialize(new { id = $"i{i}", occurred = "2025-03-01", title = "Long", summary, type = "statement", links = new[] { new { actor = "AZE", recipient = "RUS" } } }))));

        using var deaf = await Connect(service, own.At("feed?after=0"), receiveBuffer: 4096);
        await using (var other = await EventStream.Open(own, "?after=0"))
        {
            (await other.Ids(Items)).Count.ShouldBe(Items);
        }

        await Pass(clock, FeedListener.Patience - TimeSpan.FromSeconds(2));
        deaf.Available.ShouldBePositive();
        await Pass(clock, TimeSpan.FromSeconds(4));

        var (buffer, all) = (new byte[1 << 16], 0L);
        try
        {
            while (await deaf.ReceiveAsync(buffer, Cancel) is > 0 and var read)
            {
                all += read;
            }
        }
        catch (SocketException)
        {
            // Cut as it stood.
        }

        all.ShouldBeInRange(1, (long)Items * summary.Length * 9 / 10, "it was cut, so it did not get everything");
        await using var again = await EventStream.Open(own, $"?after={Items - 1}");
        (await again.Ids(1)).ShouldBe([Items]);
    }

    [Fact]
    public async Task Numbers_have_no_gaps_and_both_nodes_tell_the_same_while_writers_race_on_two_nodes()
    {
        await using var second = await host.StartService(database: host.Service.Database);
        Workspace[] nodes = [workspace, second.InWorkspace(workspace.Name)];
        await using var onFirst = await EventStream.Open(nodes[0], "?after=0");
        await using var onSecond = await EventStream.Open(nodes[1], "?after=0");
        const int Each = 25;
        var otherWorkspace = host.NewWorkspace();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await nodes[writer % 2].Log(Example.Incident($"w{writer}-{i}"));
                    await (i % 5 == 0 ? otherWorkspace.Log(Example.Incident($"w{writer}-{i}")) : Task.CompletedTask);
                }
            },
            Cancel)));

        var expected = Enumerable.Range(1, 8 * Each).Select(n => (long)n);
        (await onFirst.Ids(8 * Each)).ShouldBe(expected);
        (await onSecond.Ids(8 * Each)).ShouldBe(expected);
        var (one, other) = ((await nodes[0].Get("feed?limit=500")).Text, (await nodes[1].Get("feed?limit=500")).Text);
        one.ShouldBe(other);
    }

    [Fact]
    public async Task Streams_of_several_workspaces_tell_nothing_of_each_other()
    {
        var stranger = host.NewWorkspace();
        await using var own = await EventStream.Open(workspace);
        await using var other = await EventStream.Open(stranger);
        await workspace.Log(Example.Incident("mine"));
        await stranger.Log(Example.Incident("theirs"));
        foreach (var (stream, id) in new[] { (own, "mine"), (other, "theirs") })
        {
            await stream.Block();
            EventStream.Data((await stream.Block())!).GetProperty("subject").GetString().ShouldBe($"incident/{id}");
        }
    }

    [Fact]
    public async Task Json_is_what_those_get_who_do_not_ask_for_events()
    {
        await workspace.Log(Example.Incident("first"));
        foreach (var accept in new[] { "*/*", "application/json", "text/event-stream;q=0.5, application/json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At("feed")) { Headers = { { "Accept", accept } } };
            using var response = await workspace.Api.SendAsync(request, Cancel);
            response.Headers.Vary.ShouldContain("Accept");
            (await Workspace.Read(response)).ShouldBe(200).Items.Count.ShouldBe(1, accept);
        }
    }

    /// <summary>Lets time pass in steps, and gives what it sets off the time to happen.</summary>
    private static async Task Pass(FakeTimeProvider clock, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancel);
        }
    }

    private static async Task<Socket> Connect(RunningService service, string path, int receiveBuffer)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        await socket.ConnectAsync(service.Api.BaseAddress!.Host, service.Api.BaseAddress.Port, Cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"), Cancel);
        return socket;
    }
}
