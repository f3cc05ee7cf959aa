using GeoEvents.IntegrationTests.Watching;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class FeedKilledTests(DurabilityServer postgres) : IAsyncLifetime
{
    private FeedSite site = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await FeedSite.Start();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_file_whose_service_is_killed_between_reading_it_and_queueing_its_import_is_taken_once()
    {
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        await using var database = NpgsqlDataSource.Create(connection);
        var row = await Following.Row(1);
        var name = site.Publish("20180101000000", row);
        var gate = new TaskCompletionSource();
        site.Answer(name, async http =>
        {
            await gate.Task;
            await FeedSite.Content(row)(http);
        });
        await using (var service = await ServiceProcess.Start(connection, Cancel))
        {
            await Follow(service, from: null);
            while (!site.Asked.Contains(name))
            {
                await Task.Delay(20, Cancel);
            }

            // Whoever wants to say that the file was taken waits from here on.
            await using var holding = await database.OpenConnectionAsync(Cancel);
            await using var transaction = await holding.BeginTransactionAsync(Cancel);
            await using var hold = new NpgsqlCommand("select 1 from geo.feed_file for update", holding);
            (await hold.ExecuteScalarAsync(Cancel)).ShouldBe(1);
            gate.SetResult();
            while (await record.Number("select count(*) from geo.import_chunk", Cancel) == 0)
            {
                await Task.Delay(20, Cancel);
            }

            await service.Kill();
            await transaction.RollbackAsync(Cancel);
            (await record.Number("select count(*) from geo.mt_doc_import", Cancel)).ShouldBe(0);
        }

        await using var again = await ServiceProcess.Start(connection, Cancel);
        await UntilTaken(record, files: 1);

        (await record.Number("select count(*) from geo.mt_doc_import", Cancel)).ShouldBe(1);
        (await record.Logged("main", Cancel)).Values.ShouldBe([1]);
    }

    [Fact]
    public async Task After_kill_9_at_any_moment_of_catching_up_every_file_was_taken_once()
    {
        const int Files = 40;
        var connection = await postgres.CreateDatabase();
        var record = new StoredRecord(connection);
        var random = new Random(Rounds.Seed);
        for (var i = 0; i < Files; i++)
        {
            site.Publish($"201801{1 + (i / 24):00}{i % 24:00}0000", await Following.Row(i));
        }

        site.PublishWholeList();
        var interrupted = new List<long>();
        for (var round = 0; round < Rounds.Count; round++)
        {
            await using var service = await ServiceProcess.Start(connection, Cancel);
            if (round == 0)
            {
                await Follow(service, from: "2018-01-01T00:00:00Z");
            }

            await Task.Delay(random.Next(400), Cancel);
            await service.Kill();
            interrupted.Add(await record.Number("select count(*) from geo.feed_file where taken_at is not null", Cancel));
        }

        await using var last = await ServiceProcess.Start(connection, Cancel);
        await UntilTaken(record, Files);

        interrupted[0].ShouldBeLessThan(Files, "all was taken before it could be interrupted");
        (await record.Number("select count(*) from geo.mt_doc_import", Cancel)).ShouldBe(Files);
        (await record.Number("select count(distinct data ->> 'name') from geo.mt_doc_import", Cancel)).ShouldBe(Files);
        var logged = await record.Logged("main", Cancel);
        logged.Count.ShouldBe(Files);
        logged.Values.ShouldAllBe(times => times == 1);
        await record.ShouldEqualItsRebuild(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"interrupted after {string.Join(", ", interrupted)} of {Files} files; seed {Rounds.Seed}");
    }

    private async Task Follow(ServiceProcess service, string? from)
    {
        using var made = await service.Api.PutAsJsonAsync("/api/v1/main/feeds/gdelt", new { address = site.Address, ending = ".export.CSV", intervalSeconds = 5, from }, Cancel);
        ((int)made.StatusCode).ShouldBe(201, await made.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task UntilTaken(StoredRecord record, long files)
    {
        for (var tries = 0; await record.Number(
            "select count(*) from geo.feed_file f join geo.mt_doc_import i on i.id = f.import where f.taken_at is not null and i.data ->> 'state' = 'completed'", Cancel) < files; tries++)
        {
            tries.ShouldBeLessThan(1200);
            await Task.Delay(50, Cancel);
        }
    }
}
