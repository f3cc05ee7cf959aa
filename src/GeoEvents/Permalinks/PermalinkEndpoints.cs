using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;

namespace GeoEvents.Permalinks;

/// <summary>The addresses of permalinks.</summary>
public static class PermalinkEndpoints
{
    private const int LongestRead = 2_000;

    public static void AddPermalinks(this IServiceCollection services)
    {
        services.AddSingleton<PinnedReads>();
        services.AddSingleton<PermalinkStore>();
    }

    public static void MapPermalinks(this RouteGroupBuilder workspace)
    {
        var permalinks = workspace.MapGroup("/permalinks").WithTags("permalinks");

        permalinks.MapPost("", async (string workspace, HttpContext http, PinnedReads reads, PermalinkStore store, TimeProvider clock, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<PermalinkDraft>(http.Request, cancel);
                if (TextRules.Fault(draft.Read, LongestRead, required: true, multiline: false) is { } fault)
                {
                    throw new InvalidRequestException(FieldProblem.At("/read", fault.Code, fault.Detail));
                }

                var read = await reads.Pin(workspace, draft.Read, cancel);
                var content = await reads.Run(workspace, read, cancel);
                var (permalink, added) = await store.Keep(
                    workspace, Permalink.Of(read, content.Hash, Call.Of(http, bytes).User, Microseconds.Floor(clock.GetUtcNow())), cancel);
                http.Response.Headers.Location = $"/api/v1/{workspace}/permalinks/{permalink.Id}";
                return Results.Json(View(permalink, content), GeoJson.Options, statusCode: added ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            })
            .Takes<PermalinkDraft>("Pin a read", "Pins any read of the record to an instant, a log position and a method, and keeps the hash of its answer. The same answer pinned again is answered 200.")
            .Produces<PermalinkView>(201).Produces<PermalinkView>();

        permalinks.MapGet("/{id}", async (string workspace, string id, PinnedReads reads, PermalinkStore store, CancellationToken cancel) =>
            {
                var permalink = await store.Find(workspace, id, cancel);
                return Results.Json(View(permalink, await reads.Run(workspace, permalink.Read, cancel)), GeoJson.Options);
            })
            .Says("Follow a permalink", "The answer that was pinned, computed anew, and whether it is the same.")
            .Produces<PermalinkView>();

        permalinks.MapGet("/{id}/verification", async (string workspace, string id, PinnedReads reads, PermalinkStore store, CancellationToken cancel) =>
            {
                var permalink = await store.Find(workspace, id, cancel);
                var found = (await reads.Run(workspace, permalink.Read, cancel)).Hash;
                return Results.Json(new PermalinkVerified(id, permalink.Read, permalink.Hash, found, found == permalink.Hash), GeoJson.Options);
            })
            .Says("Verify a permalink", "Whether the read answers what was pinned: SHA-256 of its canonical JSON (RFC 8785).")
            .Produces<PermalinkVerified>();
    }

    private static PermalinkView View(Permalink p, PinnedContent content)
    {
        using var document = JsonDocument.Parse(content.Json);
        return new PermalinkView(p.Id, p.Read, p.Hash, p.User, p.CreatedAt, content.Hash == p.Hash, document.RootElement.Clone());
    }
}
