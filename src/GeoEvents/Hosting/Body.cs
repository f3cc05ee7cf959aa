using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace GeoEvents.Hosting;

/// <summary>Reads a JSON request body, and says of a bad one which field is wrong.</summary>
public static class Body
{
    /// <exception cref="InvalidRequestException">Not UTF-8, not JSON, or a field is unknown, repeated or of the wrong shape.</exception>
    /// <exception cref="RefusedException">Not sent as JSON (415).</exception>
    public static async Task<(T Value, byte[] Bytes)> Read<T>(HttpRequest request, CancellationToken cancel)
    {
        RefuseUnlessJson(request);
        var bytes = await BytesOf(request, cancel);
        return (Parse<T>(bytes), bytes);
    }

    /// <summary>For an address that takes no fields: the body may be left out or be an empty object.</summary>
    /// <exception cref="InvalidRequestException">It says something.</exception>
    /// <exception cref="RefusedException">It is there and not sent as JSON (415).</exception>
    public static async Task<byte[]> ReadNothing(HttpRequest request, CancellationToken cancel)
    {
        var bytes = await BytesOf(request, cancel);
        if (bytes.Length > 0)
        {
            RefuseUnlessJson(request);
            Parse<Nothing>(bytes);
        }

        return bytes;
    }

    private sealed record Nothing;

    private static void RefuseUnlessJson(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new RefusedException("unsupported-media-type", "Send the body as application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static async Task<byte[]> BytesOf(HttpRequest request, CancellationToken cancel)
    {
        using var buffer = new MemoryStream((int)Math.Min(request.ContentLength ?? 4096, 1 << 20));
        await request.Body.CopyToAsync(buffer, cancel);
        return buffer.ToArray();
    }

    /// <exception cref="InvalidRequestException">As for <see cref="Read{T}"/>.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new InvalidRequestException(FieldProblem.At("", "not-utf-8", "The text is not valid UTF-8."));
        }

        try
        {
            if (NullElements.First(utf8) is { } pointer)
            {
                throw new InvalidRequestException(FieldProblem.At(pointer, "malformed", "A list holds no null."));
            }

            if (Discriminators.Fault<T>(utf8) is { } fault)
            {
                throw new InvalidRequestException(fault);
            }

            return JsonSerializer.Deserialize<T>(utf8, GeoJson.Options)
                ?? throw new InvalidRequestException(FieldProblem.At("", "required", "The body is null; it has to be a JSON object."));
        }
        catch (JsonException e) when (e.Message.Contains("maximum configured depth", StringComparison.Ordinal))
        {
            throw new InvalidRequestException(FieldProblem.At("", "malformed", $"Nested too deeply: at most {GeoJson.Options.MaxDepth} levels."));
        }
        catch (JsonException e) when (e.InnerException is JsonException syntax && syntax.GetType().Name == "JsonReaderException")
        {
            throw new InvalidRequestException(FieldProblem.At(
                PointerOf(e.Path), "malformed", utf8.IsEmpty ? "The body is empty." : $"Not JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on."));
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException(FieldProblem.At(PointerOf(e.Path), "malformed", e.Path == "$" && !IsObject(utf8) ? "It has to be a JSON object." : Sentence(e)));
        }
    }

    private static bool IsObject(ReadOnlySpan<byte> utf8) => utf8.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    /// <summary>The RFC 6901 pointer of a path as System.Text.Json writes it: <c>$.links[0].actor</c> is <c>/links/0/actor</c>.</summary>
    public static string PointerOf(string? path)
    {
        var pointer = new StringBuilder();
        for (var i = 1; i < (path?.Length ?? 0);)
        {
            var (start, close) = path![i] switch
            {
                '[' when path.AsSpan(i).StartsWith("['") => (i + 2, "']"),
                '[' => (i + 1, "]"),
                _ => (i + 1, ""),
            };
            var end = close.Length > 0 ? path.IndexOf(close, start, StringComparison.Ordinal) : path.IndexOfAny(['.', '['], start);
            end = end < 0 ? path.Length : end;
            pointer.Append('/').Append(path[start..end].Replace("~", "~0").Replace("/", "~1"));
            i = end + close.Length;
        }

        return pointer.ToString();
    }

    /// <summary>The serializer's message without its tail of path and position, and without names of our classes.</summary>
    private static string Sentence(JsonException e)
    {
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
        {
            return "There is no such field.";
        }

        if (e.Message.Contains("uplicate", StringComparison.Ordinal))
        {
            return "The field is given twice.";
        }

        if (e.Message.Contains("could not be converted", StringComparison.Ordinal) || e.Message.Contains("GeoEvents.", StringComparison.Ordinal))
        {
            return "The value does not fit this field.";
        }

        var tail = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return tail < 0 ? e.Message : e.Message[..tail];
    }
}
