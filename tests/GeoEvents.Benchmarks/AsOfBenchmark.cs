using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>The state of a dyad at random (V, K) over HTTP, beside reading the same ledger rows and doing nothing with them.</summary>
public static class AsOfBenchmark
{
    private static readonly DateTimeOffset From = new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int Days = 3650;
    private const int Reads = 10;

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var service = await RunningService.Start(connectionString);
        var (large, small) = (Comparison.Scaled(100_000), Comparison.Scaled(10_000));
        var random = new Random(1);
        var drafts = await GdeltSample.Drafts(GdeltSample.Repeated(10 * large));
        var others = drafts.Where(d => d.Links[0].Dyad != Large && d.Links[0].Dyad != Small).ToList();
        await service.Import("main", new MemoryStream(Lines(Spread(drafts, Large, large, random).Concat(Spread(drafts, Small, small, random)).Concat(Spread(others, null, large, random)), random)));
        await BareStore.Execute(database, "vacuum analyze geo.ledger");
        var head = (await new LogReader(database).Head("main", CancellationToken.None)).Position;
        var rows = await BareStore.Count(database, "select count(*) from geo.ledger");

        foreach (var (dyad, count) in new[] { (Small, small), (Large, large) })
        {
            await Comparison.Run($"as-of, {count:N0} incidents in the dyad, {rows:N0} ledger rows", "reads", [
                new("GeoEvents over HTTP", () => Comparison.Clients(1, Reads, async _ =>
                {
                    var (valid, known) = Point(random, head);
                    await service.Get(string.Create(CultureInfo.InvariantCulture, $"/api/v1/main/relationships/{dyad}?validAsOf={valid:yyyy-MM-dd'T'HH:mm:ss'Z'}&knownAsOf={known}"));
                })),
                new("bare Npgsql: reading the same rows", () => Comparison.Clients(1, Reads, async _ =>
                {
                    var (valid, known) = Point(random, head);
                    await ReadRows(database, dyad, valid, known);
                })),
            ]);
        }
    }

    private static Dyad Large { get; } = Dyad.Parse("RUS-UKR");

    private static Dyad Small { get; } = Dyad.Parse("IND-PAK");

    private static (DateTimeOffset Valid, long Known) Point(Random random, long head) =>
        (From.AddMinutes(random.Next(Days / 2 * 1440, Days * 1440)), random.NextInt64(head / 2, head + 1));

    /// <summary>Incidents of the sample over ten years, at chance minutes, all of one dyad if it is given.</summary>
    private static IEnumerable<IncidentDraft> Spread(IReadOnlyList<IncidentDraft> drafts, Dyad? dyad, int count, Random random) =>
        Enumerable.Range(0, count).Select(i => drafts[random.Next(drafts.Count)] with
        {
            Id = $"{dyad?.ToString() ?? "other"}:{i}",
            Occurred = From.AddMinutes(random.Next(Days * 1440)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            Links = dyad is { } pair
                ? [random.Next(2) == 0 ? new Link(pair.First, pair.Second) : new Link(pair.Second, pair.First)]
                : drafts[random.Next(drafts.Count)].Links,
            Reports = [],
        });

    /// <summary>JSON Lines in chance order, so that any K has incidents of all years.</summary>
    private static byte[] Lines(IEnumerable<IncidentDraft> drafts, Random random)
    {
        var all = drafts.ToArray();
        random.Shuffle(all);
        using var file = new MemoryStream();
        foreach (var draft in all)
        {
            file.Write(GdeltSample.Json(draft));
            file.WriteByte((byte)'\n');
        }

        return file.ToArray();
    }

    private static async Task ReadRows(NpgsqlDataSource database, Dyad dyad, DateTimeOffset valid, long known)
    {
        await using var command = database.CreateCommand(
            """
            select incident, link, forward, attribution, tau, type, cameo, credibility, deaths, harmed, deliberate, opens from geo.ledger
            where workspace = 'main' and dyad = $1 and position <= $2 and until > $2 and tau <= $3 and not retracted
            """);
        command.Parameters.Add(new() { Value = dyad.ToString() });
        command.Parameters.Add(new() { Value = known });
        command.Parameters.Add(new() { Value = valid.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            _ = reader.GetDateTime(4);
        }
    }
}
