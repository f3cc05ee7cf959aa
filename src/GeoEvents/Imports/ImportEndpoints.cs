using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>A row that was wrong.</summary>
/// <param name="Column">JSON pointer or column name; empty where the row as a whole is meant.</param>
/// <param name="Raw">The row's beginning as text.</param>
public sealed record Rejection(long Line, string Column, string Reason, string Raw);

/// <summary>The addresses of imports.</summary>
public static class ImportEndpoints
{
    public static void MapImports(this RouteGroupBuilder workspace)
    {
        var imports = workspace.MapGroup("/imports").WithTags("data");

        imports.MapPost("", async (
                string workspace, string? format, string? mapping, string? name, string? complete, HttpContext http, ImportReception reception, CancellationToken cancel) =>
            {
                http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = ImportFile.Largest;
                var whole = complete switch
                {
                    null or "false" => false,
                    "true" => true,
                    _ => throw new InvalidRequestException(FieldProblem.In("complete", "malformed", "Either true or false.")),
                };
                return Accepted(http, workspace, await reception.Receive(http, workspace, http.Request.Body, format, mapping, name, whole, cancel));
            })
            .Accepts<byte[]>("application/octet-stream", "application/json", "application/x-ndjson", "text/tab-separated-values", "text/plain", "application/x-www-form-urlencoded")
            .Says("Import a file", "The body is the file: a case document (`case`), JSON Lines (`jsonl`), events of GDELT 2.0 (`gdelt2`), GDELT 1.0 (`gdelt1`) or ICEWS (`icews`); which, is found out if not said. "
                + "Or CSV (`csv`) with the name of a mapping. All may be packed by gzip or zip. "
                + "Every row is answered for; the same file again changes nothing. With `complete=true` the file holds all that its origin has, the part of ids before the colon: "
                + "incidents that an earlier file of that origin brought and this one lacks are flagged.")
            .Produces<Import>(202);

        imports.MapPost("/from-url", async (string workspace, HttpContext http, ImportReception reception, WebFile web, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<WebFileDraft>(http.Request, cancel);
                var address = WebFile.Check(draft);
                await using var file = await web.Open(address, cancel);
                var name = draft.Name ?? (address.Segments[^1].Trim('/') is { Length: > 0 and <= 300 } last ? Uri.UnescapeDataString(last) : null);
                return Accepted(http, workspace, await reception.Receive(http, workspace, file, draft.Format, draft.Mapping, name, draft.Complete, cancel, bytes));
            })
            .Takes<WebFileDraft>("Import a file from the web", "The service fetches it and answers when it has it; then it is imported as if it had been sent.")
            .Produces<Import>(202);

        imports.MapGet("", async (string workspace, ImportDocuments documents, CancellationToken cancel) =>
                Results.Json(new ItemList<Import>(await documents.List(workspace, PageSize.Most, cancel)), GeoJson.Options))
            .Says("List imports", "Latest first.")
            .Produces<ItemList<Import>>();

        imports.MapGet("/{id}", async (string workspace, string id, ImportDocuments documents, CancellationToken cancel) =>
                Results.Json(await documents.Find(workspace, IdOf(id), cancel), GeoJson.Options))
            .Says("Read an import", "Its state, how fast it goes, and what became of its rows so far: total = taken + known + changed + skipped + rejected.")
            .Produces<Import>();

        imports.MapGet("/{id}/events", async (string workspace, string id, ImportDocuments documents, ImportEvents events, HttpContext http, CancellationToken cancel) =>
            {
                var import = await documents.Find(workspace, IdOf(id), cancel);
                return TypedResults.ServerSentEvents(events.Of(workspace, import.Id, http.Response, cancel));
            })
            .Says("Follow an import", "Server-Sent Events: `progress` with the import whenever it has changed, at most some a second, then `ended`.");

        imports.MapPost("/{id}/cancel", async (string workspace, string id, ImportControl control, CancellationToken cancel) =>
                Results.Json(await control.Cancel(workspace, IdOf(id), cancel), GeoJson.Options))
            .Says("Cancel an import", "Nothing more is recorded; what was recorded stays. The file is kept for a week, so that it can be resumed.")
            .Produces<Import>();

        imports.MapPost("/{id}/resume", async (string workspace, string id, ImportControl control, HttpContext http, CancellationToken cancel) =>
                Accepted(http, workspace, await control.Resume(workspace, IdOf(id), cancel)))
            .Says("Resume an import", "A cancelled one, or one that failed while its file can be read, goes on from where it stood.")
            .Produces<Import>(202);

        imports.MapDelete("/{id}/file", async (string workspace, string id, ImportControl control, CancellationToken cancel) =>
            {
                await control.Discard(workspace, IdOf(id), cancel);
                return Results.NoContent();
            })
            .Says("Throw a file away", "Of an import that has ended; it cannot be resumed then.")
            .Produces(204);

        imports.MapGet("/{id}/rejections", async (
                string workspace, string id, string? limit, string? after, ImportDocuments documents, NpgsqlDataSource database, HttpContext http, CancellationToken cancel) =>
            {
                var import = await documents.Find(workspace, IdOf(id), cancel);
                var size = PageSize.Read(limit);
                var skip = Cursor.Read(after, parts: 1) is [var text] ? int.TryParse(text, System.Globalization.NumberStyles.None, null, out var n) && n is > 0 and <= int.MaxValue - PageSize.Most ? n : throw Cursor.Malformed() : 0;
                await using var command = database.CreateCommand(
                    "select line, field, reason, substring(raw for 16000) from geo.import_rejection where workspace = $1 and import = $2 order by line, reason offset $3 limit $4");
                command.Parameters.Add(new() { Value = workspace });
                command.Parameters.Add(new() { Value = import.Id });
                command.Parameters.Add(new() { Value = skip });
                command.Parameters.Add(new() { Value = size + 1 });
                var found = new List<Rejection>();
                await using (var reader = await command.ExecuteReaderAsync(cancel))
                {
                    while (await reader.ReadAsync(cancel))
                    {
                        found.Add(new Rejection(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), RejectedRow.Cut(Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(3)))));
                    }
                }

                var next = found.Count > size ? Cursor.Write($"{skip + size}") : null;
                Links.Next(http, next);
                return Results.Json(new ItemList<Rejection>([.. found.Take(size)], next), GeoJson.Options);
            })
            .Says("List rejected rows", "Line, column, reason, and the row itself.")
            .Produces<ItemList<Rejection>>();

        imports.MapGet("/{id}/gone", async (
                string workspace, string id, string? limit, string? after, ImportDocuments documents, MissingRows missing, HttpContext http, CancellationToken cancel) =>
            {
                var import = await documents.Find(workspace, IdOf(id), cancel);
                var size = PageSize.Read(limit);
                var found = await missing.List(workspace, import.Id, Cursor.Read(after, parts: 1) is [var last] ? last : "", size + 1, cancel);
                var next = found.Count > size ? Cursor.Write(found[size - 1].Id) : null;
                Links.Next(http, next);
                return Results.Json(new ItemList<GoneIncident>([.. found.Take(size)], next), GeoJson.Options);
            })
            .Says("List incidents that are gone", "Those that a complete file was the first to lack, by id. They stay on record and count as before.")
            .Produces<ItemList<GoneIncident>>();

        imports.MapGet("/{id}/rejected-file", async (string workspace, string id, ImportDocuments documents, NpgsqlDataSource database, CancellationToken cancel) =>
            {
                var import = await documents.Find(workspace, IdOf(id), cancel);
                var format = ImportFormats.Find(import.Format, import.Mapping)!;
                return Results.Stream(
                    to => format.WriteRejected(to, import.Header, RejectedFile.Rows(database, workspace, import.Id, cancel), cancel),
                    "application/octet-stream",
                    RejectedFile.NameOf(import));
            })
            .Says("Download rejected rows", "As they came and in the format they came in, each with the place and the reason, to be mended and loaded again.")
            .Produces<byte[]>(200, "application/octet-stream");
    }

    /// <exception cref="RefusedException">No import has such an id (404), as where one of the right form is not there.</exception>
    private static Guid IdOf(string text) => Guid.TryParse(text, out var id) ? id : throw RefusedException.NotFound("import", text);

    private static IResult Accepted(HttpContext http, string workspace, Import import)
    {
        http.Response.Headers.Location = $"/api/v1/{workspace}/imports/{import.Id}";
        return Results.Json(import, GeoJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
