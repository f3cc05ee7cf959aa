using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>The addresses of pathways.</summary>
public static class PathwayEndpoints
{
    public static void MapPathways(this RouteGroupBuilder workspace)
    {
        var pathways = workspace.MapGroup("/pathways").WithTags("context");

        pathways.MapGet("", async (
                string workspace, string? dyad, [AsParameters] AsOfQuery at, string? limit, string? after,
                PathwayReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                return WholeLists.Of(await reader.Find(workspace, WholeLists.DyadOf(dyad), asOf, cancel), asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List pathways", "Ordered steps out of a crisis, each with what proves it and whether that stands on record at the point of the read.")
            .Produces<Page<PathwayOnRecord>>();

        pathways.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, PathwayReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var pathway = await reader.Read(workspace, id, await asOfReader.Read(workspace, at, cancel), cancel);
                http.Response.Headers.ETag = $"\"{pathway.Version}\"";
                return Results.Json(pathway, GeoJson.Options);
            })
            .Says("Read a pathway", "Its steps in order. A proof that was retracted is shown as such; a step that is done and not `proven` has lost its proof.")
            .Produces<PathwayOnRecord>();

        pathways.MapGet("/{id}/history", async (string workspace, string id, [AsParameters] AsOfQuery at, StateReader states, AsOfReader asOf, CancellationToken cancel) => Results.Json(
                await states.History(workspace, StreamKey.Pathway(id), (await asOf.Read(workspace, at, cancel)).Known.Position, cancel)
                    ?? throw RefusedException.NotFound("pathway", id),
                GeoJson.Options))
            .Says("Read a pathway's history", "Every fact recorded of it: what, when, by whom and why.")
            .Produces<StreamHistory>();

        pathways.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<PathwayContent>(http.Request, cancel);
                var pathway = draft.Named();
                InvalidRequestException.ThrowIfAny(PathwayRules.Check(pathway, ""));
                return await recorder.RecordAndAnswer(new LayOutPathway(Call.Of(http, bytes), pathway), http);
            })
            .Takes<PathwayContent>("Lay out a pathway", "Ordered steps, each a title or an object. An id that is not given is made of the name. The same again is answered 200; the id with another content is refused (409).")
            .Produces<PathwayView>(201).Produces<PathwayView>();

        pathways.MapPost("/{id}/amendments", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<PathwayAmendment>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new AmendPathway(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<PathwayAmendment>("Amend a pathway", "Another name, steps to add, another order. A step is not taken away: it is abandoned.")
            .NeedsIfMatch()
            .Produces<PathwayView>();

        pathways.MapPost("/{id}/steps/{step}/progress", async (string id, string step, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<StepProgress>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new ProgressStep(Call.Of(http, bytes), id, step, draft), http);
            })
            .Takes<StepProgress>("Progress a step", "Its state, its day, and the incidents that prove it; what is not given stays. A step is done when an incident on record proves it.")
            .NeedsIfMatch()
            .Produces<PathwayView>();
    }
}
