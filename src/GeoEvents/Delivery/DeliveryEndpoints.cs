using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Delivery;

/// <summary>The addresses of deliveries.</summary>
public static class DeliveryEndpoints
{
    public static void MapDeliveries(this RouteGroupBuilder workspace)
    {
        var deliveries = workspace.MapGroup("/subscriptions/{id}/deliveries").WithTags("alerts");

        deliveries.MapGet("", async (string workspace, string id, HttpContext http, DeliveryStore store, string? state, string? after, string? limit, CancellationToken cancel) =>
            {
                var (size, wanted) = (PageSize.Read(limit), StateOf(state));
                var before = Cursor.Read(after, 1) is [var last] ? NumberOf(last) ?? throw Cursor.Malformed() : (long?)null;
                var found = await store.All(workspace, id, wanted, before, size + 1, cancel);
                var next = found.Count > size ? Cursor.Write($"{found[size - 1].Number}") : null;
                Links.Next(http, next);
                return Results.Json(new ItemList<DeliveryRecord>([.. found.Take(size)], next), GeoJson.Options);
            })
            .Says("List deliveries", "The newest first, of one state or all: waiting, delivered, given-up, skipped.")
            .Produces<ItemList<DeliveryRecord>>();

        deliveries.MapGet("/{number}", async (string workspace, string id, string number, DeliveryStore store, CancellationToken cancel) =>
                Results.Json(await store.Find(workspace, id, NumberOf(number) ?? throw RefusedException.NotFound("delivery", number), cancel), GeoJson.Options))
            .Says("Read a delivery", "Every attempt with its time, duration, status, error and how the answer began; and the body of a webhook.")
            .Produces<DeliveryView>();

        deliveries.MapPost("/{number}/retry", async (string workspace, string id, string number, HttpContext http, DeliveryStore store, CancellationToken cancel) =>
            {
                await Body.ReadNothing(http.Request, cancel);
                var wanted = NumberOf(number) ?? throw RefusedException.NotFound("delivery", number);
                await store.Retry(workspace, id, wanted, cancel);
                return Results.Json(await store.Find(workspace, id, wanted, cancel), GeoJson.Options, statusCode: StatusCodes.Status202Accepted);
            })
            .Says("Retry a delivery", "The subscription is worked on at once, instead of at its next attempt; one that was skipped is queued again.")
            .Produces<DeliveryView>(202);
    }

    private static long? NumberOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DeliveryState? StateOf(string? text) => text is null ? null
        : KebabCaseEnumConverter.TryParse<DeliveryState>(text, out var state) ? state
        : throw new InvalidRequestException(FieldProblem.In("state", "malformed", "Not one of: waiting, delivered, given-up, skipped."));
}
