namespace GeoEvents.Benchmarks;
public static class CommitOrderBenchmark { public static Task Run(BenchServer server) => Task.CompletedTask; }
