using System.Diagnostics;
using System.Globalization;

namespace GeoEvents.Benchmarks;

/// <summary>What one side did in one round.</summary>
/// <param name="Latencies">Of each operation, milliseconds; empty if only the whole was timed.</param>
public sealed record Sample(double Operations, TimeSpan Elapsed, IReadOnlyList<double> Latencies)
{
    public double Rate => Operations / Elapsed.TotalSeconds;
}

/// <summary>One side of a comparison.</summary>
public sealed record Side(string Name, Func<Task<Sample>> Round);

/// <summary>Runs sides in turn, A B A B …, since the machine is not ours alone, and prints them beside each other.</summary>
public static class Comparison
{
    public const int DefaultRounds = 5;

    public static int Rounds { get; } = int.Parse(Environment.GetEnvironmentVariable("GEOEVENTS_BENCH_ROUNDS") ?? $"{DefaultRounds}", CultureInfo.InvariantCulture);

    public static double Scale { get; } = double.Parse(Environment.GetEnvironmentVariable("GEOEVENTS_BENCH_SCALE") ?? "1", CultureInfo.InvariantCulture);

    public static int Scaled(int size) => Math.Max(1, (int)(size * Scale));

    /// <param name="sides">Ours first; the others are what it is measured against. Each begins with a round that is not counted.</param>
    /// <param name="rounds">Null is <see cref="Rounds"/>.</param>
    public static async Task<IReadOnlyList<IReadOnlyList<Sample>>> Run(string title, string unit, IReadOnlyList<Side> sides, int? rounds = null, bool warmUp = true)
    {
        foreach (var side in warmUp ? sides : [])
        {
            await side.Round();
        }

        var samples = sides.Select(_ => new List<Sample>()).ToList();
        for (var round = 0; round < (rounds ?? Rounds); round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                samples[i].Add(await sides[i].Round());
            }
        }

        Console.WriteLine($"| {title} | {unit}/s: median | min–max | ms: p50 | p95 | p99 | ours ÷ this: median | min–max |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        for (var i = 0; i < sides.Count; i++)
        {
            Print(sides[i].Name, samples[i], samples[0]);
        }

        Console.WriteLine();
        return samples;
    }

    /// <summary>Operations by some clients at once, each beginning its next when its last is done.</summary>
    public static async Task<Sample> Clients(int clients, int operations, Func<int, Task> one)
    {
        var latencies = new double[operations];
        var next = -1;
        var whole = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < operations)
            {
                var started = Stopwatch.GetTimestamp();
                await one(client);
                latencies[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
        return new Sample(operations, whole.Elapsed, latencies);
    }

    public static async Task<Sample> Whole(Func<Task<double>> run)
    {
        var watch = Stopwatch.StartNew();
        return new Sample(await run(), watch.Elapsed, []);
    }

    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(q * sorted.Count))];
    }

    private static void Print(string name, List<Sample> samples, List<Sample> ours)
    {
        var rates = samples.ConvertAll(s => s.Rate);
        var ratios = samples.Zip(ours, (s, o) => o.Rate / s.Rate).ToList();
        var all = samples.SelectMany(s => s.Latencies).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Quantile(rates, 0.5):N0} | {rates.Min():N0}–{rates.Max():N0} | {Latency(0.5)} | {Latency(0.95)} | {Latency(0.99)} | {Quantile(ratios, 0.5):N3} | {ratios.Min():N3}–{ratios.Max():N3} |"));

        string Latency(double q) => all.Count == 0 ? "–" : Quantile(all, q).ToString("N2", CultureInfo.InvariantCulture);
    }
}
