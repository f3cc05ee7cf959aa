using GeoEvents.Hosting;

namespace GeoEvents.Relationships.Counterfactual;

/// <param name="ExpiresAt">At most a year from now; 30 days from now if not said.</param>
public sealed record OverlayDraft(OverlayChanges? Changes = null, string? Note = null, DateTimeOffset? ExpiresAt = null);

/// <summary>A stored overlay as the service shows it.</summary>
/// <param name="User">Who put it last.</param>
public sealed record OverlayView(
    string Name, OverlayChanges Changes, string? Note, string User, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset ExpiresAt)
{
    public static OverlayView Of(StoredOverlay overlay) =>
        new(overlay.Id, overlay.Changes, overlay.Note, overlay.User, overlay.CreatedAt, overlay.ChangedAt, overlay.ExpiresAt);
}

/// <summary>One line of the list of overlays.</summary>
/// <param name="Size">How many changes it has.</param>
public sealed record OverlayLine(string Name, int Size, string? Note, string User, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset ExpiresAt);

/// <summary>The addresses of stored overlays.</summary>
public static class OverlayEndpoints
{
    public static void MapOverlays(this RouteGroupBuilder workspace)
    {
        var overlays = workspace.MapGroup("/overlays").WithTags("relationships");

        overlays.MapGet("", async (string workspace, OverlayStore store, CancellationToken cancel) => Results.Json(
                new ItemList<OverlayLine>([.. (await store.All(workspace, cancel)).Select(o =>
                    new OverlayLine(o.Id, o.Changes.Count(), o.Note, o.User, o.CreatedAt, o.ChangedAt, o.ExpiresAt))]),
                GeoJson.Options))
            .Says("List overlays", "Those of the workspace that have not expired, by name.")
            .Produces<ItemList<OverlayLine>>();

        overlays.MapGet("/{name}", async (string workspace, string name, OverlayStore store, CancellationToken cancel) =>
                Results.Json(OverlayView.Of(await store.Read(workspace, name, cancel)), GeoJson.Options))
            .Says("Read an overlay", "Its changes as they were put. One that has expired is answered 410.")
            .Produces<OverlayView>();

        overlays.MapPut("/{name}", async (string workspace, string name, HttpContext http, OverlayStore store, AsOfReader asOf, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<OverlayDraft>(http.Request, cancel);
                var call = Call.Of(http, bytes);
                var now = store.Now;
                InvalidRequestException.ThrowIfAny(
                [
                    .. OverlayRules.IsName(name) ? [] : new[] { FieldProblem.In("name", "malformed", OverlayRules.NameRule) },
                    .. OverlayRules.Check(draft.Changes ?? new OverlayChanges(), (await asOf.Read(workspace, null, null, null, cancel)).Method, now),
                    .. OverlayRules.Check(draft.Note, draft.ExpiresAt, now),
                ]);
                var (overlay, isNew) = await store.Put(
                    workspace, name, draft.Changes!, draft.Note, call.User, now, draft.ExpiresAt ?? now + OverlayRules.DefaultLife, cancel);
                http.Response.Headers.Location = $"/api/v1/{workspace}/overlays/{name}";
                return Results.Json(OverlayView.Of(overlay), GeoJson.Options, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            })
            .Takes<OverlayDraft>("Keep an overlay", "Changes to suppose, for everybody in the workspace: in counterfactuals and exports that name it, and nowhere else. "
                + "Checked for form now, and against the record when it is used. In the place of one of that name.")
            .Produces<OverlayView>(201).Produces<OverlayView>();

        overlays.MapDelete("/{name}", async (string workspace, string name, OverlayStore store, CancellationToken cancel) =>
                await store.Delete(workspace, name, cancel)
                    ? Results.NoContent()
                    : throw new RefusedException("overlay-not-found", $"There is no overlay '{name}' in this workspace.", StatusCodes.Status404NotFound))
            .Says("Throw an overlay away", "Nothing of the record depends on it.")
            .Produces(204);
    }
}
