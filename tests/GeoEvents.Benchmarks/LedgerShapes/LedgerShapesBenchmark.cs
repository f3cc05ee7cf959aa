using System.Globalization;
using GeoEvents.Benchmarks.LedgerShapes;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using Npgsql;

namespace GeoEvents.Benchmarks;

/// <summary>Ways of keeping what numbers are computed from, for writing and for reading at (V, K). See adr/0005.</summary>
public static class LedgerShapesBenchmark
{
    private const int RevisionsInOneCommit = 250;
    private const int Days = 3650;
    private const double Late = 0.05;
    private const double Corrected = 0.05;
    private const double Measures = 0.001;

    private static readonly DateTimeOffset From = new(2016, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Dyad Large = Dyad.Parse("RUS-UKR");
    private static readonly Dyad Small = Dyad.Parse("IND-PAK");

    public static async Task Run(BenchServer server)
    {
        // The tables begin empty; without this, the plans would be whatever suits an empty table until the first analyze.
        var settings = new NpgsqlConnectionStringBuilder(await server.CreateDatabase()) { Options = "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off" };
        await using var database = NpgsqlDataSource.Create(settings.ConnectionString);
        LedgerShape[] shapes = [new ClosedRows(database), new AppendedRows(database), new EventsOnly(database), new DaySums(database)];
        foreach (var shape in shapes)
        {
            await shape.Create();
        }

        var random = new Random(1);
        var revisions = await Revisions(Comparison.Scaled(200_000), random);
        var slices = revisions.Chunk((revisions.Count / 5) + 1).ToList();
        var written = new int[shapes.Length];
        await Comparison.Run(
            $"writing {revisions.Count:N0} revisions, {RevisionsInOneCommit} in a commit",
            "revisions",
            [.. shapes.Select((shape, i) => new Side(shape.Name, () => Comparison.Whole(() => WriteSlice(shape, slices[written[i]++]))))],
            rounds: slices.Count,
            warmUp: false);
        await BareStore.Execute(database, "vacuum analyze");

        var head = revisions[^1].Position;
        var corrected = new int[shapes.Length];
        var singles = revisions.Where(r => r.First && !r.Opens).DistinctBy(r => r.Incident).Take(20_000).ToList();
        await Comparison.Run(
            "one correction per commit, 1 client",
            "corrections",
            [.. shapes.Select((shape, i) => new Side(shape.Name, () => Comparison.Clients(1, 200, _ => shape.Write([Grade(singles[corrected[i]], head + ++corrected[i])]))))]);

        foreach (var dyad in new[] { Small, Large })
        {
            var count = revisions.Count(r => r.First && r.Dyad == dyad);
            var points = Enumerable.Range(0, 1000).Select(_ => (Known: random.NextInt64(head / 2, head + 1), Valid: From.AddMinutes(random.Next(Days / 2 * 1440, Days * 1440)))).ToList();
            foreach (var (known, valid) in points.Take(3))
            {
                await CheckAgreement(shapes, dyad, known, valid);
            }

            var read = new int[shapes.Length];
            await Comparison.Run(
                $"as-of, {count:N0} incidents in the dyad",
                "reads",
                [.. shapes.Select((shape, i) => new Side(shape.Name, () => Comparison.Clients(1, 8, _ => shape.Read(dyad, points[read[i]].Known, points[read[i]++].Valid))))]);
        }

        foreach (var table in new[] { "shape_closed", "shape_appended", "shape_events", "shape_closed_with_days", "shape_day" })
        {
            var bytes = await BareStore.Count(database, $"select pg_total_relation_size('{table}')");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table}: {bytes / 1e6:N0} MB"));
        }
    }

    private static async Task<double> WriteSlice(LedgerShape shape, Revision[] slice)
    {
        foreach (var chunk in slice.Chunk(RevisionsInOneCommit))
        {
            // As in the service, an incident that is revised twice in a commit would need more care; here each commit has it once.
            await shape.Write([.. chunk.DistinctBy(r => r.Incident)]);
        }

        return slice.Length;
    }

    /// <summary>Half of the incidents in one dyad, a twentieth in another, the rest in a hundred; recorded mostly as they happen.</summary>
    private static async Task<List<Revision>> Revisions(int incidents, Random random)
    {
        var drafts = await GdeltSample.Drafts(GdeltSample.Repeated(2414));
        var others = drafts.Select(d => d.Links[0].Dyad).Where(d => d != Large && d != Small).Distinct().ToList();
        var revisions = new List<Revision>();
        for (var i = 0; i < incidents; i++)
        {
            var draft = drafts[random.Next(drafts.Count)];
            var dyad = random.NextDouble() switch { < 0.5 => Large, < 0.55 => Small, _ => others[random.Next(others.Count)] };
            var day = random.NextDouble() < Late ? random.NextDouble() * i : i;
            var tau = From.AddMinutes((int)(day / incidents * Days * 1440));
            var forward = random.Next(2) == 0;
            var content = draft with
            {
                Id = $"shape:{i}",
                Occurred = tau.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                Links = [forward ? new Link(dyad.First, dyad.Second) : new Link(dyad.Second, dyad.First)],
                Measure = random.NextDouble() < Measures ? new Measure(Opens: true) : null,
            };
            revisions.Add(new Revision(
                Guid.CreateVersion7(), revisions.Count + 1, true, dyad, forward, tau, draft.Cameo!, null, content.Measure is not null, GdeltSample.Fact(content)));
            if (random.NextDouble() < Corrected && revisions[random.Next(revisions.Count)] is { First: true } earlier && revisions.Count - earlier.Position > RevisionsInOneCommit)
            {
                revisions.Add(Grade(earlier, revisions.Count + 1));
            }
        }

        return revisions;
    }

    private static Revision Grade(Revision earlier, long position) => earlier with
    {
        Position = position,
        First = false,
        Credibility = 0.8,
        Fact = new IncidentGraded(0.8, null, "measured", [earlier.Dyad]),
    };

    /// <exception cref="InvalidOperationException">Two shapes answer differently, so their speeds say nothing.</exception>
    private static async Task CheckAgreement(LedgerShape[] shapes, Dyad dyad, long known, DateTimeOffset valid)
    {
        var expected = await shapes[0].Read(dyad, known, valid);
        foreach (var shape in shapes.Skip(1))
        {
            var answer = await shape.Read(dyad, known, valid);
            if (Math.Abs(answer.Tension - expected.Tension) > 1e-9 || answer.Level.Days != expected.Level.Days
                || Math.Abs((answer.Level.Percentile - expected.Level.Percentile) ?? 0) > 1e-9)
            {
                throw new InvalidOperationException($"{shape.Name} answers {answer}, but {shapes[0].Name} {expected}.");
            }
        }
    }
}
