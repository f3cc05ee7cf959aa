using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>The addresses of influence claims.</summary>
public static class InfluenceClaimEndpoints
{
    public static void MapInfluenceClaims(this RouteGroupBuilder workspace)
    {
        var claims = workspace.MapGroup("/influence-claims").WithTags("context");

        claims.MapGet("", async (
                string workspace, string? dyad, string? actor, string? incident, [AsParameters] AsOfQuery at, string? limit, string? after,
                InfluenceClaimReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var found = await reader.Find(workspace, WholeLists.DyadOf(dyad), WholeLists.ActorOf(actor), incident, asOf, cancel);
                return WholeLists.Of(found, asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List influence claims", "The last made first. `dyad` is of the incident, `actor` is who is said to have pushed it. Claims never enter any number.")
            .Produces<Page<InfluenceClaimOnRecord>>();

        claims.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, InfluenceClaimReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var claim = await reader.Read(workspace, id, await asOfReader.Read(workspace, at, cancel), cancel);
                http.Response.Headers.ETag = $"\"{claim.Version}\"";
                return Results.Json(claim, GeoJson.Options);
            })
            .Says("Read an influence claim", "With the incident that it is about, and whether that stands on record at the point of the read.")
            .Produces<InfluenceClaimOnRecord>();

        claims.MapGet("/{id}/history", async (string workspace, string id, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOf, CancellationToken cancel) => Results.Json(
                await states.History(workspace, StreamKey.InfluenceClaim(id), (await asOf.Read(workspace, at, cancel)).Known.Position, cancel)
                    ?? throw RefusedException.NotFound("claim", id),
                GeoJson.Options))
            .Says("Read an influence claim's history", "Every fact recorded of it: what, when, by whom and why.")
            .Produces<StreamHistory>();

        claims.MapPost("", async (HttpContext http, Recorder recorder, TimeProvider clock, CancellationToken cancel) =>
            {
                var (given, bytes) = await Body.Read<InfluenceClaimContent>(http.Request, cancel);
                var claim = given.Id.Length > 0 ? given : given with { Id = Guid.CreateVersion7(clock.GetUtcNow()).ToString() };
                InvalidRequestException.ThrowIfAny(InfluenceClaimRules.Check(claim, ""));
                return await recorder.RecordAndAnswer(new MakeInfluenceClaim(Call.Of(http, bytes), claim), http);
            })
            .Takes<InfluenceClaimContent>("Make an influence claim", "That a third party pushed an incident: how likely, and apart from it how good the basis of that judgement is. "
                + "It is shown beside the relationship and never enters any number. The same again is answered 200; the id with another content is refused (409).")
            .Produces<InfluenceClaimView>(201).Produces<InfluenceClaimView>();

        claims.MapPost("/{id}/amendments", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<Amendment>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check(InfluenceClaimRules.Amendable));
                return await recorder.RecordAndAnswer(new AmendInfluenceClaim(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<Amendment>("Amend an influence claim", "Likelihood, confidence, basis or sources from now on; what was judged before stays readable.")
            .NeedsIfMatch()
            .Produces<InfluenceClaimView>();

        claims.MapPost("/{id}/withdrawal", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new WithdrawInfluenceClaim(call, id, draft), http);
            })
            .Takes<ReasonDraft>("Withdraw an influence claim", "Nobody upholds it any more. It stays readable.")
            .NeedsIfMatch()
            .Produces<InfluenceClaimView>();
    }
}
