using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GeoEvents.Benchmarks;

/// <summary>From the answer that an incident is durable to the request of its alert at a receiver, while many rules watch.</summary>
public static class AlertBenchmark
{
    private static readonly int Rules = Comparison.Scaled(1_000);

    private static readonly int Incidents = Comparison.Scaled(500);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Of each kind that has something to look at in every fact, with bounds that nothing here comes to.</summary>
    private static readonly object[] Quiet =
    [
        new { kind = "threshold", above = 99.9, resolvesBelow = 99.0 },
        new { kind = "rate-of-change", rise = 10_000, withinHours = 72 },
        new { kind = "pressure", above = 1_000 },
        new { kind = "new-high", floor = 99.9 },
        new { kind = "posture-jump", rungs = 9 },
        new { kind = "words-to-deeds", rise = 1.0 },
        new { kind = "tit-for-tat", length = 50 },
        new { kind = "change-point", threshold = 10_000 },
    ];

    public static async Task Run(BenchServer server)
    {
        var arrivals = new ConcurrentDictionary<string, long>();
        await using var receiver = await Receive(arrivals);
        await using var service = await RunningService.Start(
            await server.CreateDatabase(), ("Delivery__AllowHttp", "true"), ("Delivery__AllowedNetworks", "127.0.0.0/8"));
        for (var i = 0; i < Rules; i++)
        {
            await Enable(service, new { id = $"quiet-{i}", title = $"Quiet {i}", scope = new { all = true }, when = Quiet[i % Quiet.Length] });
        }

        await Enable(service, new { id = "loud", title = "Loud", scope = new { all = true }, when = new { kind = "measure-opened", minRung = 0 }, keepFiringHours = 0 });
        await service.Post("/api/v1/bench/subscriptions", Json(new { id = "bench", webhook = new { url = receiver.Urls.First() }, filter = new { types = new[] { "alert_fired" } } }));
        var waits = new List<double>();
        for (var i = 0; i < Incidents; i++)
        {
            var (id, at) = ($"i{i}", TimeProvider.System.GetUtcNow().AddHours(-1));
            var links = new[] { new { actor = i % 2 == 0 ? "RUS" : "AZE", recipient = i % 2 == 0 ? "AZE" : "RUS" } };
            await service.Post("/api/v1/bench/incidents", Json(new { id, title = $"Incident {i}", occurred = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), type = "diplomatic-protest", links, measure = new { opens = true } }));
            var committed = Stopwatch.GetTimestamp();
            waits.Add(Math.Max(0, Stopwatch.GetElapsedTime(committed, await Arrived(arrivals, id)).TotalMilliseconds));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rules:N0} rules and one that fires, {Incidents:N0} incidents one after the other. From the answer to the webhook's request: p50 {Comparison.Quantile(waits, 0.5):N1} ms, p95 {Comparison.Quantile(waits, 0.95):N1} ms, p99 {Comparison.Quantile(waits, 0.99):N1} ms, at most {waits.Max():N1} ms.\n"));
    }

    private static async Task Enable(RunningService service, object rule)
    {
        var id = JsonSerializer.SerializeToElement(rule).GetProperty("id").GetString();
        await service.Post("/api/v1/bench/rules", Json(rule));
        await service.Post($"/api/v1/bench/rules/{id}/enablement", Json(new { }));
    }

    /// <summary>Notes when the request about each incident came.</summary>
    private static async Task<WebApplication> Receive(ConcurrentDictionary<string, long> arrivals)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/", async context =>
        {
            var now = Stopwatch.GetTimestamp();
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            arrivals[body.RootElement.GetProperty("data").GetProperty("causes")[0].GetProperty("incident").GetString()!] = now;
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<long> Arrived(ConcurrentDictionary<string, long> arrivals, string incident)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            if (arrivals.TryGetValue(incident, out var at))
            {
                return at;
            }

            if (waiting.Elapsed > Patience)
            {
                throw new InvalidOperationException($"No webhook came for {incident}.");
            }

            await Task.Delay(1);
        }
    }

    private static byte[] Json(object body) => JsonSerializer.SerializeToUtf8Bytes(body);
}
