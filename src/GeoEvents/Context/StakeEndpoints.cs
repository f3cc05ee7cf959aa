using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>The addresses of stakes.</summary>
public static class StakeEndpoints
{
    public static void MapStakes(this RouteGroupBuilder workspace)
    {
        var stakes = workspace.MapGroup("/stakes").WithTags("context");

        stakes.MapGet("", async (
                string workspace, string? dyad, string? actor, [AsParameters] AsOfQuery at, string? limit, string? after,
                StakeReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (pair, of) = (WholeLists.DyadOf(dyad), WholeLists.ActorOf(actor));
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var chosen = (await reader.All(workspace, asOf.Known.Position, cancel))
                    .Where(s => pair is not { } d || s.Involves(d.First, d.Second))
                    .Where(s => of is not { } a || s.Involves(a));
                return WholeLists.Of([.. chosen.Select(s => new StakeView(s))], asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List stakes", "What actors contest, by id, as known at a point of the record. With `dyad`: what either side holds or seeks; retired ones say so.")
            .Produces<Page<StakeView>>();

        stakes.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, string? limit,
                StakeReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var stake = await reader.Read(workspace, id, asOf.Known.Position, cancel);
                http.Response.Headers.ETag = $"\"{stake.Version}\"";
                return Results.Json(new TouchedStakeView(stake, await reader.TouchingOf(workspace, stake, asOf, PageSize.Read(limit), cancel)), GeoJson.Options);
            })
            .Says("Read a stake", "With the incidents that touch it: those that it names, and those with one of its tags or its id as an issue; the latest first, as many as `limit` says.")
            .Produces<TouchedStakeView>();

        stakes.MapGet("/{id}/history", async (string workspace, string id, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOf, CancellationToken cancel) => Results.Json(
                await states.History(workspace, StreamKey.Stake(id), (await asOf.Read(workspace, at, cancel)).Known.Position, cancel)
                    ?? throw RefusedException.NotFound("stake", id),
                GeoJson.Options))
            .Says("Read a stake's history", "Every fact recorded of it: what, when, by whom and why.")
            .Produces<StreamHistory>();

        stakes.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<StakeContent>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(StakeRules.Check(draft, ""));
                return await recorder.RecordAndAnswer(new RegisterStake(Call.Of(http, bytes), draft), http);
            })
            .Takes<StakeContent>("Register a stake", "Something that actors contest: who holds it, who seeks it, what touches it. The same again is answered 200; the id with another content is refused (409).")
            .Produces<StakeView>(201).Produces<StakeView>();

        stakes.MapPost("/{id}/amendments", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<Amendment>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check(StakeRules.Amendable));
                return await recorder.RecordAndAnswer(new AmendStake(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<Amendment>("Amend a stake", "Names fields with the value they have from now on; what was known before stays readable.")
            .NeedsIfMatch()
            .Produces<StakeView>();

        stakes.MapPost("/{id}/retirement", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new RetireStake(call, id, draft), http);
            })
            .Takes<ReasonDraft>("Retire a stake", "Nobody contests it any more. It stays readable.")
            .NeedsIfMatch()
            .Produces<StakeView>();
    }
}
