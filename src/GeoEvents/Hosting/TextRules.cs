using System.Buffers;

namespace GeoEvents.Hosting;

/// <summary>Which texts can be put on record: bounded, and free of characters that PostgreSQL or a terminal cannot take.</summary>
public static class TextRules
{
    private static readonly SearchValues<char> HostLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 256).Select(c => (char)c).Where(char.IsControl)]);
    private static readonly SearchValues<char> ControlsInText =
        SearchValues.Create([.. Enumerable.Range(0, 256).Select(c => (char)c).Where(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))]);

    /// <returns>Null if nothing is wrong.</returns>
    public static (string Code, string Detail)? Fault(string? text, int longest, bool required, bool multiline)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return required || text is { Length: > 0 } ? ("required", "The text is missing or blank.") : null;
        }

        if (text.Length > longest)
        {
            return ("too-long", $"At most {longest:N0} characters; these are {text.Length:N0}.");
        }

        return text.AsSpan().ContainsAny(multiline ? ControlsInText : Controls)
            ? ("control-character", "The text holds a control character.")
            : null;
    }

    public static bool IsWebAddress(string url, int longest) => url.Length <= longest
        && (IsPlainWebAddress(url)
            || Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && !url.Any(char.IsControl));

    /// <summary>The usual case, known without the whole grammar: a host name of at least two labels, and printable ASCII behind it.</summary>
    private static bool IsPlainWebAddress(ReadOnlySpan<char> url)
    {
        var rest = url.StartsWith("https://") ? url[8..] : url.StartsWith("http://") ? url[7..] : [];
        var end = rest.IndexOf('/');
        return end > 0 && IsHostName(rest[..end]) && rest[end..].IndexOfAnyExceptInRange('!', '~') < 0;
    }

    private static bool IsHostName(ReadOnlySpan<char> host)
    {
        var labels = 0;
        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            labels++;
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-' || label.IndexOfAnyExcept(HostLetters) >= 0)
            {
                return false;
            }
        }

        return labels > 1 && host.Length <= 253;
    }
}
