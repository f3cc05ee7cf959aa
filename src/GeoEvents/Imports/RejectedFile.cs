using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Imports;

/// <summary>The rejected rows of an import, as a file to mend and load again.</summary>
public static class RejectedFile
{
    /// <summary>The rows as they came, in the order of the file, read as they are written.</summary>
    public static async IAsyncEnumerable<RejectedRow> Rows(NpgsqlDataSource database, string workspace, Guid import, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select line, field, reason, raw from geo.import_rejection where workspace = $1 and import = $2 order by line, reason");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = import });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            yield return new RejectedRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }
    }

    /// <summary><c>events.tsv</c> is <c>events.rejected.tsv</c>; without folders.</summary>
    public static string NameOf(Import import)
    {
        var name = (import.Name ?? "import").Split('/', '\\')[^1];
        return $"{Path.GetFileNameWithoutExtension(name)}.rejected{Path.GetExtension(name)}";
    }

    /// <summary>Each row with one more column, which says where and why.</summary>
    public static async Task WriteTabbed(Stream to, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        await foreach (var row in rows)
        {
            await to.WriteAsync(Encoding.UTF8.GetBytes($"{row.Raw}\t{Why(row)}\n"), cancel);
        }
    }

    /// <summary>Each row as an object with the property <c>rejected</c>; what is no object is its property <c>row</c>.</summary>
    public static async Task WriteJsonLines(Stream to, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        await foreach (var row in rows)
        {
            var line = Parsed(row.Raw) ?? new JsonObject { ["row"] = row.Raw };
            line["rejected"] = Why(row);
            await to.WriteAsync(Encoding.UTF8.GetBytes($"{line.ToJsonString(GeoJson.Options)}\n"), cancel);
        }
    }

    private static string Why(RejectedRow row) => row.Column.Length == 0 ? row.Reason : $"{row.Column}: {row.Reason}";

    private static JsonObject? Parsed(string raw)
    {
        try
        {
            return JsonNode.Parse(raw) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
