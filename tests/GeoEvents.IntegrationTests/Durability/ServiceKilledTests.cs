using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class ServiceKilledTests(DurabilityServer postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_kill_9_under_16_writers_every_acknowledged_incident_is_there_once_and_nothing_by_half()
    {
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        var writers = new Writers(Rounds.Seed);
        var random = new Random(Rounds.Seed);
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var service = await ServiceProcess.Start(connection, Cancel);
            await writers.SendAgain(service.Api, Cancel);
            using var stop = new CancellationTokenSource();
            var writing = writers.Write(service.Api, clients: 16, stop.Token);
            await writers.Acknowledge(random.Next(1, 120), random, Cancel);
            await service.Kill();
            await stop.CancelAsync();
            await writing;
        }

        await using var last = await ServiceProcess.Start(connection, Cancel);
        var unanswered = writers.Unanswered.Count;
        await writers.SendAgain(last.Api, Cancel);
        await writers.ShouldAllBeThere(last.Api, record, sample: 100, Cancel);
        await record.ShouldEqualItsRebuild(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds.Count} rounds, {writers.Writes} writes acknowledged, {writers.Acknowledged.Count} incidents, 0 lost, {unanswered} sent again at the end; seed {Rounds.Seed}");
        writers.Writes.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task An_import_that_kill_9_interrupts_goes_on_where_it_was_committed()
    {
        const int Rows = 5_000;
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        var random = new Random(Rounds.Seed);
        var file = new StringBuilder();
        for (var i = 0; i < Rows; i++)
        {
            file.Append(i % 100 == 50 ? """{"id":"broken","title":7}""" : Writers.Incident($"row{i}", random)).Append('\n');
        }

        string? address = null;
        var interrupted = new List<long>();
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var service = await ServiceProcess.Start(connection, Cancel);
            if (address is null)
            {
                using var source = await service.Api.PostAsJsonAsync("/api/v1/main/sources", new { id = "wire", name = "A wire", reliability = "B", group = "wire" }, Cancel);
                source.EnsureSuccessStatusCode();
                using var accepted = await service.Api.PostAsync("/api/v1/main/imports?format=jsonl", new StringContent(file.ToString(), Encoding.UTF8, "application/x-ndjson"), Cancel);
                address = accepted.Headers.Location!.ToString();
            }

            // Somewhere within: after some more rows than the last time.
            var before = interrupted.LastOrDefault();
            while (await service.Api.GetFromJsonAsync<JsonElement>(address, Cancel) is var now && now.GetProperty("total").GetInt64() <= before && now.GetProperty("state").GetString() != "completed")
            {
                await Task.Delay(10, Cancel);
            }

            await Task.Delay(random.Next(40), Cancel);
            await service.Kill();
            interrupted.Add(await record.Number("select coalesce(max((data ->> 'total')::bigint), 0) from geo.mt_doc_import", Cancel));
        }

        interrupted[0].ShouldBeLessThan(Rows, "the import was over before it could be interrupted");
        await using var last = await ServiceProcess.Start(connection, Cancel);
        JsonElement import;
        do
        {
            await Task.Delay(50, Cancel);
            import = await last.Api.GetFromJsonAsync<JsonElement>(address!, Cancel);
        }
        while (import.GetProperty("state").GetString() is "queued" or "running");

        import.GetProperty("state").GetString().ShouldBe("completed");
        (Count("total"), Count("taken"), Count("known"), Count("changed"), Count("skipped"), Count("rejected"))
            .ShouldBe((Rows, Rows - (Rows / 100), 0, 0, 0, Rows / 100), $"interrupted at {string.Join(", ", interrupted)}; seed {Rounds.Seed}");
        var logged = await record.Logged("main", Cancel);
        logged.Count.ShouldBe(Rows - (Rows / 100));
        logged.Values.ShouldAllBe(times => times == 1);
        (await record.Number("select count(*) from geo.import_rejection", Cancel)).ShouldBe(Rows / 100);
        await record.ShouldEqualItsRebuild(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rows} rows, interrupted at {string.Join(", ", interrupted)}");

        long Count(string name) => import.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task An_import_that_is_cancelled_and_resumed_and_killed_in_between_takes_every_row_once()
    {
        const int Rows = 5_000;
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        var random = new Random(Rounds.Seed);
        var file = string.Concat(Enumerable.Range(0, Rows).Select(i => (i % 100 == 50 ? """{"id":"broken","title":7}""" : Writers.Incident($"row{i}", random)) + "\n"));
        string? address = null;
        var interrupted = new List<string>();
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var service = await ServiceProcess.Start(connection, Cancel);
            if (address is null)
            {
                using var source = await service.Api.PostAsJsonAsync("/api/v1/main/sources", new { id = "wire", name = "A wire", reliability = "B", group = "wire" }, Cancel);
                source.EnsureSuccessStatusCode();
                using var accepted = await service.Api.PostAsync("/api/v1/main/imports?format=jsonl", new StringContent(file, Encoding.UTF8, "application/x-ndjson"), Cancel);
                address = accepted.Headers.Location!.ToString();
            }

            await Task.Delay(random.Next(100, 500), Cancel);
            foreach (var change in random.Next(2) == 0 ? ["cancel"] : new[] { "cancel", "resume", "cancel", "resume" })
            {
                using var changed = await service.Api.PostAsync($"{address}/{change}", null, Cancel);
                ShouldAddUp(await changed.Content.ReadFromJsonAsync<JsonElement>(Cancel));
                await Task.Delay(random.Next(60), Cancel);
            }

            await service.Kill();
            interrupted.Add((await record.Number("select (data ->> 'total')::bigint from geo.mt_doc_import", Cancel)).ToString(CultureInfo.InvariantCulture));
        }

        await using var last = await ServiceProcess.Start(connection, Cancel);
        using (await last.Api.PostAsync($"{address}/resume", null, Cancel))
        {
        }

        JsonElement import;
        do
        {
            await Task.Delay(50, Cancel);
            import = await last.Api.GetFromJsonAsync<JsonElement>(address!, Cancel);
            ShouldAddUp(import);
        }
        while (import.GetProperty("state").GetString() is "queued" or "running");

        (import.GetProperty("state").GetString(), import.GetProperty("total").GetInt64(), import.GetProperty("taken").GetInt64())
            .ShouldBe(("completed", Rows, Rows - (Rows / 100)), $"interrupted at {string.Join(", ", interrupted)}; seed {Rounds.Seed}");
        var logged = await record.Logged("main", Cancel);
        logged.Count.ShouldBe(Rows - (Rows / 100));
        logged.Values.ShouldAllBe(times => times == 1);
        (await record.Number("select count(*) from geo.import_rejection", Cancel)).ShouldBe(Rows / 100);
        await record.ShouldEqualItsRebuild(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rows} rows, interrupted at {string.Join(", ", interrupted)}; seed {Rounds.Seed}");

        static void ShouldAddUp(JsonElement import)
        {
            if (import.TryGetProperty("total", out var total))
            {
                total.GetInt64().ShouldBe(new[] { "taken", "known", "changed", "skipped", "rejected" }.Sum(name => import.GetProperty(name).GetInt64()));
            }
        }
    }
}
