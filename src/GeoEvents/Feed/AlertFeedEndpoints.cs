using System.Security.Cryptography;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Microsoft.Net.Http.Headers;

namespace GeoEvents.Feed;

/// <summary>The addresses of news about alerts.</summary>
public static class AlertFeedEndpoints
{
    public static void MapAlertFeeds(this RouteGroupBuilder workspace)
    {
        var news = workspace.MapGroup("").WithTags("alerts");

        foreach (var (ending, mediaType, name, documentOf) in new (string, string, string, Func<AlertFeeds, IReadOnlyList<AlertNews>, byte[]>)[]
        {
            ("atom", AtomWriter.MediaType, "Atom 1.0 (RFC 4287)", (feeds, items) => feeds.Atom(items)),
            ("json", JsonFeed.MediaType, "JSON Feed 1.1", (feeds, items) => feeds.Json(items)),
        })
        {
            Answer("/relationships/{dyad}/alerts", $"Alerts of a relationship as {name}", async (
                string workspace, string dyad, string? limit, AlertNewsReader reader, LogOrigin origin, HttpContext http, CancellationToken cancel) =>
            {
                var pair = WholeLists.DyadNamed(dyad);
                var latest = await reader.Of(workspace, pair, PageSize.Read(limit), cancel);
                return Document(http, mediaType, documentOf(Feeds(http, workspace, await origin.Of(workspace, cancel), $"relationships/{pair}/alerts", $"Alerts of {pair}"), latest.Items));
            });
            Answer("/rules/{id}/alerts", $"Alerts by a rule as {name}", async (
                string workspace, string id, string? limit, AlertNewsReader reader, LogOrigin origin, HttpContext http, CancellationToken cancel) =>
            {
                var latest = await reader.Of(workspace, id, PageSize.Read(limit), cancel);
                return Document(http, mediaType, documentOf(Feeds(http, workspace, await origin.Of(workspace, cancel), $"rules/{id}/alerts", $"Alerts by rule {latest.Title}"), latest.Items));
            }).ProducesProblem(404);

            // Readers of feeds ask with HEAD first; the answer is that to GET without its body.
            RouteHandlerBuilder Answer(string path, string summary, Delegate handler)
            {
                news.MapMethods($"{path}.{ending}", [HttpMethods.Head], handler).ExcludeFromDescription();
                return news.MapGet($"{path}.{ending}", handler).Says(summary, Description).Produces(200, contentType: mediaType).Produces(304);
            }
        }
    }

    private const string Description = "For readers of feeds, the newest first: an entry for each firing, rise of severity, end, recall and amendment. What a silence kept from going out is not in it.";

    private static AlertFeeds Feeds(HttpContext http, string workspace, string origin, string path, string title) =>
        new(workspace, origin, new Uri($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api/v1/{workspace}"), path, title);

    /// <summary>With an ETag of its bytes, so that whoever has them is told so (304).</summary>
    private static IResult Document(HttpContext http, string mediaType, byte[] document)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(document, mediaType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 8))}\""));
    }
}
