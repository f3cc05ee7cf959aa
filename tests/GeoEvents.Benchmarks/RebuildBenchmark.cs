using GeoEvents.Ledger;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>Rebuilding the ledger from the log, beside merely reading and deserialising the same events.</summary>
public static class RebuildBenchmark
{
    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var service = await RunningService.Start(connectionString))
        {
            for (var i = 0; i < 4; i++)
            {
                await service.Import($"w{i}", new MemoryStream(GdeltSample.Repeated(ImportBenchmark.Rows)));
            }
        }

        await BareStore.Execute(database, "vacuum analyze");
        await Comparison.Run("rebuild", "events", [
            new("GeoEvents rebuild", () => Comparison.Whole(async () => await new LedgerRebuild(database).Run(CancellationToken.None))),
            new("reading and deserialising the same events", () => Comparison.Whole(() => Read(database))),
        ]);
    }

    private static async Task<double> Read(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select type, data from geo.mt_events order by seq_id");
        await using var reader = await command.ExecuteReaderAsync();
        var events = 0;
        while (await reader.ReadAsync())
        {
            _ = FactTypes.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            events++;
        }

        return events;
    }
}
