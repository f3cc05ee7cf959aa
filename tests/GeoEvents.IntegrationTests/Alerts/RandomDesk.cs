using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>A desk that records whatever chance has it do, through the service's addresses; the same for the same seed.</summary>
internal sealed class RandomDesk(int seed, FakeTimeProvider clock)
{
    private static readonly string[] Actors = ["ARM", "AZE", "RUS"];

    private static readonly string[] Types =
    [
        "criticism", "accusation", "diplomatic-protest", "engagement-cancelled", "cultural-ban", "office-closed", "property-seized", "border-closed", "show-of-force", "armed-clash",
        "phone-call", "agreement-signed", "economic-cooperation", "measures-eased",
    ];

    private static readonly string[] Sources = ["sure", "fair", "weak"];

    private readonly Random random = new(seed);
    private readonly List<string> incidents = [];
    private readonly List<string> measures = [];

    /// <summary>With some seeds two relationships come to be known only while rules watch.</summary>
    private string[] actors = seed % 2 == 0 ? Actors : ["AZE", "RUS"];

    /// <summary>Makes sources known, and records half a year of the past.</summary>
    public async Task Begin(Workspace workspace)
    {
        foreach (var (source, reliability) in Sources.Zip(["A", "C", "E"]))
        {
            await workspace.Register(source, reliability);
        }

        (await workspace.Post("methods", new { id = "other", reason = "Trial", parameters = new { halfLifeFastDays = 9, saturation = 15 }, types = new[] { new { type = "accusation", weight = -6 } } })).ShouldBe(201);
        for (var i = 0; i < 20; i++)
        {
            await Log(workspace, 24 * random.Next(5, 400));
        }

        actors = Actors;
    }

    /// <summary>Lets some time pass: most often hours, now and then months.</summary>
    public void Wait() => clock.Advance(TimeSpan.FromSeconds(random.Next(10) switch
    {
        < 6 => random.Next(1, 30_000),
        < 9 => random.Next(1, 800_000),
        _ => random.Next(1, 8_000_000),
    }));

    /// <summary>Records something. What the record does not allow is refused, and that is all right.</summary>
    public async Task Act(Workspace workspace)
    {
        var reply = random.Next(30) switch
        {
            < 10 => await Log(workspace, random.NextDouble() * 48),
            10 or 11 => await Log(workspace, 24 * random.Next(4, 29)),
            12 => await Log(workspace, 24 * random.Next(31, 300)),
            13 or 14 or 15 => await Change("corrections", new { reason = "x", changes = Correction() }),
            16 or 17 => await Change("retraction", Example.Reason()),
            18 => await Change("reinstatement", Example.Reason()),
            19 or 20 => await workspace.Post($"incidents/{Any()}/reports", Report()),
            21 => await Change("grade", new { credibility = random.NextDouble(), reason = "x" }),
            22 => await Change("merge", new { into = Any(), reason = "x" }),
            23 => await Change("unmerge", Example.Reason()),
            24 => await Change("split", new { reason = "x", parts = new[] { Incident(random.NextDouble() * 90), Incident(random.NextDouble() * 90) } }),
            25 => await Change("unsplit", Example.Reason()),
            26 => await workspace.Post($"relationships/{Dyad()}/checks", new { from = Date(240), to = Date(24), searched = "wires", found = "nothing" }),
            27 => await workspace.Import(JsonSerializer.SerializeToUtf8Bytes(new { incidents = new[] { Incident(random.NextDouble() * 900), Incident(random.NextDouble() * 90) } })),
            28 => await workspace.Post($"sources/{Sources[random.Next(3)]}/regrading", Example.Reason()),
            _ => await Change("corrections", new { reason = "x", changes = new { measure = new { closes = Measure() } } }),
        };
        ((int)reply.Status).ShouldBeLessThan(500, reply.Text);

        Task<Reply> Change(string what, object body) => workspace.Post($"incidents/{Any()}/{what}", body, ifMatch: "*");
    }

    private async Task<Reply> Log(Workspace workspace, double hoursAgo) => (await workspace.Post("incidents", Incident(hoursAgo))).ShouldBe(201);

    private Dictionary<string, object?> Incident(double hoursAgo)
    {
        var id = $"i{incidents.Count}";
        incidents.Add(id);
        var type = Types[random.Next(Types.Length)];
        var actor = actors[random.Next(actors.Length)];
        var recipient = actors[(Array.IndexOf(actors, actor) + random.Next(1, actors.Length)) % actors.Length];
        object? measure = null;
        if (type is "cultural-ban" or "office-closed" or "property-seized" or "border-closed" && random.Next(4) > 0)
        {
            measures.Add(id);
            measure = new { opens = true };
        }
        else if (measures.Count > 0 && random.Next(4) == 0)
        {
            measure = new { closes = Measure() };
        }

        return new Dictionary<string, object?>
        {
            ["id"] = id,
            ["occurred"] = At(hoursAgo),
            ["title"] = id,
            ["type"] = type,
            ["links"] = new[] { new { actor, recipient, attribution = random.Next(3) == 0 ? 0.6 : 1 } },
            ["measure"] = measure,
            ["respondsTo"] = incidents.Count > 1 && random.Next(4) == 0 ? incidents[random.Next(Math.Max(0, incidents.Count - 15), incidents.Count - 1)] : null,
            ["deaths"] = random.Next(5) == 0 ? random.Next(1, 60) : null,
            ["intent"] = random.Next(2) == 0 ? "deliberate" : null,
            ["reports"] = random.Next(5) == 0 ? null : Enumerable.Range(0, random.Next(1, 3)).Select(_ => Report()).ToArray(),
        }.Where(f => f.Value is not null).ToDictionary();
    }

    private object Report() => new { source = Sources[random.Next(3)], credibility = random.Next(1, 5), stance = random.Next(6) == 0 ? "denies" : "supports" };

    private object Correction() => random.Next(5) switch
    {
        0 => new { occurred = At(random.NextDouble() * 600) },
        1 => new { type = Types[random.Next(Types.Length)] },
        2 => new { deaths = random.Next(100) },
        3 => new { links = new[] { new { actor = "RUS", recipient = Actors[random.Next(2)], attribution = 1.0 } } },
        _ => new { title = "Another title" },
    };

    private string At(double hoursAgo) => clock.GetUtcNow().AddHours(-hoursAgo).AddSeconds(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Date(double hoursAgo) => clock.GetUtcNow().AddHours(-hoursAgo).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Any() => incidents[random.Next(Math.Max(0, incidents.Count - 15), incidents.Count)];

    private string Measure() => measures.Count == 0 ? "none" : measures[random.Next(Math.Max(0, measures.Count - 4), measures.Count)];

    private string Dyad() => new[] { "ARM-AZE", "ARM-RUS", "AZE-RUS" }[random.Next(3)];
}
