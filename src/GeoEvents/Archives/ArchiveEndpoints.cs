using System.Globalization;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Archives;

/// <summary>Where the chain over a log ends.</summary>
/// <param name="Hash">After the fact at that position, lower-case hexadecimal.</param>
/// <param name="Head">Both as one text, to be kept elsewhere and given to a later verification.</param>
public sealed record ChainHead(LogPosition At, string Hash, string Head);

/// <summary>The addresses of the log as a whole: its chain, its verification, its archive.</summary>
public static class ArchiveEndpoints
{
    public static void MapArchives(this RouteGroupBuilder workspace)
    {
        var log = workspace.MapGroup("/log").WithTags("log");

        log.MapGet("/head", async (string workspace, LogReader reader, CancellationToken cancel) =>
            {
                var head = await reader.ChainHead(workspace, cancel);
                var hash = Convert.ToHexStringLower(head.Hash);
                return Results.Json(new ChainHead(head.At, hash, $"{head.At.Position}:{hash}"), GeoJson.Options);
            })
            .Says("Read the head of the chain", "The hash over everything recorded so far. Kept elsewhere, it proves later that nothing before it was changed.")
            .Produces<ChainHead>();

        log.MapGet("/verification", async (string workspace, string? head, LogVerification verification, CancellationToken cancel) =>
            {
                ChainPoint? kept = null;
                if (head is not null && !ChainPoint.TryParse(head, out kept))
                {
                    throw new InvalidRequestException(FieldProblem.In("head", "malformed", "Not a head as /log/head gives it: a position, a colon and 64 hexadecimal digits."));
                }

                return Results.Json(await verification.Verify(workspace, kept, cancel), GeoJson.Options);
            })
            .Says("Verify the log", "Recomputes the chain over every fact and names those that were altered, removed, inserted or moved. Takes about half a minute for a million facts.")
            .Produces<LogVerified>();

        log.MapGet("/archive", async (string workspace, string? knownAsOf, ArchiveWriter archive, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var known = await asOf.Known(workspace, knownAsOf, cancel);
                http.Response.ContentType = ArchiveWriter.MediaType;
                http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"{workspace}-{known.Position}.geoevents.jsonl\"");
                await archive.Write(workspace, known.Position, http.Response.Body, cancel);
            })
            .Says("Export the archive", "Every fact with its recorded time, order and metadata, as JSON Lines; an administrator can restore an empty workspace from it. Up to a point of the record, if one is given.");
    }
}
