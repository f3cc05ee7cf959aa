using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GeoEvents.Imports.Formats;

/// <summary>
/// Rejected rows as a file of the format they came in, with the reason beside each, to be mended and loaded again. Readers pass the reasons over.
/// </summary>
internal static class RejectedRows
{
    /// <summary>Column of tables that holds the reason.</summary>
    public const string Column = "rejected_because";

    /// <summary>Property of JSON objects that holds the reason. An object with no other is a remark on what follows, and no row.</summary>
    private static ReadOnlySpan<byte> Property => "rejected"u8;

    /// <summary>Tables of tabs: the reason is one more column at the end, which begins with <see cref="Column"/>.</summary>
    public static async Task WriteTabs(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        if (header is not null)
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes($"{header}\t{Column}\n"), cancel);
        }

        await foreach (var row in rows.WithCancellation(cancel))
        {
            await file.WriteAsync(row.Raw, cancel);
            await file.WriteAsync(Encoding.UTF8.GetBytes($"\t{Column}: {Reason(row)}\n"), cancel);
        }
    }

    /// <summary>
    /// JSON values one after the other: an object gets the reason as its last property; what is no object comes as it was, after an object that has only the reason.
    /// </summary>
    public static async Task WriteJson(Stream file, string between, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel)
    {
        var separator = "";
        await foreach (var row in rows.WithCancellation(cancel))
        {
            var mark = $"\"rejected\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Reason(row))}\"";
            var end = row.Raw.Span.LastIndexOf((byte)'}');
            await file.WriteAsync(Encoding.UTF8.GetBytes(separator), cancel);
            if (HasProperties(row.Raw.Span))
            {
                await file.WriteAsync(row.Raw[..end], cancel);
                await file.WriteAsync(Encoding.UTF8.GetBytes($",{mark}}}"), cancel);
            }
            else
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes($"{{{mark}}}{between}"), cancel);
                await file.WriteAsync(row.Raw, cancel);
            }

            separator = between;
        }
    }

    /// <summary>A line of a table of tabs without the reason for which it was rejected before.</summary>
    public static ReadOnlyMemory<byte> UnmarkedTabs(ReadOnlyMemory<byte> line) =>
        line.Span.LastIndexOf((byte)'\t') is >= 0 and var tab && line.Span[(tab + 1)..].StartsWith("rejected_because"u8) ? line[..tab] : line;

    /// <summary>An object without the reason for which it was rejected before.</summary>
    /// <returns>Null if there was nothing but the reason; anything that is no JSON object as it was.</returns>
    public static ReadOnlyMemory<byte>? Unmarked(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\"rejected\""u8) < 0)
        {
            return json;
        }

        try
        {
            var reader = new Utf8JsonReader(json.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return json;
            }

            for (var (first, last) = (true, (int)reader.BytesConsumed); reader.Read() && reader.TokenType == JsonTokenType.PropertyName; first = false)
            {
                var (start, isMark) = ((int)reader.TokenStartIndex, reader.ValueTextEquals(Property));
                reader.Read();
                reader.Skip();
                if (!isMark)
                {
                    last = (int)reader.BytesConsumed;
                    continue;
                }

                var end = (int)reader.BytesConsumed;
                reader.Read();
                return (first, reader.TokenType) switch
                {
                    (true, JsonTokenType.EndObject) => (ReadOnlyMemory<byte>?)null,
                    (true, _) => Without(json.Span, start, (int)reader.TokenStartIndex),
                    _ => Without(json.Span, last, end),
                };
            }
        }
        catch (JsonException)
        {
            // Whoever reads the row says what is wrong with it.
        }

        return json;
    }

    public static string Reason(RejectedRow row)
    {
        var reason = row.Column.Length > 0 ? $"{row.Column}: {row.Reason}" : row.Reason;
        return string.Concat(reason.Select(c => char.IsControl(c) ? ' ' : c));
    }

    private static byte[] Without(ReadOnlySpan<byte> json, int from, int to) => [.. json[..from], .. json[to..]];

    private static bool HasProperties(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var found = reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName;
            while (reader.Read())
            {
                // To the end, since a row may go wrong anywhere.
            }

            return found;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
