using System.Net.Mime;
using GeoEvents.Hosting;
using Microsoft.Net.Http.Headers;

namespace GeoEvents.Feed;

/// <summary>A page of the feed.</summary>
/// <param name="Last">Number of the last item that was looked at. Whoever is at the end asks for what comes after it, later.</param>
/// <param name="Next">For <c>after</c>; null at the end of the log. The Link header carries it too.</param>
public sealed record FeedPageView([property: KeepEmpty] IReadOnlyList<FeedItem> Items, long Last, long? Next);

/// <summary>The address of the feed.</summary>
public static class LogFeedEndpoints
{
    public static void MapLogFeed(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/feed", async (
                string workspace, string? after, string? limit, string[] dyad, string[] type, string[] rule,
                FeedReader reader, FeedListeners listeners, HttpContext http, CancellationToken cancel) =>
            {
                var filter = FeedQuery.Filter(dyad, type, rule);
                if (http.Request.Prefers(Accepting.EventStream, MediaTypeNames.Application.Json))
                {
                    await listeners.Serve(http, workspace, http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id ? id : after, filter);
                    return Results.Empty;
                }

                http.Response.Headers.Vary = HeaderNames.Accept;
                var (from, size) = (await From(reader, workspace, after, cancel), PageSize.Read(limit));
                var page = await reader.After(workspace, from, size, filter, cancel);
                Links.Next(http, page.IsLast ? null : $"{page.Last}");
                return Results.Json(new FeedPageView(page.Items, page.Last, page.IsLast ? null : page.Last), GeoJson.Options);
            })
            .WithTags("alerts")
            .Says(
                "Follow the feed",
                """
                Every fact of the workspace in the order of its log, alerts among them, numbered 1, 2, 3 … without gaps. `dyad`, `type` and `rule` choose; each may be given several times.
                As JSON: a page of items after number `after`, the first if it is left out; fewer than `limit`, even none, when the service has looked at 10,000 items for it.
                While there is `next`, ask on with it; then, later, with `last`.
                If `Accept` asks for `text/event-stream`: an event for each item, named for its type, whose id is its number, from the end of the log on, or after `Last-Event-ID`, which goes
                before `after`. An id alone says how far the stream has come while nothing passed the filter. `heartbeat`, without an id, comes after 15 s of silence; `reset` if the log does not
                have the number asked for. A client that takes nothing for 30 s is cut.
                """)
            .Produces<FeedPageView>(200, MediaTypeNames.Application.Json, Accepting.EventStream);

    private static async Task<long> From(FeedReader reader, string workspace, string? after, CancellationToken cancel)
    {
        var from = after is null ? 0 : FeedQuery.Number(after) ?? throw Wrong("malformed", "Not the number of an item.");
        return from == 0 || from <= await reader.Head(workspace, cancel) ? from : throw Wrong("unknown-position", "The log has not come to that number yet.");
    }

    private static InvalidRequestException Wrong(string code, string detail) => new(FieldProblem.In("after", code, detail));
}
