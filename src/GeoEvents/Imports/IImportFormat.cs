using GeoEvents.Incidents;

namespace GeoEvents.Imports;

/// <summary>A file format that incidents come in.</summary>
public interface IImportFormat
{
    /// <summary>As in <c>?format=</c>.</summary>
    string Name { get; }

    /// <summary>Actors and sources that the rows refer to; complete once the first row has been read.</summary>
    Registrations Registrations { get; }

    /// <summary>What the file says besides that is not taken, for the person who loads it.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Whether a file that begins with this line is of this format.</summary>
    bool Recognises(ReadOnlySpan<byte> firstLine);

    /// <exception cref="UnreadableFileException">The file as a whole cannot be read.</exception>
    IAsyncEnumerable<ImportRow> Read(Stream file, CancellationToken cancel);

    /// <summary>Writes rejected rows as they came, each with the place and the reason; without gathering them.</summary>
    Task WriteRejected(Stream to, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel);
}

/// <summary>The file as a whole is not what it should be; nothing of it was taken.</summary>
public sealed class UnreadableFileException(string reason) : Exception(reason);

/// <summary>The formats that can be imported.</summary>
public static class ImportFormats
{
    public static IReadOnlyList<string> Names { get; } = [.. All().Select(f => f.Name)];

    /// <returns>A new reader of that name; null if there is none.</returns>
    public static IImportFormat? Find(string name) => All().FirstOrDefault(f => f.Name == name);

    /// <summary>The format of a file that begins with these bytes; null if none recognises it.</summary>
    public static IImportFormat? Detect(ReadOnlySpan<byte> beginning)
    {
        var start = beginning.StartsWith("\uFEFF"u8) ? beginning[3..] : beginning;
        start = start.TrimStart(" \t\r\n"u8);
        var end = start.IndexOf((byte)'\n');
        var firstLine = (end < 0 ? start : start[..end]).TrimEnd((byte)'\r');
        foreach (var format in All())
        {
            if (format.Recognises(firstLine))
            {
                return format;
            }
        }

        return null;
    }

    private static IImportFormat[] All() => [new JsonLinesFormat(), new Gdelt2Format(), new CaseFormat()];
}
