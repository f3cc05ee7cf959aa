using GeoEvents.Hosting;

namespace GeoEvents.Exports;

/// <summary>The addresses of exports.</summary>
public static class ExportEndpoints
{
    public static void MapExports(this RouteGroupBuilder workspace)
    {
        var exports = workspace.MapGroup("/exports").WithTags("data");

        exports.MapGet("/incidents", async (string workspace, [AsParameters] ExportQuery query, Exporter exporter, HttpContext http, CancellationToken cancel) =>
            {
                await exporter.Answer(http, workspace, query, cancel);
                return Results.Empty;
            })
            .Says("Export incidents", "Standing incidents as known at a point of the record, as a file: `format` is `jsonl` (JSON Lines, which can be imported again), `csv`, `geojson`, "
                + "`atom` (the latest changes), `stix` (2.1), or `ical`, which has deadlines instead. All given filters have to hold. The same export has the same bytes and the same ETag.")
            .Produces(200, contentType: "application/x-ndjson", additionalContentTypes: ["text/csv", "application/geo+json", "application/atom+xml", "application/stix+json", "text/calendar"])
            .Produces(304)
            .ProducesProblem(404);
    }
}
