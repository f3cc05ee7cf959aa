using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks;

/// <summary>Import of the GDELT sample repeated to 100,000 rows, beside a bare binary COPY of the events that came of it.</summary>
public static class ImportBenchmark
{
    public static int Rows => Comparison.Scaled(100_000);

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await BareStore.Execute(database, "create table bare_copy (id bigint primary key, data jsonb not null)");
        await using var service = await RunningService.Start(connectionString);
        var workspace = 0;

        await Comparison.Run("import", "events", [
            new($"GeoEvents, a file of {Rows.ToString("N0", CultureInfo.InvariantCulture)} rows", async () =>
            {
                var file = GdeltSample.Repeated(Rows);
                var before = service.ProcessorTime;
                var sample = await Comparison.Whole(async () => (await service.Import($"w{++workspace}", file)).Taken);
                Console.Error.WriteLine(
                    $"{sample.Operations:N0} incidents of {Rows:N0} rows in {sample.Elapsed.TotalSeconds:N1} s, {Rows / sample.Elapsed.TotalSeconds:N0} rows/s; service {(service.ProcessorTime - before).TotalSeconds:N1} s of processor");
                return sample;
            }),
            new("bare binary COPY of the same events", async () =>
            {
                var facts = (await GdeltSample.Drafts(GdeltSample.Repeated(Rows))).Select(d => GdeltSample.Json(GdeltSample.Fact(d))).ToList();
                await BareStore.Execute(database, "truncate bare_copy");
                return await Comparison.Whole(() => Copy(database, facts));
            }),
        ]);
        await service.RefuseCompilers();
    }

    private static async Task<double> Copy(NpgsqlDataSource database, List<byte[]> facts)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("copy bare_copy (id, data) from stdin (format binary)");
        for (var i = 0; i < facts.Count; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync((long)i, NpgsqlDbType.Bigint);
            await copy.WriteAsync(facts[i], NpgsqlDbType.Jsonb);
        }

        await copy.CompleteAsync();
        return facts.Count;
    }
}
