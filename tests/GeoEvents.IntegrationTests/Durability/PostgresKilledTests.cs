using System.Diagnostics;
using System.Net;
using System.Text.Json;
using GeoEvents.Hosting.Postgres;
using GeoEvents.IntegrationTests.Postgres;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class PostgresKilledTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("geoevents-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => TestFolder.Delete(folder);

    [Fact]
    public async Task A_service_whose_PostgreSQL_is_killed_and_comes_back_answers_503_meanwhile_and_goes_on_with_nothing_lost()
    {
        // The socket's folder is another at each start; the service knows it by a name that stays.
        var sockets = Path.Combine(folder, "sockets");
        var postgres = await Started();
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = sockets }.ConnectionString;
        try
        {
            var writers = new Writers(Rounds.Seed);
            var random = new Random(Rounds.Seed);
            await using var service = await ServiceProcess.Start(connection, Cancel);
            using var stop = new CancellationTokenSource();
            var writing = writers.Write(service.Api, clients: 16, stop.Token);
            for (var round = 0; round < Rounds.Count; round++)
            {
                await writers.Acknowledge(random.Next(1, 60), random, Cancel);
                KillPostgres(all: round % 2 == 0);
                await postgres.Ended.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
                await ShouldAnswer503(service);
                await postgres.DisposeAsync();
                postgres = await Started();
                await service.UntilReady(Cancel);
            }

            await Task.Delay(300, Cancel);
            await stop.CancelAsync();
            await writing;
            writers.Answers.Keys.Except([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable])
                .ShouldBeEmpty($"{string.Join(", ", writers.Answers)}\n{service.Output}");
            service.HasExited.ShouldBeFalse();
            await writers.SendAgain(service.Api, Cancel);
            await writers.ShouldAllBeThere(service.Api, new StoredRecord(connection), sample: 100, Cancel);
            await new StoredRecord(connection).ShouldEqualItsRebuild(Cancel);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{Rounds.Count} rounds, {writers.Writes} writes acknowledged, 0 lost; answers {string.Join(", ", writers.Answers)}; seed {Rounds.Seed}");
        }
        finally
        {
            await postgres.DisposeAsync();
        }

        async Task<LocalPostgres> Started()
        {
            var server = await LocalPostgres.Start(folder, Cancel);
            File.Delete(sockets);
            File.CreateSymbolicLink(sockets, new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!);
            return server;
        }
    }

    [Fact]
    public async Task A_service_whose_own_PostgreSQL_is_killed_ends_with_a_message_and_finds_everything_at_the_next_start()
    {
        var writers = new Writers(Rounds.Seed);
        var random = new Random(Rounds.Seed);
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var service = await ServiceProcess.Start(null, Cancel, folder);
            using var stop = new CancellationTokenSource();
            var writing = writers.Write(service.Api, clients: 16, stop.Token);
            await writers.Acknowledge(random.Next(1, 60), random, Cancel);
            var killed = Stopwatch.StartNew();
            if (round % 3 == 2)
            {
                await service.Kill();
            }
            else
            {
                KillPostgres(all: round % 3 == 0);
                await service.UntilExit(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                service.ExitCode.ShouldBe(1, service.Output);
                service.Output.ShouldContain("PostgreSQL has ended unexpectedly");
                killed.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(25));
            }

            await stop.CancelAsync();
            await writing;
        }

        await using (var service = await ServiceProcess.Start(null, Cancel, folder))
        {
            await writers.SendAgain(service.Api, Cancel);
            var sockets = SocketFolder();
            var connection = new NpgsqlConnectionStringBuilder { Host = sockets, Username = "geoevents", Database = "geoevents" }.ConnectionString;
            await writers.ShouldAllBeThere(service.Api, new StoredRecord(connection), sample: 100, Cancel);
            await new StoredRecord(connection).ShouldEqualItsRebuild(Cancel);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds.Count} rounds, {writers.Writes} writes acknowledged, 0 lost; seed {Rounds.Seed}");
        for (var since = Stopwatch.StartNew(); Servers().Length > 0; await Task.Delay(50, Cancel))
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), "a PostgreSQL was left behind");
        }
    }

    private string Data => Path.Combine(folder, "postgresql", "data");

    private static async Task ShouldAnswer503(ServiceProcess service)
    {
        foreach (var address in new[] { "relationships/AZE-RUS", "relationships", "incidents", "incidents/w1", "imports", "sources" })
        {
            using var answer = await service.Api.GetAsync($"/api/v1/main/{address}", Cancel);
            var body = await answer.Content.ReadAsStringAsync(Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{address}: {body}");
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
            JsonDocument.Parse(body).RootElement.GetProperty("type").GetString().ShouldBe("urn:geoevents:problem:unavailable");
        }

        (await service.Api.GetAsync("/health/ready", Cancel)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await service.Api.GetAsync("/health/live", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>SIGKILL to the postmaster, or to every process of the server at once.</summary>
    private void KillPostgres(bool all)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), null);
        foreach (var id in all ? Servers().Prepend(postmaster).Distinct().ToArray() : [postmaster])
        {
            try
            {
                Process.GetProcessById(id).Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has gone with the others.
            }
        }
    }

    private string SocketFolder() => File.ReadLines(Path.Combine(Data, "postmaster.pid")).ElementAt(4);

    /// <summary>The processes that work in our data directory.</summary>
    private int[] Servers() =>
    [
        .. from process in Directory.EnumerateDirectories("/proc").Select(p => Path.GetFileName(p)!)
           where char.IsAsciiDigit(process[0]) && WorksInOurs(process)
           select int.Parse(process, null),
    ];

    private bool WorksInOurs(string process)
    {
        try
        {
            return (new DirectoryInfo($"/proc/{process}/cwd").LinkTarget ?? "").StartsWith(Data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
