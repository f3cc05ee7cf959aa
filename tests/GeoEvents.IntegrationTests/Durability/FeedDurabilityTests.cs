using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GeoEvents.IntegrationTests.Feed;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class FeedDurabilityTests(DurabilityServer postgres)
{
    private const int Rows = 9_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_clients_with_random_cuts_end_with_the_log_whatever_becomes_of_the_service()
    {
        const int Clients = 50, Facts = 10_000;
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        var random = new Random(Rounds.Seed);
        var service = await ServiceProcess.Start(connection, Cancel);
        try
        {
            var (address, goal) = (service.Api.BaseAddress!, long.MaxValue);
            (await new Workspace(service.Api, Writers.Workspace).PostRaw("imports", File(), mediaType: "application/octet-stream")).ShouldBe(202);
            var clients = Enumerable.Range(0, Clients).Select(i => new FeedClient(() => Volatile.Read(ref address), new Random(Rounds.Seed + i))).ToList();
            var following = clients.ConvertAll(c => Task.Run(() => c.Follow(() => Volatile.Read(ref goal), Cancel), Cancel));
            var writers = new Writers(Rounds.Seed);
            for (var round = 0; round < Rounds.Count; round++)
            {
                using var stop = new CancellationTokenSource();
                var writing = writers.Write(service.Api, clients: 4, stop.Token);
                await writers.Acknowledge(50, random, Cancel);
                await service.Kill();
                await stop.CancelAsync();
                await writing;
                await service.DisposeAsync();
                service = await ServiceProcess.Start(connection, Cancel);
                Volatile.Write(ref address, service.Api.BaseAddress!);
            }

            using var last = new CancellationTokenSource();
            var finishing = writers.Write(service.Api, clients: 4, last.Token);
            while (await Head() < Facts)
            {
                await Task.Delay(100, Cancel);
            }

            await last.CancelAsync();
            await finishing;
            var end = await Head();
            Volatile.Write(ref goal, end);
            // Whoever has everything already waits for more: one more fact lets each of them look at the goal again.
            await writers.SendAgain(service.Api, Cancel);
            using var more = await service.Api.PostAsync("/api/v1/main/incidents", new StringContent(Writers.Incident("the-last", random), null, "application/json"), Cancel);
            ((int)more.StatusCode).ShouldBe(201);
            await Task.WhenAll(following).WaitAsync(TimeSpan.FromMinutes(2), Cancel);

            var whole = Enumerable.Range(1, (int)end).Select(n => (long)n).ToList();
            foreach (var client in clients)
            {
                client.Got.Take(whole.Count).ShouldBe(whole, $"seed {Rounds.Seed}");
            }

            clients.Sum(c => c.Cuts).ShouldBeGreaterThan(Clients, $"seed {Rounds.Seed}");
            clients.ShouldAllBe(c => c.Losses > 0);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{end} facts, {clients.Sum(c => c.Cuts)} cuts, {clients.Sum(c => c.Losses)} connections lost with the service; seed {Rounds.Seed}");
        }
        finally
        {
            await service.DisposeAsync();
        }

        async Task<long> Head() => await record.Number("select coalesce(max(position), 0) from geo.recording where workspace = 'main'", Cancel);
    }

    [Fact]
    public async Task Told_to_stop_the_service_ends_a_hundred_open_streams_at_once_and_has_gone_in_two_seconds()
    {
        const int Streams = 100, Deaf = 5;
        await using var service = await ServiceProcess.Start(await postgres.CreateDatabase(), Cancel);
        (await new Workspace(service.Api, Writers.Workspace).Import(File()))["state"].GetString().ShouldBe("completed");
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * Streams }) { BaseAddress = service.Api.BaseAddress };
        var streams = new List<EventStream>();
        for (var i = 0; i < Streams; i++)
        {
            streams.Add(await EventStream.Open(http, $"/api/v1/{Writers.Workspace}/feed", null));
            (await streams[^1].Block()).ShouldNotBeNull();
        }

        // Some take nothing of all that they asked for.
        var deaf = new List<Socket>();
        for (var i = 0; i < Deaf; i++)
        {
            deaf.Add(new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 });
            await deaf[i].ConnectAsync("127.0.0.1", service.Api.BaseAddress!.Port, Cancel);
            await deaf[i].SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/{Writers.Workspace}/feed?after=0 HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"), Cancel);
        }

        await Task.Delay(500, Cancel);
        var watch = Stopwatch.StartNew();
        await service.Terminate();
        await service.UntilExit(Cancel);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2), service.Output);
        service.ExitCode.ShouldBe(0, service.Output);
        foreach (var stream in streams)
        {
            while (await stream.Block() is not null)
            {
            }

            await stream.DisposeAsync();
        }

        deaf.ForEach(d => d.Dispose());
        TestContext.Current.TestOutputHelper?.WriteLine($"gone after {watch.ElapsedMilliseconds} ms");
    }

    private static byte[] File()
    {
        var file = new StringBuilder();
        for (var i = 0; i < Rows; i++)
        {
            file.Append(JsonSerializer.Serialize(new
            {
                id = $"row{i}",
                occurred = "2025-03-01",
                title = $"Row {i}",
                summary = $"Of some length, so that whoever does not read it has soon more than any buffer holds: {new string('x', 400)}",
                type = "statement",
                links = new[] { new { actor = "AZE", recipient = "RUS" } },
            })).Append('\n');
        }

        return Encoding.UTF8.GetBytes(file.ToString());
    }
}
