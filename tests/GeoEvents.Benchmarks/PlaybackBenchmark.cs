using System.Globalization;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>A year of a busy dyad played back at once over HTTP, beside merely reading and deserialising the same events.</summary>
public static class PlaybackBenchmark
{
    private const string Dyad = "AZE-RUS";

    private static readonly int Incidents = Comparison.Scaled(20_000);

    private static readonly DateTime First = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var service = await RunningService.Start(connectionString);
        await service.Import("year", new MemoryStream(Year()));
        await BareStore.Execute(database, "vacuum analyze");

        foreach (var clock in (string[])["known", "occurred"])
        {
            var path = $"/api/v1/year/relationships/{Dyad}/replay?clock={clock}";
            var (played, processor) = (0, service.ProcessorTime);
            var samples = await Comparison.Run($"playback, clock {clock}", "incidents", [
                new($"{Incidents:N0} steps as lines over HTTP", () => Comparison.Whole(() =>
                {
                    played++;
                    return Play(service, path);
                })),
                new("reading and deserialising the same events", () => Comparison.Whole(() => Read(database))),
            ]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The whole stream: {Comparison.Quantile(samples[0].Select(s => s.Elapsed.TotalSeconds), 0.5):N2} s (median), {samples[0].Max(s => s.Elapsed.TotalSeconds):N2} s at most; the events alone {Comparison.Quantile(samples[1].Select(s => s.Elapsed.TotalSeconds), 0.5):N2} s. The service has {service.PeakMemory >> 20} MiB at most, and takes {(service.ProcessorTime - processor).TotalSeconds / played:N2} s of processor for each.\n"));
        }
    }

    /// <exception cref="InvalidOperationException">The stream broke off, or lacks a step.</exception>
    private static async Task<double> Play(RunningService service, string path)
    {
        using var response = await service.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        var (steps, last) = (-1, "");
        while (await lines.ReadLineAsync() is { } line)
        {
            (steps, last) = (steps + 1, line);
        }

        return JsonDocument.Parse(last).RootElement.TryGetProperty("end", out _) && steps == Incidents
            ? steps
            : throw new InvalidOperationException($"{steps} steps, the last line being {last}");
    }

    private static async Task<double> Read(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select type, data from geo.mt_events where tenant_id = 'year' order by seq_id");
        await using var reader = await command.ExecuteReaderAsync();
        var incidents = 0;
        while (await reader.ReadAsync())
        {
            incidents += FactTypes.Read(reader.GetString(0), reader.GetFieldValue<byte[]>(1)) is GeoEvents.Incidents.IncidentLogged ? 1 : 0;
        }

        return incidents;
    }

    /// <summary>JSON Lines, the same at every run: all types of the ladder, half of the incidents reported, one in two hundred a measure that a later one closes.</summary>
    private static byte[] Year()
    {
        var types = Methods.Shipped.Types;
        var random = new Random(20260701);
        using var file = new MemoryStream();
        using var writer = new StreamWriter(file);
        for (var i = 0; i < Incidents; i++)
        {
            var forward = random.Next(3) > 0;
            writer.Write(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["id"] = $"bench:{i}",
                ["occurred"] = First.AddMinutes(366.0 * 1440 * i / Incidents).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["title"] = $"Something between the two of them, the {i}th of its kind in that year",
                ["type"] = types[random.Next(types.Length)].Type,
                ["links"] = new[] { new { actor = forward ? "AZE" : "RUS", recipient = forward ? "RUS" : "AZE" } },
                ["reports"] = i % 2 == 0 ? new[] { new { source = $"wire-{random.Next(20)}", credibility = 1 + random.Next(4) } } : [],
                ["register"] = new { sources = i == 0 ? Enumerable.Range(0, 20).Select(s => new { id = $"wire-{s}", reliability = "B" }).ToArray() : [] },
                ["measure"] = (i % 200) switch { 7 => new { opens = true }, 150 => new { closes = $"bench:{i - 143}" }, _ => (object?)null },
            }));
            writer.Write('\n');
        }

        writer.Flush();
        return file.ToArray();
    }
}
