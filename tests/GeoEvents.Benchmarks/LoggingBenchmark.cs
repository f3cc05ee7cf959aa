using System.Globalization;
using GeoEvents.Incidents;
using GeoEvents.Sources;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>Logging one incident over HTTP until it is committed, beside a bare insert-and-commit loop and a bare Marten <c>StartStream</c> loop of the same fact.</summary>
public static class LoggingBenchmark
{
    private static readonly DateTimeOffset Year = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Random Chance = new(1);

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await BareStore.CreateTable(database);
        using var marten = await BareStore.Marten(connectionString);
        await using var service = await RunningService.Start(connectionString);
        await service.Post("/api/v1/main/sources", GdeltSample.Json(new SourceDraft("gdelt", "GDELT Project", Reliability.F, "gdelt")));

        // Code is compiled in tiers: without this, the first figures would be those of a service that has just been started.
        await OverHttp(service, 16, Comparison.Scaled(8000));
        await Marten(marten, 16, Comparison.Scaled(4000));

        foreach (var (clients, operations) in new[] { (1, Comparison.Scaled(400)), (16, Comparison.Scaled(4000)) })
        {
            var inserters = await BareStore.Inserters(database, clients);
            await Comparison.Run($"logging, {clients} client(s)", "incidents", [
                new("GeoEvents over HTTP", () => OverHttp(service, clients, operations)),
                new("bare Npgsql insert and commit", () => Bare(inserters, clients, operations)),
                new("bare Marten StartStream", () => Marten(marten, clients, operations)),
            ]);
            foreach (var inserter in inserters)
            {
                await inserter.Connection!.DisposeAsync();
            }
        }

        await service.RefuseCompilers();
    }

    private static async Task<Sample> OverHttp(RunningService service, int clients, int operations)
    {
        var bodies = (await Drafts(operations)).ConvertAll(GdeltSample.Json);
        var next = -1;
        var before = service.ProcessorTime;
        var sample = await Comparison.Clients(clients, operations, _ => service.Post("/api/v1/main/incidents", bodies[Interlocked.Increment(ref next)]));
        Console.Error.WriteLine($"service: {(service.ProcessorTime - before).TotalMilliseconds / operations:N2} ms of processor per incident");
        return sample;
    }

    private static async Task<Sample> Bare(IReadOnlyList<NpgsqlCommand> inserters, int clients, int operations)
    {
        var facts = (await Drafts(operations)).ConvertAll(d => GdeltSample.Json(GdeltSample.Fact(d)));
        var next = -1;
        return await Comparison.Clients(clients, operations, client => BareStore.Insert(inserters[client], facts[Interlocked.Increment(ref next)]));
    }

    private static async Task<Sample> Marten(Marten.IDocumentStore store, int clients, int operations)
    {
        var facts = (await Drafts(operations)).ConvertAll(GdeltSample.Fact);
        var next = -1;
        return await Comparison.Clients(clients, operations, _ => BareStore.StartStream(store, facts[Interlocked.Increment(ref next)]));
    }

    /// <summary>Incidents of the sample under new ids, each at a chance minute of one year, so that not all of them look like duplicates.</summary>
    private static async Task<List<IncidentDraft>> Drafts(int count)
    {
        var drafts = await GdeltSample.Drafts(GdeltSample.Repeated(10 * count));
        return [.. drafts.Take(count).Select(d => d with
        {
            Occurred = Year.AddMinutes(Chance.Next(365 * 1440)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        })];
    }
}
