using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>Clients that write at once, each with ids of its own, and remember what the service acknowledged.</summary>
internal sealed class Writers(int seed)
{
    public const string Workspace = "main";

    public static readonly string[] Dyads = ["ARM-AZE", "AZE-RUS", "RUS-UKR", "ARM-TUR"];

    private static readonly string[] Types = ["accusation", "statement", "threat-of-force", "armed-clash", "border-closed", "ambassador-recalled"];

    private int number;

    /// <summary>Bodies by id of what was answered 200 or 201.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = [];

    /// <summary>Bodies by id of what was sent and not acknowledged; it may be on record or not.</summary>
    public ConcurrentDictionary<string, string> Unanswered { get; } = [];

    /// <summary>Reasons of acknowledged corrections by incident.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<string>> Corrected { get; } = [];

    public int Writes { get; private set; }

    public ConcurrentDictionary<HttpStatusCode, int> Answers { get; } = [];

    /// <summary>Called with every answered write: its position.</summary>
    public Func<HttpClient, long, Task>? Seen { get; init; }

    /// <summary>Writes with some clients until cancelled. A service that goes away meanwhile ends nothing; it is tried again.</summary>
    public async Task Write(HttpClient api, int clients, CancellationToken until)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (!until.IsCancellationRequested)
                {
                    await WriteOne(api);
                }
            },
            CancellationToken.None)));
    }

    /// <summary>Waits until some more writes are acknowledged, and then for up to 50 ms, to be somewhere within the next.</summary>
    public async Task Acknowledge(int more, Random random, CancellationToken cancel)
    {
        var enough = Writes + more;
        for (var since = Stopwatch.StartNew(); Writes < enough; await Task.Delay(5, cancel))
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"writes do not get on; seed {seed}");
        }

        await Task.Delay(random.Next(50), cancel);
    }

    /// <summary>Sends everything unanswered again: it must be taken now, or be known.</summary>
    public async Task SendAgain(HttpClient api, CancellationToken cancel)
    {
        foreach (var (id, body) in Unanswered)
        {
            using var answer = await Post(api, "incidents", body, cancel);
            answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created], await answer.Content.ReadAsStringAsync(cancel));
            Acknowledged[id] = body;
            Unanswered.TryRemove(id, out _);
        }
    }

    /// <summary>Everything acknowledged is on record exactly once, as it was sent, and every acknowledged correction is in the history once.</summary>
    public async Task ShouldAllBeThere(HttpClient api, StoredRecord record, int sample, CancellationToken cancel)
    {
        var logged = await record.Logged(Workspace, cancel);
        Acknowledged.Keys.Where(id => logged.GetValueOrDefault(id) != 1).ShouldBeEmpty($"lost or doubled of {Acknowledged.Count}; seed {seed}");
        logged.Keys.Except(Acknowledged.Keys).Except(Unanswered.Keys).ShouldBeEmpty($"seed {seed}");
        foreach (var (id, body) in Acknowledged.OrderBy(a => a.Key.GetHashCode(StringComparison.Ordinal)).Take(sample))
        {
            using var again = await Post(api, "incidents", body, cancel);
            again.StatusCode.ShouldBe(HttpStatusCode.OK, $"{id}; seed {seed}");
        }

        foreach (var (id, reasons) in Corrected.Take(sample))
        {
            var history = await api.GetStringAsync($"/api/v1/{Workspace}/incidents/{id}/history", cancel);
            foreach (var reason in reasons)
            {
                history.Split($"\"{reason}\"").Length.ShouldBe(2, $"{id}, {reason}; seed {seed}");
            }
        }
    }

    /// <summary>An incident of the last two years between two of a few actors.</summary>
    public static string Incident(string id, Random random)
    {
        var dyad = Dyads[random.Next(Dyads.Length)].Split('-');
        var (actor, recipient) = random.Next(2) == 0 ? (dyad[0], dyad[1]) : (dyad[1], dyad[0]);
        return JsonSerializer.Serialize(new
        {
            id,
            occurred = new DateOnly(2024, 1, 1).AddDays(random.Next(600)).ToString("yyyy-MM-dd", null),
            title = $"Incident {id}",
            type = Types[random.Next(Types.Length)],
            links = new[] { new { actor, recipient, attribution = random.Next(5) / 4.0 } },
            intent = "deliberate",
            measure = random.Next(4) == 0 ? new { opens = true } : null,
            reports = new[] { new { source = "wire", credibility = 1 + random.Next(6) } },
            register = new { sources = new[] { new { id = "wire", name = "A wire", reliability = "B", group = "wire" } } },
        });
    }

    private static async Task<HttpResponseMessage> Post(HttpClient api, string path, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{Workspace}/{path}") { Content = new StringContent(body, null, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await api.SendAsync(request, cancel);
    }

    private async Task WriteOne(HttpClient api)
    {
        var n = Interlocked.Increment(ref number);
        var random = new Random(HashCode.Combine(seed, n));
        var (id, path, body) = ($"w{n}", "incidents", Incident($"w{n}", random));
        var correction = random.Next(4) == 0 && !Acknowledged.IsEmpty ? $"reason {n}" : null;
        if (correction is not null)
        {
            id = $"w{1 + random.Next(Math.Max(1, n / 2))}";
            if (!Acknowledged.ContainsKey(id))
            {
                return;
            }

            (path, body) = ($"incidents/{id}/corrections", JsonSerializer.Serialize(new { reason = correction, changes = new { title = $"Else {n}", deaths = n } }));
        }
        else
        {
            Unanswered[id] = body;
        }

        try
        {
            using var answer = await Post(api, path, body, CancellationToken.None);
            Answers.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
            if (answer.IsSuccessStatusCode)
            {
                var position = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("position").GetInt64();
                lock (Answers)
                {
                    Writes++;
                }

                if (correction is null)
                {
                    Acknowledged[id] = body;
                    Unanswered.TryRemove(id, out _);
                }
                else
                {
                    Corrected.GetOrAdd(id, _ => []).Add(correction);
                }

                if (Seen is not null)
                {
                    await Seen(api, position);
                }
            }
            else
            {
                await Task.Delay(20);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            await Task.Delay(20);
        }
    }
}
