using GeoEvents.Hosting;

namespace GeoEvents.Delivery;

/// <summary>The addresses of subscriptions.</summary>
public static class SubscriptionEndpoints
{
    private const double LongestOverlapHours = 168;

    public static void MapSubscriptions(this RouteGroupBuilder workspace)
    {
        var subscriptions = workspace.MapGroup("/subscriptions").WithTags("alerts");

        subscriptions.MapPost("", async (string workspace, HttpContext http, SubscriptionRules rules, SubscriptionStore store, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<SubscriptionDraft>(http.Request, cancel);
                var call = Call.Of(http, bytes);
                await rules.Check(draft, cancel);
                var (view, secret) = await store.Create(workspace, draft with { Id = draft.Id ?? SubscriptionRules.IdOf(call.Idempotency) }, call.User, cancel);
                http.Response.Headers.Location = $"/api/v1/{workspace}/subscriptions/{view.Id}";
                return Show(http, view with { Secret = secret }, StatusCodes.Status201Created);
            })
            .Takes<SubscriptionDraft>("Subscribe", "Alerts by webhook or e-mail, from now on or after a feed number. The secret that webhooks are signed with is in this answer and in no other.")
            .Produces<SubscriptionView>(201);

        subscriptions.MapGet("", async (string workspace, HttpContext http, SubscriptionStore store, string? after, string? limit, CancellationToken cancel) =>
            {
                var size = PageSize.Read(limit);
                var found = await store.All(workspace, Cursor.Read(after, 1)?[0] ?? "", size + 1, cancel);
                var next = found.Count > size ? Cursor.Write(found[size - 1].Id) : null;
                Links.Next(http, next);
                return Results.Json(new ItemList<SubscriptionView>([.. found.Take(size)], next), GeoJson.Options);
            })
            .Says("List subscriptions", "By id, each with its state and how much waits.")
            .Produces<ItemList<SubscriptionView>>();

        subscriptions.MapGet("/{id}", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
                Show(http, await store.Find(workspace, id, cancel)))
            .Says("Read a subscription", "What it asks for, whether it is active and why not, and how much waits.")
            .Produces<SubscriptionView>();

        subscriptions.MapPut("/{id}", async (string workspace, string id, HttpContext http, SubscriptionRules rules, SubscriptionStore store, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<SubscriptionDraft>(http.Request, cancel);
                var call = Call.Of(http, bytes);
                InvalidRequestException.ThrowIfAny(
                [
                    .. draft.Id is { } other && other != id ? [FieldProblem.At("/id", "id-differs", "The id cannot change.")] : Array.Empty<FieldProblem>(),
                    .. draft.After is not null ? [FieldProblem.At("/after", "not-here", "Where it begins is said once. To have earlier facts, replay them.")] : Array.Empty<FieldProblem>(),
                ]);
                await store.Find(workspace, id, cancel);
                await rules.Check(draft, cancel);
                return Show(http, await store.Change(call, id, draft.Content, cancel));
            })
            .Takes<SubscriptionDraft>("Change a subscription", "Says anew what it asks for. The channel stays a webhook or e-mail. Who got an alert gets what becomes of it, whatever the filter says from now on.")
            .NeedsIfMatch()
            .Produces<SubscriptionView>();

        subscriptions.MapDelete("/{id}", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
            {
                await store.Delete(Call.Of(http, []), id, cancel);
                return Results.NoContent();
            })
            .Says("Unsubscribe", "Its queue, secrets and the record of its deliveries go with it.")
            .Produces(204);

        subscriptions.MapPost("/{id}/disable", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
                Show(http, await store.Disable(Call.Of(http, await Body.ReadNothing(http.Request, cancel)), id, cancel)))
            .Says("Disable a subscription", "Nothing goes out until it is enabled.")
            .Produces<SubscriptionView>();

        subscriptions.MapPost("/{id}/enable", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
            {
                var (enabling, bytes) = await Body.Read<Enabling>(http.Request, cancel);
                return Show(http, await store.Enable(Call.Of(http, bytes), id, enabling.Missed, cancel));
            })
            .Takes<Enabling>("Enable a subscription", "Whoever disabled it. What waited, what was given up and what was recorded meanwhile goes out in order, or is skipped.")
            .Produces<SubscriptionView>();

        subscriptions.MapPost("/{id}/secret", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
            {
                var (rotation, bytes) = await Body.Read<Rotation>(http.Request, cancel);
                var hours = rotation.KeepOldHours ?? 24;
                return hours is >= 0 and <= LongestOverlapHours
                    ? Results.Json(await store.Rotate(Call.Of(http, bytes), id, TimeSpan.FromHours(hours), cancel), GeoJson.Options)
                    : throw new InvalidRequestException(FieldProblem.At("/keepOldHours", "out-of-range", $"From 0 to {LongestOverlapHours} hours."));
            })
            .Takes<Rotation>("Renew the secret", "The new one is in this answer and in no other. The one before it stays valid for a time; each webhook carries a signature by each secret that is valid, at most five.")
            .Produces<RotatedSecret>();

        subscriptions.MapPost("/{id}/replay", async (string workspace, string id, HttpContext http, SubscriptionStore store, CancellationToken cancel) =>
            {
                var (replay, bytes) = await Body.Read<Replay>(http.Request, cancel);
                return Results.Json(await store.Replay(Call.Of(http, bytes), id, replay, cancel), GeoJson.Options, statusCode: StatusCodes.Status202Accepted);
            })
            .Takes<Replay>("Replay a stretch of the feed", "Queues what the subscription gets of it once more, behind what waits, marked as replay and with the webhook-ids of the first time.")
            .Produces<ReplayView>(202);
    }

    private static IResult Show(HttpContext http, SubscriptionView view, int status = StatusCodes.Status200OK)
    {
        http.Response.Headers.ETag = $"\"{view.Version}\"";
        return Results.Json(view, GeoJson.Options, statusCode: status);
    }
}
