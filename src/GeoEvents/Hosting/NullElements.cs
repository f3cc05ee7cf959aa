using System.Text;
using System.Text.Json;

namespace GeoEvents.Hosting;

/// <summary>Finds nulls among the elements of lists, which no list of ours holds and the serializer lets pass.</summary>
public static class NullElements
{
    /// <returns>JSON pointer of the first; null if there is none.</returns>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static string? First(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("null"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = GeoJson.Options.MaxDepth });
        var path = new Stack<(string? Name, int Index)>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path.Pop();
                    path.Push((reader.GetString(), 0));
                    continue;
                case JsonTokenType.StartObject:
                    path.Push(("", 0));
                    continue;
                case JsonTokenType.StartArray:
                    path.Push((null, 0));
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    break;
                case JsonTokenType.Null when path.TryPeek(out var within) && within.Name is null:
                    return Pointer(path);
            }

            if (path.TryPop(out var list))
            {
                path.Push(list.Name is null ? (null, list.Index + 1) : list);
            }
        }

        return null;
    }

    private static string Pointer(IEnumerable<(string? Name, int Index)> path)
    {
        var pointer = new StringBuilder();
        foreach (var (name, index) in path.Reverse())
        {
            pointer.Append('/').Append(name?.Replace("~", "~0").Replace("/", "~1") ?? $"{index}");
        }

        return pointer.ToString();
    }
}
