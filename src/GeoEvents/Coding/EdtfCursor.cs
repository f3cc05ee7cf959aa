namespace GeoEvents.Coding;

/// <summary>A place in the text that only moves forward, and the first error met on the way.</summary>
internal sealed class EdtfCursor(string text)
{
    public int Position { get; private set; }

    public EdtfError? Error { get; private set; }

    public bool AtEnd => Position >= text.Length;

    /// <summary>The next character, or NUL at the end; a NUL in the text fits no rule and is refused like any other.</summary>
    public char Current => AtEnd ? '\0' : text[Position];

    public bool Take(char expected)
    {
        var taken = !AtEnd && Current == expected;
        Position += taken ? 1 : 0;
        return taken;
    }

    /// <summary>Takes <c>..</c>.</summary>
    public bool TakeDots()
    {
        var taken = text.AsSpan(Position).StartsWith("..", StringComparison.Ordinal);
        Position += taken ? 2 : 0;
        return taken;
    }

    /// <summary>Takes as many decimal digits and letters X as follow, up to <paramref name="most"/>.</summary>
    public string TakeDigits(int most)
    {
        var start = Position;
        while (Position - start < most && (char.IsAsciiDigit(Current) || Current == 'X'))
        {
            Position++;
        }

        return text[start..Position];
    }

    /// <summary>Takes one of <c>? ~ %</c>.</summary>
    /// <returns>The character, or null if another follows.</returns>
    public char? TakeQualifier()
    {
        if (Current is not ('?' or '~' or '%'))
        {
            return null;
        }

        return text[Position++];
    }

    /// <returns>Nothing, so that a reader can fail in one expression.</returns>
    public T? Fail<T>(string message, int? at = null)
    {
        Error ??= new EdtfError(at ?? Position, message);
        return default;
    }
}
