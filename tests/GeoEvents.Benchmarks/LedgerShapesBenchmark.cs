namespace GeoEvents.Benchmarks;
public static class LedgerShapesBenchmark { public static Task Run(BenchServer server) => Task.CompletedTask; }
