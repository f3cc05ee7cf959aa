using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

[Collection(DurabilityServer.Name)]
public sealed class LedgerCheckTests(DurabilityServer postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_is_missing_and_a_row_that_no_fact_made_are_counted_and_a_rebuild_mends_both()
    {
        var connection = await postgres.CreateDatabase();
        await using (var service = await ServiceProcess.Start(connection, Cancel))
        {
            for (var i = 0; i < 3; i++)
            {
                using var logged = await service.Api.PostAsync("/api/v1/main/incidents", new StringContent(Writers.Incident($"i{i}", new Random(i)), null, "application/json"), Cancel);
                logged.EnsureSuccessStatusCode();
            }
        }

        await using var database = NpgsqlDataSource.Create(connection);
        var check = new LedgerCheck(database);
        (await check.Run(after: 0, Cancel)).ShouldHaveSingleItem().ShouldBe(new LedgerCount("main", 3, 3, 0, 0, null));
        (await ServiceVerb.Run(connection, "check")).ShouldBe((0, "main: 3 facts of incidents in the log, 3 in the ledger: agrees."));

        await using (var harm = database.CreateCommand(
            "delete from geo.ledger where position = (select min(position) from geo.ledger); update geo.ledger set position = position + 1000 where position = (select max(position) from geo.ledger)"))
        {
            await harm.ExecuteNonQueryAsync(Cancel);
        }

        var harmed = (await check.Run(after: 0, Cancel)).ShouldHaveSingleItem();
        (harmed.Facts, harmed.Revisions, harmed.Missing, harmed.Surplus, harmed.Agrees).ShouldBe((3, 2, 2, 1, false));
        var (code, text) = await ServiceVerb.Run(connection, "check");
        code.ShouldBe(2);
        text.ShouldContain($"DIFFERS: 2 missing, 1 surplus, the first at position {harmed.First}.");

        await new LedgerRebuild(database).Run(Cancel);
        (await check.Run(after: 0, Cancel)).ShouldHaveSingleItem().Agrees.ShouldBeTrue();
    }
}
