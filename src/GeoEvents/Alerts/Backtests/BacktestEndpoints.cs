using System.Text;
using GeoEvents.Hosting;

namespace GeoEvents.Alerts.Backtests;

/// <summary>The addresses of backtests.</summary>
public static class BacktestEndpoints
{
    public static void MapBacktests(this RouteGroupBuilder workspace)
    {
        workspace.MapPost("/rules/{id}/backtests", async (
                string workspace, string id, HttpContext http, BacktestJobs jobs, CancellationToken cancel) =>
            {
                var (draft, _) = await Body.Read<BacktestDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Rule is null && draft.RuleId is null
                    ? []
                    : [FieldProblem.At(draft.Rule is null ? "/ruleId" : "/rule", "contradiction", "The address names the rule; POST …/backtests takes another.")]);
                return await Start(workspace, draft with { RuleId = id }, jobs, http, cancel);
            })
            .WithTags("alerts")
            .Takes<BacktestDraft>("Backtest a rule", Explained)
            .RecordsNothing()
            .Produces<BacktestView>(202);

        var backtests = workspace.MapGroup("/backtests").WithTags("alerts");
        backtests.MapPost("", async (string workspace, HttpContext http, BacktestJobs jobs, CancellationToken cancel) =>
            {
                var (draft, _) = await Body.Read<BacktestDraft>(http.Request, cancel);
                return await Start(workspace, draft, jobs, http, cancel);
            })
            .Takes<BacktestDraft>("Backtest a rule that is not on record", Explained)
            .RecordsNothing()
            .Produces<BacktestView>(202);

        backtests.MapGet("", async (string workspace, BacktestStore store, CancellationToken cancel) =>
                Results.Json(new ItemList<BacktestView>(await store.List(workspace, cancel)), GeoJson.Options))
            .Says("List backtests", "Of the last week, the latest first, without their results.")
            .Produces<ItemList<BacktestView>>();

        backtests.MapGet("/{id}", async (string workspace, string id, BacktestStore store, CancellationToken cancel) =>
                Answer(await store.FindJson(workspace, id, cancel)))
            .Says("Read a backtest", "How far it is; once it is done, its result: every firing with its receipt, alerts per week, time in firing, and what labels and the comparison say.")
            .Produces<BacktestView>();

        backtests.MapPost("/{id}/cancellation", async (string workspace, string id, BacktestStore store, CancellationToken cancel) =>
            {
                var backtest = await store.Find(workspace, id, cancel);
                await store.End(backtest.Id, BacktestState.Cancelled, null, null, cancel);
                return Answer(await store.FindJson(workspace, id, cancel));
            })
            .Says("Cancel a backtest", "One that waits is gone at once, one that runs stops within a second. One that is over stays what it is.")
            .RecordsNothing()
            .Produces<BacktestView>();
    }

    private const string Explained =
        "Runs the rule over a stretch of the log by the engine that runs it live, and changes nothing. `clock` says when facts come: `known`, as they were recorded here; `reported`, "
        + "as sources first told of them; `occurred`, as they happened. Answered at once (202); read it at `Location` until its `state` is done. At most 20 of a workspace wait (429).";

    private static IResult Answer(string json) => Results.Text(json, "application/json", Encoding.UTF8);

    private static async Task<IResult> Start(
        string workspace, BacktestDraft draft, BacktestJobs jobs, HttpContext http, CancellationToken cancel)
    {
        var backtest = await jobs.Start(workspace, draft, cancel);
        http.Response.Headers.Location = $"/api/v1/{workspace}/backtests/{backtest.Id}";
        return Results.Json(backtest, GeoJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
