namespace GeoEvents.Hosting;

/// <summary>Which texts can be put on record: bounded, and free of characters that PostgreSQL or a terminal cannot take.</summary>
public static class TextRules
{
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

        return text.Any(c => char.IsControl(c) && !(multiline && (c is '\n' or '\r' or '\t')))
            ? ("control-character", "The text holds a control character.")
            : null;
    }

    public static bool IsWebAddress(string url, int longest) =>
        url.Length <= longest && Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && !url.Any(char.IsControl);
}
