using GeoEvents.Benchmarks;

var benchmarks = new Dictionary<string, Func<BenchServer, Task>>
{
    ["parsing"] = ParsingBenchmark.Run,
    ["logging"] = LoggingBenchmark.Run,
    ["import"] = ImportBenchmark.Run,
    ["rebuild"] = RebuildBenchmark.Run,
    ["asof"] = AsOfBenchmark.Run,
    ["playback"] = PlaybackBenchmark.Run,
    ["feed"] = FeedBenchmark.Run,
    ["alerts"] = AlertBenchmark.Run,
    ["backtest"] = BacktestBenchmark.Run,
    ["commit-order"] = CommitOrderBenchmark.Run,
};
if (args is ["generate", var path, .. var rows])
{
    GdeltGenerator.Write(path, rows is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : ImportBenchmark.Rows);
    return 0;
}

var asked = args is [] or ["all"] ? [.. benchmarks.Keys] : args;
if (asked.Any(a => !benchmarks.ContainsKey(a)))
{
    await Console.Error.WriteLineAsync(
        $"""
        usage: dotnet run -c Release --project tests/GeoEvents.Benchmarks -- [{string.Join('|', benchmarks.Keys)}|all]

        Environment: GEOEVENTS_BENCH_POSTGRES (connection string of a server on which databases may be made; else one is started in a temporary folder),
        GEOEVENTS_BENCH_ROUNDS (default {Comparison.DefaultRounds}), GEOEVENTS_BENCH_SCALE (share of the default sizes, default 1).
        """);
    return 2;
}

await using var server = await BenchServer.Start();
Console.WriteLine($"PostgreSQL {server.Version}, .NET {Environment.Version}, {Environment.ProcessorCount} cores, {Comparison.Rounds} rounds, scale {Comparison.Scale}");
foreach (var name in asked)
{
    Console.WriteLine($"\n## {name}\n");
    await benchmarks[name](server);
}

return 0;
