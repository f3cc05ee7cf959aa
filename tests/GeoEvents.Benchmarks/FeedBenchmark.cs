using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GeoEvents.Benchmarks;

/// <summary>Ten thousand clients of one feed on bare sockets: how long until all are connected, until all have one fact, and what each costs the service in memory.</summary>
/// <remarks>The clients run in this process, on the same cores. Both processes need a descriptor for each client (<c>ulimit -n</c>).</remarks>
public static class FeedBenchmark
{
    private const string Workspace = "/api/v1/main";

    /// <summary>So many connect at once.</summary>
    private const int Connecting = 100;

    private static readonly int Clients = Comparison.Scaled(10_000);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task Run(BenchServer server)
    {
        await using var service = await RunningService.Start(await server.CreateDatabase());
        for (var i = 0; i < 200; i++)
        {
            await Log(service);
        }

        var first = await Connect(service, 1);
        await Rounds(service, first, 20);
        var before = service.Memory;
        var watch = Stopwatch.StartNew();
        var listeners = await Connect(service, Clients);
        var (connecting, connected) = (watch.Elapsed, service.Memory);
        await Rounds(service, listeners, 3);
        var processor = service.ProcessorTime;
        var rounds = await Rounds(service, listeners, 4 * Comparison.Rounds);
        processor = service.ProcessorTime - processor;
        var after = service.Memory;

        Console.WriteLine($"| {Clients:N0} clients of one feed | |\n|---|--:|");
        Print("connected after", $"{connecting.TotalSeconds:N2} s ({Clients / connecting.TotalSeconds:N0}/s)");
        foreach (var (name, of) in new (string, Func<Round, TimeSpan>)[] { ("from the request that logs a fact until all have it", r => r.FromRequest), ("from its answer until all have it", r => r.FromAnswer), ("from the request until the first has it", r => r.First) })
        {
            Print($"{name}: median, worst of {rounds.Count}", $"{Comparison.Quantile(rounds.Select(r => of(r).TotalMilliseconds), 0.5):N0} ms, {rounds.Max(r => of(r).TotalMilliseconds):N0} ms");
        }

        Print("processor of the service for each fact", $"{processor.TotalMilliseconds / rounds.Count:N0} ms");
        Print("memory of the service before, once connected, after all rounds", $"{before >> 20} MiB, {connected >> 20} MiB, {after >> 20} MiB");
        Print("memory of the service for each client", $"{(Math.Max(connected, after) - before) / 1024.0 / Clients:N1} KiB");
        Console.WriteLine();
        first.ForEach(l => l.Dispose());
        listeners.ForEach(l => l.Dispose());

        static void Print(string what, string figure) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {figure} |"));
    }

    private sealed record Round(TimeSpan FromRequest, TimeSpan FromAnswer, TimeSpan First);

    /// <returns>Once each has got the opening of its stream.</returns>
    private static async Task<List<FeedListener>> Connect(RunningService service, int count)
    {
        var listeners = new FeedListener[count];
        var waiting = new CountdownEvent(count);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Connecting }, async (i, cancel) =>
        {
            listeners[i] = await FeedListener.Open(service.Http.BaseAddress!, $"{Workspace}/feed");
            _ = listeners[i].Listen(_ => Told());
        });
        await Until(() => waiting.IsSet, "Not all clients got the opening of their stream.");
        return [.. listeners];

        void Told()
        {
            if (!waiting.IsSet)
            {
                waiting.Signal();
            }
        }
    }

    private static async Task<List<Round>> Rounds(RunningService service, List<FeedListener> listeners, int count)
    {
        var rounds = new List<Round>();
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(300);
            var sent = Stopwatch.GetTimestamp();
            var number = await Log(service);
            var answered = Stopwatch.GetTimestamp();
            await Until(() => listeners.TrueForAll(l => l.Last >= number), $"Not all clients got number {number}.");
            var (firstAt, lastAt) = (listeners.Min(l => l.LastAt), listeners.Max(l => l.LastAt));
            rounds.Add(new Round(Stopwatch.GetElapsedTime(sent, lastAt), Stopwatch.GetElapsedTime(answered, lastAt), Stopwatch.GetElapsedTime(sent, firstAt)));
        }

        return rounds;
    }

    /// <returns>Its number.</returns>
    private static async Task<long> Log(RunningService service)
    {
        using var content = new StringContent(
            """{"occurred":"2025-06-29","title":"Note handed over in Baku after the raid","type":"diplomatic-protest","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            null,
            "application/json");
        using var response = await service.Http.PostAsync($"{Workspace}/incidents", content);
        using var answer = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("position").GetInt64();
    }

    private static async Task Until(Func<bool> done, string otherwise)
    {
        for (var since = Stopwatch.StartNew(); !done(); await Task.Delay(5))
        {
            if (since.Elapsed > Patience)
            {
                throw new InvalidOperationException(otherwise);
            }
        }
    }
}
