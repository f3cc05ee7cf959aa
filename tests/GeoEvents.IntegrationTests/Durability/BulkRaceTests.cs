using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>
/// A write that has drawn its positions and is not committed yet, while another begins on another node. Without the lock that every commit holds, the
/// second would commit above a gap that the first fills later, and whoever reads the log in order would have passed it by then.
/// </summary>
[Collection(DurabilityServer.Name)]
public sealed class BulkRaceTests(DurabilityServer postgres)
{
    /// <summary>No more than an import always commits together: the first has then drawn all its positions when the second begins.</summary>
    private const int Rows = 200;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("import", "import")]
    [InlineData("import", "live")]
    [InlineData("live", "import")]
    public async Task A_write_that_begins_while_another_has_drawn_its_positions_stands_behind_it_and_neither_is_lost(string first, string second)
    {
        var connection = await postgres.CreateDatabase();
        await using var one = await ServiceProcess.Start(connection, Cancel);
        await using var two = await ServiceProcess.Start(connection, Cancel);
        await using var database = NpgsqlDataSource.Create(connection);
        var record = new StoredRecord(connection);

        // Whoever writes to the ledger waits from here on; its events are in the log by then, uncommitted.
        await using var holding = await database.OpenConnectionAsync(Cancel);
        await using var transaction = await holding.BeginTransactionAsync(Cancel);
        await using (var hold = new NpgsqlCommand("lock table geo.ledger in share mode", holding))
        {
            await hold.ExecuteNonQueryAsync(Cancel);
        }

        var writingFirst = Write(first, one.Api, "first");
        await Until("select count(*) from pg_locks where not granted and relation = 'geo.ledger'::regclass");
        (await record.Number("select last_value from geo.mt_events_sequence", Cancel)).ShouldBeGreaterThanOrEqualTo(first == "import" ? Rows : 1);

        var writingSecond = Write(second, two.Api, "second");
        await Until("select count(*) from pg_locks where not granted and locktype = 'advisory'");
        await Task.Delay(300, Cancel);
        writingFirst.IsCompleted.ShouldBeFalse();
        writingSecond.IsCompleted.ShouldBeFalse();
        (await record.Number("select count(*) from geo.mt_events where type = 'incident_logged'", Cancel)).ShouldBe(0, "a fact is visible above a gap");

        await transaction.RollbackAsync(Cancel);
        await writingFirst;
        await writingSecond;

        (await record.Number("select count(*) from geo.mt_events where tenant_id = 'first' and type = 'incident_logged'", Cancel)).ShouldBe(first == "import" ? Rows : 1);
        (await record.Number("select count(*) from geo.mt_events where tenant_id = 'second' and type = 'incident_logged'", Cancel)).ShouldBe(second == "import" ? Rows : 1);
        (await record.Number("select min(seq_id) from geo.mt_events where tenant_id = 'second' and type = 'incident_logged'", Cancel))
            .ShouldBeGreaterThan(await record.Number("select max(seq_id) from geo.mt_events where tenant_id = 'first' and type = 'incident_logged'", Cancel));
        (await record.Number("select count(*) from (select recorded_at < lag(recorded_at) over (order by seq) as back from geo.recording) r where back", Cancel)).ShouldBe(0);
        await record.ShouldEqualItsRebuild(Cancel);

        async Task Until(string sql)
        {
            for (var tries = 0; await record.Number(sql, Cancel) == 0; tries++)
            {
                tries.ShouldBeLessThan(1_000, sql);
                await Task.Delay(20, Cancel);
            }
        }
    }

    /// <summary>Returns when everything of it is recorded.</summary>
    private static async Task Write(string kind, HttpClient api, string workspace)
    {
        var random = new Random(1);
        if (kind == "live")
        {
            using var content = new StringContent(Unsourced("live", random), null, "application/json");
            using var logged = await api.PostAsync($"/api/v1/{workspace}/incidents", content, Cancel);
            logged.StatusCode.ShouldBe(HttpStatusCode.Created, await logged.Content.ReadAsStringAsync(Cancel));
            return;
        }

        var file = string.Concat(Enumerable.Range(0, Rows).Select(i => Unsourced($"row{i}", random) + "\n"));
        using var accepted = await api.PostAsync($"/api/v1/{workspace}/imports?format=jsonl", new StringContent(file, Encoding.UTF8, "application/x-ndjson"), Cancel);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        while (true)
        {
            var import = await api.GetFromJsonAsync<JsonElement>(accepted.Headers.Location!, Cancel);
            if (import.GetProperty("state").GetString() is not ("queued" or "running"))
            {
                (import.GetProperty("state").GetString(), import.GetProperty("taken").GetInt32()).ShouldBe(("completed", Rows));
                return;
            }

            await Task.Delay(50, Cancel);
        }
    }

    /// <summary>An incident that names no source, so that nothing else has to be registered.</summary>
    private static string Unsourced(string id, Random random) => JsonSerializer.Serialize(new
    {
        id,
        occurred = $"2024-0{1 + random.Next(9)}-1{random.Next(10)}",
        title = $"Incident {id}",
        type = "visit",
        links = new[] { new { actor = "AZE", recipient = "RUS" } },
    });
}
