using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>The addresses of rules.</summary>
public static class RuleEndpoints
{
    public static void MapRules(this RouteGroupBuilder workspace)
    {
        var rules = workspace.MapGroup("/rules").WithTags("alerts");

        rules.MapGet("", async (
                string workspace, string? dyad, string? enabled, [AsParameters] AsOfQuery at, string? limit, string? after,
                RuleReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var found = await reader.Find(workspace, WholeLists.DyadOf(dyad), Flags.Read("enabled", enabled), asOf.Known.Position, cancel);
                return WholeLists.Of([.. found.Select(RuleLine.Of)], asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List rules", "By id, each with what it says in words. `dyad` is one that it watches; `enabled` is true or false.")
            .Produces<Page<RuleLine>>();

        rules.MapGet("/ready-made", () => Results.Json(new ItemList<ReadyMadeRule>([.. ReadyMadeRules.All.Select(ReadyMadeRule.Of)]), GeoJson.Options))
            .Says("List ready-made rules", "Rules for the sample case, which between them use every kind of condition. Send one to POST …/rules, as it is or changed.")
            .Produces<ItemList<ReadyMadeRule>>();

        rules.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, RuleReader reader, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var rule = await reader.Read(workspace, id, (await asOf.Read(workspace, at, cancel)).Known.Position, cancel);
                http.Response.Headers.ETag = $"\"{rule.Version}\"";
                return Results.Json(RuleView.Of(rule), GeoJson.Options);
            })
            .Says("Read a rule", "All its versions as they were written and in words, and which of them watches.")
            .Produces<RuleView>();

        rules.MapGet("/{id}/history", async (string workspace, string id, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOf, CancellationToken cancel) => Results.Json(
                await states.History(workspace, StreamKey.AlertRule(id), (await asOf.Read(workspace, at, cancel)).Known.Position, cancel)
                    ?? throw RefusedException.NotFound("rule", id),
                GeoJson.Options))
            .Says("Read a rule's history", "Every fact recorded of it: written, revised, enabled, disabled, when and by whom.")
            .Produces<StreamHistory>();

        rules.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (rule, bytes) = await Body.Read<AlertRule>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(RuleRules.Check(rule));
                return await recorder.RecordAndAnswer(new DraftRule(Call.Of(http, bytes), rule), http);
            })
            .Takes<AlertRule>("Write a rule", "On which relationships, at which facts, under which condition it fires, and how it behaves in time. It watches nothing before it is enabled. "
                + "The same again is answered 200; the id with another content is refused (409).")
            .Produces<RuleView>(201).Produces<RuleView>();

        rules.MapPost("/{id}/revisions", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (given, bytes) = await Body.Read<RuleRevision>(http.Request, cancel);
                var draft = given.Of(id);
                InvalidRequestException.ThrowIfAny(draft.Check(id));
                return await recorder.RecordAndAnswer(new ReviseRule(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<RuleRevision>("Revise a rule", "The whole rule as it is to be, as its next version. The version that watches goes on until another is enabled. What the latest version says already is answered 200 and makes none.")
            .NeedsIfMatch()
            .Produces<RuleView>();

        rules.MapPost("/{id}/enablement", async (
                string workspace, string id, HttpContext http, Recorder recorder, RuleReader reader, RuleEnabling enabling, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<EnablementDraft>(http.Request, cancel);
                var rule = await reader.Read(workspace, id, long.MaxValue, cancel);
                var version = rule.Numbered(draft.Version ?? rule.Latest.Number);
                var worstWeek = await enabling.WorstWeek(workspace, version, cancel);
                return await recorder.RecordAndAnswer(new EnableRule(Call.Of(http, bytes), id, version.Number, worstWeek, draft.Confirm), http);
            })
            .Takes<EnablementDraft>("Enable a rule", "From the next fact on, a version of it watches, in place of the one that did. If it has a budget it is backtested first; one that is over its budget has to be confirmed (409 over-budget). A version that watches already is answered 200 and nothing changes.")
            .Produces<RuleView>();

        rules.MapPost("/{id}/disablement", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new DisableRule(call, id, draft), http);
            })
            .Takes<ReasonDraft>("Disable a rule", "It watches no more, and its open episodes end. It stays readable.")
            .Produces<RuleView>();
    }
}
