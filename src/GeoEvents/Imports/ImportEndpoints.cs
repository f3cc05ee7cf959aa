using System.Text;
using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Imports.Mappings;
using GeoEvents.Recording;
using Marten;
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
    /// <summary>Bytes.</summary>
    private const long LargestFile = 4L << 30;

    /// <summary>How much of a file is looked at to find out its format.</summary>
    private const int Beginning = 64 << 10;

    public static void MapImports(this RouteGroupBuilder workspace)
    {
        var imports = workspace.MapGroup("/imports").WithTags("data");

        imports.MapPost("", async (
                string workspace, string? format, string? mapping, string? name,
                HttpContext http, IDocumentStore store, ImportIntake intake, TimeProvider clock, CancellationToken cancel) =>
            {
                http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = LargestFile;
                if (TextRules.Fault(name, 300, required: false, multiline: false) is { } fault)
                {
                    throw new InvalidRequestException(FieldProblem.In("name", fault.Code, fault.Detail));
                }

                var beginning = new byte[Beginning];
                var read = await http.Request.Body.ReadAtLeastAsync(beginning, Beginning, throwOnEndOfStream: false, cancel);
                var call = Call.Of(http, beginning.AsSpan(0, read));
                var id = call.Idempotency is { } idempotency ? new StreamKey("import", idempotency.Key).In(workspace) : Guid.CreateVersion7(clock.GetUtcNow());
                await using var session = store.LightweightSession(workspace);
                if (call.Idempotency is not null && await session.LoadAsync<Import>(id, cancel) is { } earlier)
                {
                    http.Response.Headers[Answers.ReplayedHeader] = "true";
                    return earlier.Fingerprint == call.Idempotency.Fingerprint ? Accepted(http, workspace, earlier) : throw RefusedException.KeyReused();
                }

                var columns = mapping is null ? null : await MappingEndpoints.Find(session, mapping, cancel) ?? throw new InvalidRequestException(
                    FieldProblem.In("mapping", "unknown-mapping", "There is no mapping of that name. GET …/mappings lists them."));
                var import = new Import
                {
                    Id = id,
                    Mapping = columns,
                    Fingerprint = call.Idempotency?.Fingerprint,
                    Format = FormatOf(format, columns, Packing.Beginning(beginning[..read])),
                    Name = name,
                    User = call.User,
                    CreatedAt = Coding.Microseconds.Floor(clock.GetUtcNow()),
                };

                await intake.Queue(workspace, import, beginning.AsMemory(0, read), http.Request.Body, session, cancel);
                return Accepted(http, workspace, import);
            })
            .Accepts<byte[]>("application/octet-stream", "application/json", "application/x-ndjson", "text/tab-separated-values", "text/plain", "application/x-www-form-urlencoded")
            .Says("Import a file", "The body is the file: a case document (`case`), JSON Lines (`jsonl`), events of GDELT 2.0 (`gdelt2`), GDELT 1.0 (`gdelt1`) or ICEWS (`icews`); which, is found out if not said. "
                + "Or CSV (`csv`) with the name of a mapping. "
                + "Every row is answered for; the same file again changes nothing.")
            .Produces<Import>(202);

        imports.MapGet("", async (string workspace, IDocumentStore store, CancellationToken cancel) =>
            {
                await using var session = store.QuerySession(workspace);
                var all = await session.Query<Import>().OrderByDescending(i => i.CreatedAt).Take(PageSize.Most).ToListAsync(cancel);
                return Results.Json(new ItemList<Import>(all), GeoJson.Options);
            })
            .Says("List imports", "Latest first.");

        imports.MapGet("/{id:guid}", async (string workspace, Guid id, IDocumentStore store, CancellationToken cancel) =>
                Results.Json(await Find(workspace, id, store, cancel), GeoJson.Options))
            .Says("Read an import", "Its state, and what became of its rows so far: total = taken + known + changed + skipped + rejected.")
            .Produces<Import>();

        imports.MapGet("/{id:guid}/rejections", async (
                string workspace, Guid id, string? limit, string? after, IDocumentStore store, NpgsqlDataSource database, HttpContext http, CancellationToken cancel) =>
            {
                await Find(workspace, id, store, cancel);
                var size = PageSize.Read(limit);
                var skip = Cursor.Read(after, parts: 1) is [var text] ? int.TryParse(text, System.Globalization.NumberStyles.None, null, out var n) && n is > 0 and <= int.MaxValue - PageSize.Most ? n : throw Cursor.Malformed() : 0;
                await using var command = database.CreateCommand(
                    "select line, field, reason, substring(raw for 16000) from geo.import_rejection where workspace = $1 and import = $2 order by line, reason offset $3 limit $4");
                command.Parameters.Add(new() { Value = workspace });
                command.Parameters.Add(new() { Value = id });
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
            .Says("List rejected rows", "Line, column, reason, and the row itself.");
    }

    private static IResult Accepted(HttpContext http, string workspace, Import import)
    {
        http.Response.Headers.Location = $"/api/v1/{workspace}/imports/{import.Id}";
        return Results.Json(import, GeoJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<Import> Find(string workspace, Guid id, IDocumentStore store, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        return await session.LoadAsync<Import>(id, cancel) ?? throw RefusedException.NotFound("import", id.ToString());
    }

    private static string FormatOf(string? given, CsvMapping? mapping, ReadOnlySpan<byte> beginning)
    {
        if (mapping is not null || given == CsvFormat.FormatName)
        {
            return mapping is null ? throw new InvalidRequestException(FieldProblem.In("mapping", "required", "Say which mapping the columns of the CSV file have."))
                : given is null or CsvFormat.FormatName ? CsvFormat.FormatName
                : throw new InvalidRequestException(FieldProblem.In("mapping", "contradiction", "Only CSV files have a mapping."));
        }

        if (given is not null)
        {
            return ImportFormats.Find(given)?.Name ?? throw new InvalidRequestException(
                FieldProblem.In("format", "unknown-format", $"Not one of: {string.Join(", ", ImportFormats.Names)}."));
        }

        return ImportFormats.Detect(beginning)?.Name ?? throw new InvalidRequestException(
            FieldProblem.In("format", "unknown-format", $"The file is of no format that we know. Say which it should be: {string.Join(", ", ImportFormats.Names)}."));
    }
}
