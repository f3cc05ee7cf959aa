using System.Globalization;
using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>A relationship at random (V, K) over HTTP, what its tension comes from, and what changed between two such points: its busiest dyad in a store of a million incidents, and the same dyad alone in its store.</summary>
public static class AsOfBenchmark
{
    private const int Reads = 500;
    private const int Explanations = 40;
    private const int Searches = 10;
    private static readonly DateTimeOffset First = new(2006, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int Days = 19 * 365;

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        var dyad = new GdeltGenerator().Busiest;
        var path = GdeltGenerator.Write(Path.Combine(Path.GetTempPath(), $"geoevents-bench-{Environment.ProcessId}.tsv"), ImportBenchmark.Rows);
        try
        {
            await using (var loading = await RunningService.Start(connectionString))
            {
                await loading.Import("all", path);
                await loading.Import("alone", new MemoryStream(OfDyad(path, dyad)));
            }

            await BareStore.Execute(database, "vacuum analyze");
            await using var service = await RunningService.Start(connectionString);
            foreach (var workspace in (string[])["all", "alone"])
            {
                var first = await Comparison.Clients(1, 1, _ => Read(service, workspace, dyad, null));
                var incidents = await Incidents(service, workspace, dyad);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"First read of {dyad} in '{workspace}' after a start: {first.Latencies[0]:N0} ms; {incidents:N0} incidents in the dyad."));
            }

            Console.WriteLine();
            var random = new Random(1);
            var positions = new Dictionary<string, (long First, long Last)>();
            foreach (var workspace in (string[])["all", "alone"])
            {
                positions[workspace] = (
                    await BareStore.Count(database, $"select min(position) from geo.recording where workspace = '{workspace}'"),
                    (await new LogReader(database).Head(workspace, CancellationToken.None)).Position);
            }

            await Compare("as-of at random (V, K)", Reads, (workspace, at) => Read(service, workspace, dyad, at()));
            await Compare("contributions at random (V, K)", Explanations, (workspace, at) => service.Get(Contributions(workspace, dyad, at())));
            await Compare("belief diff between two random (V, K)", Explanations, (workspace, at) => service.Get(Diff(workspace, dyad, at(), at())));

            Task Compare(string title, int reads, Func<string, Func<(DateTimeOffset, long)>, Task> read)
            {
                Side Reading(string name, string workspace) =>
                    new(name, () => Comparison.Clients(1, reads, _ => read(workspace, () => Point(random, positions[workspace]))));
                return Comparison.Run(title, "reads", [
                    Reading($"{dyad} in a store of {ImportBenchmark.Rows:N0} rows", "all"),
                    Reading("the same dyad alone in the store", "alone"),
                ]);
            }

            foreach (var (name, read) in new[]
            {
                ("Search of words", "incidents?text=jamaica+negotiate&limit=50&"),
                ("Search of an actor", $"incidents?actor={dyad.First}&limit=50&"),
                ("Facets", "facets?"),
                ("Facets of an actor", $"facets?actor={dyad.First}&"),
            })
            {
                var searches = await Comparison.Clients(1, Searches, _ => service.Get($"/api/v1/all/{read}{Query("valid", "known", Point(random, positions["all"]))}"));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} at random (V, K): p50 {Comparison.Quantile(searches.Latencies, 0.5):N0} ms, p95 {Comparison.Quantile(searches.Latencies, 0.95):N0} ms."));
            }

            var board = await Comparison.Clients(1, 1, _ => service.Get("/api/v1/all/relationships?limit=50"));
            var again = await Comparison.Clients(1, 20, _ => service.Get("/api/v1/all/relationships?limit=50"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Board of all relationships: {board.Latencies[0]:N0} ms the first time, then p50 {Comparison.Quantile(again.Latencies, 0.5):N0} ms, p95 {Comparison.Quantile(again.Latencies, 0.95):N0} ms; service has {service.PeakMemory >> 20} MiB at most.\n"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task<byte[]> Read(RunningService service, string workspace, Dyad dyad, (DateTimeOffset Valid, long Known)? at) => service.Get(
        $"/api/v1/{workspace}/relationships/{dyad}{(at is { } point ? $"?{Query("valid", "known", point)}" : "")}");

    private static string Contributions(string workspace, Dyad dyad, (DateTimeOffset, long) at) =>
        $"/api/v1/{workspace}/relationships/{dyad}/contributions?{Query("valid", "known", at)}";

    private static string Diff(string workspace, Dyad dyad, (DateTimeOffset, long) from, (DateTimeOffset, long) to) =>
        $"/api/v1/{workspace}/relationships/{dyad}/diff?{Query("fromValid", "fromKnown", from)}&{Query("valid", "known", to)}";

    private static string Query(string valid, string known, (DateTimeOffset Valid, long Known) at) =>
        string.Create(CultureInfo.InvariantCulture, $"{valid}AsOf={at.Valid:yyyy-MM-dd'T'HH:mm:ss'Z'}&{known}AsOf={at.Known}");

    private static async Task<int> Incidents(RunningService service, string workspace, Dyad dyad) =>
        JsonDocument.Parse(await Read(service, workspace, dyad, null)).RootElement.GetProperty("incidents").GetInt32();

    private static (DateTimeOffset Valid, long Known) Point(Random random, (long First, long Last) positions) =>
        (First.AddMinutes(random.NextInt64(Days * 1440L)), random.NextInt64(positions.First, positions.Last + 1));

    private static byte[] OfDyad(string path, Dyad dyad)
    {
        using var file = new MemoryStream();
        using var writer = new StreamWriter(file);
        foreach (var line in File.ReadLines(path))
        {
            var fields = line.Split('\t');
            if (fields[7] != fields[17] && Dyad.Between(ActorCode.Parse(fields[7]), ActorCode.Parse(fields[17])) == dyad)
            {
                writer.Write(line);
                writer.Write('\n');
            }
        }

        writer.Flush();
        return file.ToArray();
    }
}
