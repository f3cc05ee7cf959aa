using GeoEvents.Hosting;

namespace GeoEvents.Watching;

/// <summary>The addresses of feeds.</summary>
public static class FeedEndpoints
{
    public static void MapFeeds(this RouteGroupBuilder workspace)
    {
        var feeds = workspace.MapGroup("/feeds").WithTags("data");

        feeds.MapPut("/{feed}", async (string workspace, string feed, HttpContext http, FeedStore store, FeedWatcher watcher, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<FeedDraft>(http.Request, cancel);
                var call = Call.Of(http, bytes);
                InvalidRequestException.ThrowIfAny(FeedRules.Check(feed, draft, store.Now));
                var (before, _) = await store.Change(workspace, feed, known => FeedRules.Feed(feed, draft, known, call.User, store.Now), cancel);
                watcher.Wake();
                http.Response.Headers.Location = $"/api/v1/{workspace}/feeds/{feed}";
                return await Show(workspace, feed, store, before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK, cancel);
            })
            .Takes<FeedDraft>("Follow a feed", "An address or folder in GDELT's pattern. Each file is taken once, checked by size and MD5, and imported; "
                + "what was published while nobody looked is found again. Sent again, it changes the feed, which goes on where it stands.")
            .Produces<FeedView>(201).Produces<FeedView>();

        feeds.MapGet("", async (string workspace, FeedStore store, CancellationToken cancel) =>
            {
                var all = await store.All(workspace, cancel);
                return Results.Json(new ItemList<FeedView>([.. all.Select(f => new FeedView(f.Feed, f.Files, store.Now))]), GeoJson.Options);
            })
            .Says("List feeds", "By name, each with where it stands and how far it is behind.")
            .Produces<ItemList<FeedView>>();

        feeds.MapGet("/{feed}", (string workspace, string feed, FeedStore store, CancellationToken cancel) =>
                Show(workspace, feed, store, StatusCodes.Status200OK, cancel))
            .Says("Read a feed", "Where it stands: last seen, last taken, last error, next attempt, files waiting, and lag in seconds.")
            .Produces<FeedView>();

        feeds.MapPost("/{feed}/pause", (string workspace, string feed, FeedStore store, FeedWatcher watcher, CancellationToken cancel) =>
                Change(workspace, feed, store, watcher, known => known with { State = FeedState.Paused }, cancel))
            .Says("Pause a feed", "A file that is being read is still taken.")
            .Produces<FeedView>();

        feeds.MapPost("/{feed}/resume", (string workspace, string feed, FeedStore store, FeedWatcher watcher, CancellationToken cancel) =>
                Change(workspace, feed, store, watcher, known => known with { State = FeedState.Running, NextAttempt = store.Now }, cancel))
            .Says("Resume a feed", "It looks at once, and finds what was published meanwhile.")
            .Produces<FeedView>();

        feeds.MapPost("/{feed}/check-now", async (string workspace, string feed, FeedStore store, FeedWatcher watcher, CancellationToken cancel) =>
            {
                if (await store.Find(workspace, feed, cancel) is { State: FeedState.Paused })
                {
                    throw new RefusedException("feed-paused", "The feed is paused, so nobody looks. Resume it: it looks at once then.");
                }

                await store.RetryAll(workspace, feed, cancel);
                return await Change(workspace, feed, store, watcher, known => known with { NextAttempt = store.Now }, cancel);
            })
            .Says("Look now", "Without waiting for the next attempt; files that failed or were given up are tried again. A paused feed is refused (409).")
            .Produces<FeedView>();

        feeds.MapDelete("/{feed}", async (string workspace, string feed, FeedStore store, CancellationToken cancel) =>
                (await store.Change(workspace, feed, _ => null, cancel)).Before is null
                    ? throw RefusedException.NotFound("feed", feed)
                    : Results.NoContent())
            .Says("Stop following a feed", "Also forgets which files were taken; what was imported stays on record.")
            .Produces(204);
    }

    private static async Task<IResult> Change(
        string workspace, string feed, FeedStore store, FeedWatcher watcher, Func<Feed, Feed> change, CancellationToken cancel)
    {
        await store.Change(workspace, feed, known => known is null ? throw RefusedException.NotFound("feed", feed) : change(known), cancel);
        watcher.Wake();
        return await Show(workspace, feed, store, StatusCodes.Status200OK, cancel);
    }

    private static async Task<IResult> Show(string workspace, string feed, FeedStore store, int status, CancellationToken cancel)
    {
        var found = (await store.All(workspace, cancel)).FirstOrDefault(f => f.Feed.Name == feed) ?? throw RefusedException.NotFound("feed", feed);
        return Results.Json(new FeedView(found.Feed, found.Files, store.Now), GeoJson.Options, statusCode: status);
    }
}
