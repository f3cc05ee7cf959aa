using System.Text;
using System.Text.Json;
using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Archives;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Tests.Alerts;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace GeoEvents.IntegrationTests.Alerts;

/// <summary>What rules fired live, over random records and restarts of the service, is what a backtest says that they would have fired.</summary>
public class LiveRunTests(GeoEventsHost host)
{
    private const int Acts = 70;

    /// <summary>Silence is watched on relationships that are named, the others on all.</summary>
    private static readonly IReadOnlyList<AlertRule> Rules = [.. RulesOfEachKind.All.Select(r =>
        r.Id == "silence" ? r with { Scope = new RuleScope { Dyads = [Dyad.Parse("ARM-AZE"), Dyad.Parse("ARM-RUS"), Dyad.Parse("AZE-RUS")] } } : r)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_backtest_over_a_live_run_gives_its_firings(int seed)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var service = await host.StartService(clock);
        try
        {
            var name = service.NewWorkspace().Name;
            var (desk, random) = (new RandomDesk(seed, clock), new Random(-seed));
            await desk.Begin(service.InWorkspace(name));
            foreach (var rule in Rules)
            {
                await service.InWorkspace(name).Enable(JsonSerializer.SerializeToElement(rule, GeoJson.Options));
            }

            for (var act = 0; act < Acts; act++)
            {
                desk.Wait();
                await desk.Act(service.InWorkspace(name));
                if (act == Acts / 2 && seed % 2 == 0)
                {
                    (await service.InWorkspace(name).Post("methods/other/adoption", Example.Reason())).ShouldBe(200);
                }

                if (random.Next(25) == 0)
                {
                    var at = service.Database;
                    await service.DisposeAsync();
                    service = await host.StartService(clock, at);
                }

                // Most often the engine comes to look at once, and sometimes only after more was recorded.
                await Task.Delay(random.Next(3) * 20, TestContext.Current.CancellationToken);
            }

            clock.Advance(TimeSpan.FromDays(120));
            var archive = (await service.InWorkspace(name).Get("log/archive")).ShouldBe(200).Text;
            var fired = await AllShouldBeAsBacktested(service, service.InWorkspace(name), clock);

            // A restored log has its alerts already: they are neither decided again nor forgotten.
            var copy = service.NewWorkspace();
            await using var database = NpgsqlDataSource.Create(service.Database);
            await new ArchiveRestore(database, clock).Restore(copy.Name, new MemoryStream(Encoding.UTF8.GetBytes(archive)), TestContext.Current.CancellationToken);
            var firedThere = await AllShouldBeAsBacktested(service, copy, clock);
            firedThere.Select(f => f.Alert).ShouldBe(fired.Select(f => f.Alert), ignoreOrder: true);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    /// <returns>All that fired.</returns>
    private static async Task<IReadOnlyList<Firing>> AllShouldBeAsBacktested(RunningService service, Workspace workspace, FakeTimeProvider clock)
    {
        var until = await workspace.AnHourOnAllIsDecided(clock);
        var fired = await workspace.Fired();
        fired.Count.ShouldBeGreaterThan(40);
        var faults = new List<string>();
        foreach (var rule in Rules)
        {
            try
            {
                var backtested = await workspace.Backtested(rule.Id, await workspace.EnabledAt(rule.Id), until);
                backtested.ShouldBeFirings([.. fired.Where(f => f.Rule == rule.Id)], rule.Id);
            }
            catch (ShouldAssertException e)
            {
                faults.Add(e.Message);
            }
        }

        var verifier = service.Services.GetRequiredService<AlertVerifier>();
        foreach (var alert in fired)
        {
            var verified = await verifier.Verify(workspace.Name, alert.Alert, TestContext.Current.CancellationToken);
            if (!verified.Reproduced)
            {
                faults.Add($"{alert.Told} is not reproduced: {JsonSerializer.Serialize(verified, GeoJson.Options)}");
            }
        }

        faults.ShouldBeEmpty(string.Join("\n\n", faults));
        return fired;
    }
}
