using System.Runtime.CompilerServices;

namespace GeoEvents.Imports.Formats;

/// <summary>One line of a file, without its end.</summary>
public readonly record struct FileLine(long Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Bytes. A longer line is no row of any format we read; it is rejected, and kept whole.</summary>
    public const int LongestRow = 1 << 20;

    public bool TooLong => Bytes.Length > LongestRow;
}

/// <summary>Reads a file by its lines in bounded memory, some at a time.</summary>
public static class FileLines
{
    /// <summary>Bytes. What has no end of line in so many has no lines at all.</summary>
    public const int Longest = 16 << 20;

    /// <summary>Bytes read at a time, as long as lines are short. Small enough that garbage of it is collected early.</summary>
    private const int Block = 64 << 10;

    /// <summary>The lines that hold anything; a byte order mark at the start is passed over. Lines of one list share their memory.</summary>
    /// <exception cref="UnreadableFileException">A line is longer than <see cref="Longest"/>.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<FileLine>> Read(Stream file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (block, filled, number) = (new byte[Block], 0, 0L);
        while (true)
        {
            filled += await file.ReadAtLeastAsync(block.AsMemory(filled), block.Length - filled, throwOnEndOfStream: false, cancel);
            var last = filled < block.Length;
            var whole = last ? filled : block.AsSpan().LastIndexOf((byte)'\n') + 1;
            if (whole == 0 && !last && filled >= Longest)
            {
                throw new UnreadableFileException($"Line {number + 1} is longer than {Longest >> 20} MiB: this is no file of rows.");
            }

            yield return Split(block.AsMemory(0, whole), ref number);
            if (last)
            {
                yield break;
            }

            var rest = block.AsSpan(whole, filled - whole);
            block = new byte[Math.Max(Block, rest.Length * 2)];
            rest.CopyTo(block);
            filled = rest.Length;
        }
    }

    /// <param name="number">Of the line before the first; afterwards of the last.</param>
    private static List<FileLine> Split(ReadOnlyMemory<byte> block, ref long number)
    {
        var lines = new List<FileLine>();
        if (number == 0 && block.Span.StartsWith("\uFEFF"u8))
        {
            block = block[3..];
        }

        while (!block.IsEmpty)
        {
            number++;
            var end = block.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? block : block[..end]).TrimEnd((byte)'\r');
            block = end < 0 ? default : block[(end + 1)..];
            if (line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0)
            {
                lines.Add(new FileLine(number, line));
            }
        }

        return lines;
    }
}
