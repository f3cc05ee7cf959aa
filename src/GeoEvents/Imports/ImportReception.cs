using GeoEvents.Hosting;
using GeoEvents.Imports.Formats;
using GeoEvents.Imports.Mappings;
using GeoEvents.Recording;
using Marten;

namespace GeoEvents.Imports;

/// <summary>Receives a file from wherever it comes: finds out what it is, and hands it to <see cref="ImportIntake"/>.</summary>
public sealed class ImportReception(IDocumentStore store, ImportIntake intake, ImportDocuments documents, TimeProvider clock)
{
    /// <summary>How much of a file is looked at to find out its format.</summary>
    private const int Beginning = 64 << 10;

    /// <param name="body">What the request was, for telling a repeated one from another; null if it is the file.</param>
    /// <returns>The import, queued; or the one that an earlier request with the same Idempotency-Key brought.</returns>
    /// <exception cref="InvalidRequestException">The name cannot be, or the format is none that we know.</exception>
    /// <exception cref="RefusedException">The key came with another request, or the file is too large.</exception>
    public async Task<Import> Receive(
        HttpContext http, string workspace, Stream file, string? format, string? mapping, string? name, bool complete, CancellationToken cancel, byte[]? body = null)
    {
        if (TextRules.Fault(name, 300, required: false, multiline: false) is { } fault)
        {
            throw new InvalidRequestException(FieldProblem.In("name", fault.Code, fault.Detail));
        }

        var beginning = new byte[Beginning];
        var read = await file.ReadAtLeastAsync(beginning, Beginning, throwOnEndOfStream: false, cancel);
        var unpacked = Packing.Beginning(beginning[..read]);
        if (ImportFormats.IsUtf16(unpacked))
        {
            throw new InvalidRequestException(FieldProblem.At("", "not-utf-8", "This looks like UTF-16. Save the file as UTF-8."));
        }

        var call = Call.Of(http, body ?? beginning.AsSpan(0, read));
        var id = call.Idempotency is { } idempotency ? new StreamKey("import", idempotency.Key).In(workspace) : Guid.CreateVersion7(clock.GetUtcNow());
        await using var session = store.LightweightSession(workspace);
        if (call.Idempotency is not null && await session.LoadAsync<Import>(id, cancel) is { } earlier)
        {
            http.Response.Headers[Answers.ReplayedHeader] = "true";
            return earlier.Fingerprint == call.Idempotency.Fingerprint ? await documents.Find(workspace, id, cancel) : throw RefusedException.KeyReused();
        }

        var columns = mapping is null ? null : await MappingEndpoints.Find(session, mapping, cancel) ?? throw new InvalidRequestException(
            FieldProblem.In("mapping", "unknown-mapping", "There is no mapping of that name. GET …/mappings lists them."));
        var import = new Import
        {
            Id = id,
            Mapping = columns,
            Fingerprint = call.Idempotency?.Fingerprint,
            Format = FormatOf(format, columns, name, unpacked, isEmpty: read == 0),
            Name = name,
            Complete = complete,
            User = call.User,
            CreatedAt = Coding.Microseconds.Floor(clock.GetUtcNow()),
        };

        await intake.Queue(workspace, import, beginning.AsMemory(0, read), file, session, cancel);
        return await documents.Find(workspace, id, cancel);
    }

    private static string FormatOf(string? given, CsvMapping? mapping, string? name, ReadOnlySpan<byte> beginning, bool isEmpty)
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

        return (ImportFormats.NamedAs(name) ?? ImportFormats.Detect(beginning))?.Name ?? throw new InvalidRequestException(FieldProblem.In(
            "format",
            "unknown-format",
            (isEmpty ? "The file is empty."
                : beginning.IsEmpty ? "The file is packed, and nothing can be read from it: it is damaged, or empty within."
                : "The file is of no format that we know.")
            + $" Say which it should be: {string.Join(", ", ImportFormats.Names)}."));
    }
}
