using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class RaceTests(DurabilityServer postgres)
{
    private const string Api = "/api/v1/main";

    private static readonly string[] Dates = ["2024-05", "2025-02-03~", "2024-11-02/2024-11-09", "2025-01-01T10:00:00Z"];

    private static readonly string[] Kinds =
        ["incident_logged", "incident_corrected", "incident_retracted", "incident_reinstated", "report_attached", "incident_graded", "source_regraded"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_position_that_was_handed_out_answers_the_same_bytes_for_ever_also_by_another_process()
    {
        var connection = await postgres.CreateDatabase();
        await using var one = await ServiceProcess.Start(connection, Cancel);
        await using var two = await ServiceProcess.Start(connection, Cancel);
        ServiceProcess[] services = [one, two];
        var given = new ConcurrentQueue<(string Address, string Answer)>();
        var count = 0;

        // Every twelfth write is looked at once it is answered, by the other process too.
        var writers = new Writers(Rounds.Seed)
        {
            Seen = async (api, position) =>
            {
                var n = Interlocked.Increment(ref count);
                if (n % 12 == 0)
                {
                    var address = $"{Api}/relationships/{Writers.Dyads[n / 12 % Writers.Dyads.Length]}?validAsOf=2025-06-01&knownAsOf={position}";
                    var answer = await api.GetStringAsync(address, Cancel);
                    (await (api == one.Api ? two.Api : one.Api).GetStringAsync(address, Cancel)).ShouldBe(answer);
                    given.Enqueue((address, answer));
                }
            },
        };
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(services.Select(s => writers.Write(s.Api, clients: 8, stop.Token)));
        var reading = Task.WhenAll(services.Select((service, i) => Task.Run(
            async () =>
            {
                for (var n = i; !stop.IsCancellationRequested; n++)
                {
                    foreach (var pinned in await Pin(service.Api, Writers.Dyads[n % Writers.Dyads.Length]))
                    {
                        given.Enqueue(pinned);
                    }
                }
            },
            Cancel)));
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(3 + Rounds.Count) || writers.Writes <= 50 || given.Count <= 20; await Task.Delay(50, Cancel))
        {
            since.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2), "writing or reading does not get on");
        }

        await stop.CancelAsync();
        await writing;
        await reading;

        var n = 0;
        foreach (var (address, answer) in given)
        {
            (await services[n++ % 2].Api.GetStringAsync(address, Cancel)).ShouldBe(answer, address);
        }

        var record = new StoredRecord(connection);
        await writers.ShouldAllBeThere(one.Api, record, sample: 20, Cancel);
        await record.ShouldEqualItsRebuild(Cancel);
        writers.Answers.Keys.ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.Created]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{writers.Writes} writes by 16 writers on 2 processes, {given.Count} answers asked again, none changed; seed {Rounds.Seed}");
    }

    [Fact]
    public async Task A_client_id_sent_by_16_clients_at_once_is_one_incident_and_all_of_them_learn_where_it_stands()
    {
        var connection = await postgres.CreateDatabase();
        await using var service = await ServiceProcess.Start(connection, Cancel);
        for (var i = 0; i < 20; i++)
        {
            var body = Writers.Incident($"same{i}", new Random(i));
            var answers = await AtOnce(service.Api, body, key: null);
            answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
            answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(15);
            answers.Select(a => a.Body.GetProperty("position").GetInt64()).Distinct().Single().ShouldBeGreaterThan(0);
        }

        (await new StoredRecord(connection).Logged("main", Cancel)).Values.ShouldBe(Enumerable.Repeat(1L, 20));
    }

    [Fact]
    public async Task An_idempotency_key_sent_by_16_clients_at_once_makes_one_incident()
    {
        var connection = await postgres.CreateDatabase();
        await using var service = await ServiceProcess.Start(connection, Cancel);
        var record = new StoredRecord(connection);
        for (var i = 1; i <= 20; i++)
        {
            var body = Writers.Incident("x", new Random(i)).Replace("\"id\":\"x\",", "", StringComparison.Ordinal);
            var answers = await AtOnce(service.Api, body, key: $"key-{i}");
            answers.Where(a => a.Status != HttpStatusCode.Created).ShouldAllBe(
                a => a.Status == HttpStatusCode.Conflict && a.Body.GetProperty("type").GetString() == "urn:geoevents:problem:idempotency-key-in-use");
            var taken = answers.Where(a => a.Status == HttpStatusCode.Created).Select(a => a.Body.GetRawText()).Distinct().ToList();
            taken.Count.ShouldBe(1);
            (await AtOnce(service.Api, body, key: $"key-{i}")).ShouldAllBe(a => a.Status == HttpStatusCode.Created && a.Body.GetRawText() == taken[0]);
            (await record.Number("select count(*) from geo.mt_events where type = 'incident_logged'", Cancel)).ShouldBe(i);
        }
    }

    [Fact]
    public async Task Live_is_rebuilt_after_random_histories_in_several_workspaces()
    {
        var connection = await postgres.CreateDatabase();
        await using var service = await ServiceProcess.Start(connection, Cancel);
        var statuses = new ConcurrentDictionary<(string Path, HttpStatusCode Status), int>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(
            async () =>
            {
                var random = new Random(HashCode.Combine(Rounds.Seed, client));
                for (var i = 0; i < 120; i++)
                {
                    var (path, body) = AnyChange(random);
                    using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{(client % 3 == 0 ? "one" : client % 3 == 1 ? "two" : "three")}/{path}")
                    {
                        Content = new StringContent(body, null, "application/json"),
                    };
                    request.Headers.TryAddWithoutValidation("If-Match", "*");
                    using var answer = await service.Api.SendAsync(request, Cancel);
                    ((int)answer.StatusCode).ShouldBeLessThan(500, $"{path} {body} {await answer.Content.ReadAsStringAsync(Cancel)}");
                    statuses.AddOrUpdate((path.Split('/').Last(), answer.StatusCode), 1, (_, n) => n + 1);
                }
            },
            Cancel)));

        var record = new StoredRecord(connection);
        await record.ShouldEqualItsRebuild(Cancel);
        foreach (var kind in Kinds)
        {
            (await record.Number($"select count(*) from geo.mt_events where type = '{kind}'", Cancel)).ShouldBeGreaterThan(0, $"{kind}: {string.Join(", ", statuses)}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{await record.Number("select count(*) from geo.mt_events", Cancel)} facts, {await record.Number("select count(*) from geo.ledger", Cancel)} rows, equal after a rebuild; {string.Join(", ", statuses)}; seed {Rounds.Seed}");
    }

    /// <summary>What reads answer now, and the address at which they have to answer so for ever.</summary>
    private static async Task<List<(string Address, string Answer)>> Pin(HttpClient api, string dyad)
    {
        var pinned = new List<(string, string)>();
        foreach (var what in new[] { "", "/contributions" })
        {
            var answer = await api.GetStringAsync($"{Api}/relationships/{dyad}{what}", Cancel);
            var point = JsonDocument.Parse(answer).RootElement;
            pinned.Add(($"{Api}/relationships/{dyad}{what}?validAsOf={point.GetProperty("validAsOf").GetString()}&knownAsOf={Position(point)}", answer));
        }

        var series = await api.GetStringAsync($"{Api}/relationships/{dyad}/series?from=2024-01-01&to=2025-12-01&step=P1M", Cancel);
        pinned.Add(($"{Api}/relationships/{dyad}/series?from=2024-01-01&to=2025-12-01&step=P1M&knownAsOf={Position(JsonDocument.Parse(series).RootElement)}", series));
        var known = Position(JsonDocument.Parse(series).RootElement);
        foreach (var list in new[] { $"{Api}/incidents?dyad={dyad}&validAsOf=2025-12-01&knownAsOf={known}", $"{Api}/relationships?validAsOf=2025-12-01&knownAsOf={known}" })
        {
            pinned.Add((list, await api.GetStringAsync(list, Cancel)));
        }

        return pinned;

        static long Position(JsonElement view) => view.GetProperty("knownAsOf").GetProperty("position").GetInt64();
    }

    private static async Task<List<(HttpStatusCode Status, JsonElement Body)>> AtOnce(HttpClient api, string body, string? key)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, $"{Api}/incidents") { Content = new StringContent(body, null, "application/json") };
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                using var answer = await api.SendAsync(request, Cancel);
                return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel));
            },
            Cancel)));
        return [.. answers];
    }

    private static (string Path, string Body) AnyChange(Random random)
    {
        var id = $"h{random.Next(25)}";
        var reason = $"because {random.Next(1000)}";
        return random.Next(12) switch
        {
            <= 3 => ("incidents", Writers.Incident(id, random)),
            4 => Correction(new { occurred = Dates[random.Next(Dates.Length)] }),
            5 => Correction(new { links = new[] { new { actor = "TUR", recipient = "ARM", attribution = 0.75 }, new { actor = "ARM", recipient = "TUR", attribution = 0.5 } } }),
            6 => Correction(new { measure = random.Next(2) == 0 ? (object)new { opens = true } : new { closes = $"h{25 + random.Next(5)}" }, deaths = random.Next(9) }),
            7 => ($"incidents/{id}/retraction", JsonSerializer.Serialize(new { reason })),
            8 => ($"incidents/{id}/reinstatement", JsonSerializer.Serialize(new { reason })),
            9 => ($"incidents/{id}/reports", JsonSerializer.Serialize(new
            {
                source = $"s{random.Next(3)}",
                credibility = 1 + random.Next(6),
                stance = random.Next(3) == 0 ? "denies" : "supports",
                register = random.Next(2) == 0 ? null : new { sources = Enumerable.Range(0, 3).Select(s => new { id = $"s{s}", name = $"S{s}", reliability = "C", group = $"g{s}" }) },
            })),
            10 => ($"incidents/{id}/grade", JsonSerializer.Serialize(new { credibility = random.Next(3) == 0 ? (double?)null : random.Next(11) / 10.0, reason })),
            _ when random.Next(2) == 0 => ($"sources/s{random.Next(3)}/grade", JsonSerializer.Serialize(new { reliability = "ABCDEF"[random.Next(6)].ToString(), reason })),
            _ => ($"incidents/{id}/regrading", JsonSerializer.Serialize(new { reason })),
        };

        (string, string) Correction(object changes) => ($"incidents/{id}/corrections", JsonSerializer.Serialize(new { reason, changes }));
    }
}
