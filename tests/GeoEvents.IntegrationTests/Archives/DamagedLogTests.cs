using GeoEvents.Archives;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace GeoEvents.IntegrationTests.Archives;

public class DamagedLogTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("update geo.mt_events set user_name = 'nobody' where tenant_id = $1 and id in (select id from geo.mt_events where tenant_id = $1 order by seq_id offset 1 limit 1)")]
    [InlineData("delete from geo.mt_events where tenant_id = $1 and seq_id = (select seq_id from geo.mt_events where tenant_id = $1 order by seq_id offset 1 limit 1)")]
    [InlineData("delete from geo.chain where workspace = $1 and position = 2")]
    public async Task A_log_that_is_not_as_it_was_recorded_has_no_archive(string harm)
    {
        for (var i = 0; i < 3; i++)
        {
            await workspace.Log(Example.Incident($"i{i}"));
        }

        await using var database = NpgsqlDataSource.Create(host.Service.Database);
        await using (var harming = database.CreateCommand(harm))
        {
            harming.Parameters.Add(new() { Value = workspace.Name });
            (await harming.ExecuteNonQueryAsync(Cancel)).ShouldBe(1);
        }

        (await workspace.Get("log/archive")).ShouldBeProblem(409, "log-damaged");
        (await workspace.Get("log/archive?knownAsOf=1")).ShouldBe(200).Text.ShouldEndWith("}\n", customMessage: "up to there it is");
    }

    [Fact]
    public async Task Facts_from_the_future_are_not_restored()
    {
        await workspace.Log(Example.Incident("a"));
        await using var database = NpgsqlDataSource.Create(host.Service.Database);
        await using var archive = await workspace.Api.GetStreamAsync(workspace.At("log/archive"), Cancel);
        using var file = new MemoryStream();
        await archive.CopyToAsync(file, Cancel);
        file.Position = 0;

        var yesterday = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-1));
        var refused = await Should.ThrowAsync<UnreadableArchiveException>(() => new ArchiveRestore(database, yesterday).Restore(host.NewWorkspace().Name, file, Cancel));
        refused.Message.ShouldContain("the clock here says");
    }
}
