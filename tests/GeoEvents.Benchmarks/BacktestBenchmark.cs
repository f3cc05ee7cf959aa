using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>One rule over a million incidents, on each clock, beside merely reading their rows of the ledger.</summary>
public static class BacktestBenchmark
{
    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var service = await RunningService.Start(connectionString);
        var file = Path.GetTempFileName();
        try
        {
            GdeltGenerator.Write(file, ImportBenchmark.Rows);
            await service.Import("bench", file);
        }
        finally
        {
            File.Delete(file);
        }

        await BareStore.Execute(database, "vacuum analyze");
        foreach (var (name, when) in new (string, object)[]
        {
            ("tension at 60", new { kind = "threshold" }),
            ("tit for tat", new { kind = "tit-for-tat" }),
            ("words to deeds", new { kind = "words-to-deeds" }),
        })
        {
            foreach (var clock in (string[])["known", "reported", "occurred"])
            {
                var (alerts, facts) = (0, 0L);
                var samples = await Comparison.Run($"{name}, clock {clock}", "incidents", [
                    new("one rule over all relationships", () => Comparison.Whole(async () =>
                    {
                        (alerts, facts) = await Backtest(service, when, clock);
                        return facts;
                    })),
                    new("reading their rows of the ledger", () => Comparison.Whole(() => Read(database))),
                ]);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{facts:N0} facts, {alerts:N0} alerts: {Comparison.Quantile(samples[0].Select(s => s.Elapsed.TotalSeconds), 0.5):N2} s (median), {samples[0].Max(s => s.Elapsed.TotalSeconds):N2} s at most. The service has {service.PeakMemory >> 20} MiB at most.\n"));
            }
        }
    }

    private static async Task<(int Alerts, long Facts)> Backtest(RunningService service, object when, string clock)
    {
        var draft = new { rule = new { id = "bench", title = "Bench", scope = new { all = true }, when }, from = "1900-01-01T00:00:00Z", clock };
        using var started = await service.Http.PostAsJsonAsync("/api/v1/bench/backtests", draft);
        var address = started.EnsureSuccessStatusCode().Headers.Location!.ToString();
        while (true)
        {
            using var backtest = JsonDocument.Parse(await service.Get(address));
            switch (backtest.RootElement.GetProperty("state").GetString())
            {
                case "queued" or "running":
                    await Task.Delay(20);
                    break;
                case "done":
                    var result = backtest.RootElement.GetProperty("result");
                    return (result.GetProperty("alerts").GetInt32(), result.GetProperty("facts").GetInt64());
                case var other:
                    throw new InvalidOperationException($"The backtest is {other}: {backtest.RootElement.GetRawText()}");
            }
        }
    }

    private static async Task<double> Read(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select incident, position, dyad, tau, type, cameo, credibility, attribution from geo.ledger where workspace = 'bench'");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync())
        {
            rows += reader.GetString(2).Length > 0 && reader.GetFieldValue<DateTimeOffset>(3) > DateTimeOffset.MinValue ? 1 : 0;
        }

        return rows;
    }
}
