using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Relationships;

namespace GeoEvents.Scoring;

/// <summary>The addresses of the method: the ladder of types, and the versions that there are.</summary>
public static class MethodEndpoints
{
    public static void MapMethods(this RouteGroupBuilder workspace)
    {
        workspace.MapGet("/types", async (string workspace, [AsParameters] AsOfQuery at, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                return Results.Json(new ItemList<IncidentType>(point.Method.Types, Shown: point.Shown), GeoJson.Options);
            })
            .WithTags("data")
            .Says("List types", "The ladder: each type with rung, quad, weight, CAMEO prefixes and PLOVER category.")
            .Produces<ItemList<IncidentType>>();

        var methods = workspace.MapGroup("/methods").WithTags("data");

        methods.MapGet("", async (string workspace, [AsParameters] AsOfQuery at, MethodReader reader, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var book = await reader.Book(workspace, point.Known.Position, cancel);
                return Results.Json(new ItemList<MethodView>([.. book.Versions.Select(v => MethodView.Of(book, v))], Shown: point.Shown), GeoJson.Options);
            })
            .Says("List methods", "The versions of the method that a workspace had at a point of its record, oldest first, and which of them was current.")
            .Produces<ItemList<MethodView>>();

        methods.MapGet("/{id}", async (string workspace, string id, [AsParameters] AsOfQuery at, MethodReader reader, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var book = await reader.Book(workspace, point.Known.Position, cancel);
                var version = book.Versions.FirstOrDefault(v => v.Method.Id == id) ?? throw RefusedException.NotFound("method", id);
                return Results.Json(MethodView.Of(book, version), GeoJson.Options);
            })
            .Says("Read a method", "Half-lives, bands, rungs and the other parameters; its weights are at /types?method=…")
            .Produces<MethodView>();

        methods.MapPost("", async (HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<MethodDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(PublishMethod.Check(draft));
                return await recorder.RecordAndAnswer(new PublishMethod(Call.Of(http, bytes), draft), http);
            })
            .Takes<MethodDraft>("Publish a method", "A new version, as what it changes of another: parameters, bands, rungs, weights. Any read may ask for it; it is not current until it is adopted. A version never changes.")
            .Produces<MethodView>(201).Produces<MethodView>();

        methods.MapPost("/{id}/adoption", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new AdoptMethod(call, id, draft), http);
            })
            .Takes<ReasonDraft>("Adopt a method", "From now on reads that ask for no method are answered by it. Reads as known before keep the one that was current then.")
            .Produces<MethodView>();

        methods.MapGet("/{id}/comparison", async (
                string workspace, string id, string? with, [AsParameters] AsOfQuery at, string? limit, string? after,
                MethodComparison comparison, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var (point, skip) = await WholeLists.Start(asOf, workspace, at, after, cancel);
                var other = await asOf.Method(workspace, with ?? point.Method.Id, point.Known.Position, cancel);
                var method = await asOf.Method(workspace, id, point.Known.Position, cancel);
                var view = await comparison.Of(workspace, point, other, method, PageSize.Read(limit), skip, cancel);
                Links.Next(http, view.Next);
                return Results.Json(view, GeoJson.Options);
            })
            .Says("Compare a method in shadow", "What every relationship would read by it beside what it reads by another (`with`, the current one if not said), the largest difference of tension first. Nothing is changed by it.")
            .Produces<MethodComparisonView>();
    }
}
