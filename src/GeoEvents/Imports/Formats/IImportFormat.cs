using GeoEvents.Context;
using GeoEvents.Imports.Mappings;
using GeoEvents.Incidents;

namespace GeoEvents.Imports.Formats;

/// <summary>A file format that incidents come in.</summary>
public interface IImportFormat
{
    /// <summary>As in <c>?format=</c>.</summary>
    string Name { get; }

    /// <summary>Actors and sources that the rows refer to; complete once the first row has been read.</summary>
    Registrations Registrations { get; }

    /// <summary>What the file says around relationships; complete once the first row has been read.</summary>
    CaseContext Context => CaseContext.None;

    /// <summary>What the file says besides that is not taken, for the person who loads it.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>The line that names the columns, as it stands in the file; null if there is none. Known once the first row has been read.</summary>
    string? Header => null;

    /// <summary>Whether a file that begins with this line is of this format.</summary>
    bool Recognises(ReadOnlySpan<byte> firstLine);

    /// <param name="passOver">How many rows at the beginning are not wanted: they are counted, and not taken apart if that can be helped.</param>
    /// <returns>The other rows in the order of the file, some at a time.</returns>
    /// <exception cref="UnreadableFileException">The file as a whole cannot be read.</exception>
    IAsyncEnumerable<IReadOnlyList<ImportRow>> Read(Stream file, long passOver, CancellationToken cancel);

    /// <summary>Writes rejected rows as a file of this format, each with its reason, which <see cref="Read"/> passes over: mended, the file can be loaded.</summary>
    /// <param name="header">As the import's file had it.</param>
    Task WriteRejected(Stream file, string? header, IAsyncEnumerable<RejectedRow> rows, CancellationToken cancel);
}

/// <summary>The file as a whole is not what it should be; nothing from there on is taken.</summary>
public sealed class UnreadableFileException(string reason) : Exception(reason);

/// <summary>The formats that can be imported.</summary>
public static class ImportFormats
{
    public static IReadOnlyList<string> Names { get; } = [.. All().Select(f => f.Name), CsvFormat.FormatName];

    /// <param name="mapping">What the columns of a CSV file mean; the other formats need none.</param>
    /// <returns>A new reader of that name; null if there is none, or none without a mapping.</returns>
    public static IImportFormat? Find(string name, CsvMapping? mapping = null) => name == CsvFormat.FormatName
        ? mapping is null ? null : new CsvFormat(mapping)
        : All().FirstOrDefault(f => f.Name == name);

    /// <summary>The format that a file's name tells, packed or not; null for most names.</summary>
    /// <remarks>Of JSON Lines the first line may be the one that is wrong.</remarks>
    public static IImportFormat? NamedAs(string? name)
    {
        string[] packed = [".gz", ".zip"];
        var plain = packed.FirstOrDefault(p => name?.EndsWith(p, StringComparison.OrdinalIgnoreCase) == true) is { } end ? name![..^end.Length] : name ?? "";
        return plain.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || plain.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) ? new JsonLinesFormat() : null;
    }

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

    /// <summary>Whether text begins so in UTF-16: with its mark, or with two letters of ASCII.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> beginning) =>
        beginning is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..];

    private static IImportFormat[] All() => [new JsonLinesFormat(), GdeltFormat.Version2, GdeltFormat.Version1, new IcewsFormat(), new CaseFormat()];
}
