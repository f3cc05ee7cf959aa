using GeoEvents.Alerts.Backtests;
using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.IntegrationTests.Alerts;

public class BacktestTests(GeoEventsHost host)
{
    private static readonly BacktestDraft Draft = new()
    {
        Rule = new AlertRule { Id = "crisis", Title = "Crisis", Scope = new RuleScope { All = true }, When = new ThresholdCondition() },
        From = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_run_by_whoever_is_there_and_what_nobody_runs_any_more_is_interrupted()
    {
        await using var database = await Empty();
        var (theirs, running) = (Store(database), await Store(database).Add("main", Draft, Cancel));
        var other = (await theirs.Take(Cancel)).ShouldNotBeNull();
        other.Id.ShouldBe(running.Id);
        var queued = await theirs.Add("main", Draft, Cancel);

        await using var service = await host.StartService(database: database.ConnectionString);
        (await Until(queued.Id, BacktestState.Done)).Result.ShouldNotBeNull();
        await theirs.Interrupt(Cancel);
        (await theirs.Find("main", $"{running.Id}", Cancel)).State.ShouldBe(BacktestState.Running, "another node runs it");

        await other.DisposeAsync();
        (await Until(running.Id, BacktestState.Interrupted)).Reason.ShouldNotBeNull();

        async Task<BacktestView> Until(Guid id, BacktestState state)
        {
            for (var tries = 0; ; tries++)
            {
                var read = await theirs.Find("main", $"{id}", Cancel);
                if (read.State == state || tries == 300)
                {
                    read.State.ShouldBe(state);
                    return read;
                }

                await Task.Delay(100, Cancel);
            }
        }
    }

    [Fact]
    public async Task Workspaces_take_turns_and_a_cancelled_one_leaves_at_once()
    {
        await using var database = await Empty();
        var store = Store(database);
        for (var i = 0; i < BacktestStore.MostWaiting; i++)
        {
            await store.Add("busy", Draft, Cancel);
        }

        (await Should.ThrowAsync<RefusedException>(() => store.Add("busy", Draft, Cancel))).RetryAfter.ShouldNotBeNull();
        await store.Add("other", Draft, Cancel);
        await store.End((await store.List("busy", Cancel))[^1].Id, BacktestState.Cancelled, null, null, Cancel);
        await store.Add("busy", Draft, Cancel);

        (await Turn()).ShouldBe("busy");
        (await Turn()).ShouldBe("other");
        (await Turn()).ShouldBe("busy");

        async Task<string> Turn()
        {
            await using var taken = (await store.Take(Cancel)).ShouldNotBeNull();
            await store.End(taken.Id, BacktestState.Done, null, null, Cancel);
            return taken.Workspace;
        }
    }

    [Fact]
    public async Task Who_asks_too_much_is_told_when_to_ask_again()
    {
        await using var service = await host.StartService();
        var workspace = service.NewWorkspace();
        await using var database = NpgsqlDataSource.Create(service.Database);
        await using (var held = await database.OpenConnectionAsync(Cancel))
        {
            // As if nodes were about to take them, so that none is run meanwhile.
            await using var waiting = new NpgsqlCommand(
                """
                with w as (
                    insert into geo.backtest (id, workspace, draft, state, created_at, updated_at)
                    select gen_random_uuid(), $1, '{}', 'queued', now(), now() from generate_series(1, 20) returning id)
                select pg_advisory_lock(hashtextextended('geoevents backtest ' || id::text, 0)) from w
                """, held);
            waiting.Parameters.Add(new() { Value = workspace.Name });
            await waiting.ExecuteNonQueryAsync(Cancel);

            using var refused = await service.Api.PostAsJsonAsync(workspace.At("backtests"), new { rule = Given.Rule("crisis", "AZE-RUS") }, Cancel);
            ((int)refused.StatusCode, refused.Headers.RetryAfter?.Delta).ShouldBe((429, TimeSpan.FromSeconds(10)));
            (await service.NewWorkspace().Post("backtests", new { rule = Given.Rule("crisis", "AZE-RUS") })).ShouldBe(202);
        }
    }

    [Fact]
    public async Task A_stretch_that_makes_no_sense_is_refused_by_its_place()
    {
        var workspace = host.NewWorkspace();
        (await Ask(to: "0001-01-01T00:00:00Z")).ShouldBeProblem(400, "invalid-request", "/to out-of-range");
        (await Ask(from: "0001-01-01T00:00:00Z", to: "0001-01-02T00:00:00Z")).ShouldBeProblem(400, "invalid-request", "/to out-of-range");
        (await Ask(from: "1499-01-01T00:00:00Z", to: "1600-01-02T00:00:00Z")).ShouldBeProblem(400, "invalid-request", "/from out-of-range");
        (await Ask(to: "9999-12-31T23:59:59Z")).ShouldBeProblem(400, "invalid-request", "/to out-of-range");

        Task<Reply> Ask(string? from = null, string? to = null) => workspace.Post("backtests", new { rule = Given.Rule("crisis", "AZE-RUS"), from, to });
    }

    /// <summary>A database with the tables of the service, which is not running.</summary>
    private async Task<NpgsqlDataSource> Empty()
    {
        await using var service = await host.StartService();
        return NpgsqlDataSource.Create(service.Database);
    }

    private static BacktestStore Store(NpgsqlDataSource database) => new(database, TimeProvider.System);
}
