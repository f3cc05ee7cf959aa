using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace GeoEvents.Imports;

/// <summary>One line of a file, without its end.</summary>
/// <param name="TooLong">Whether it was cut because it exceeds <see cref="FileLines.Longest"/>.</param>
public readonly record struct FileLine(long Number, byte[] Bytes, bool TooLong);

/// <summary>Reads a file line by line in bounded memory.</summary>
public static class FileLines
{
    /// <summary>Bytes. A longer line is no row of any format we read.</summary>
    public const int Longest = 1 << 20;

    /// <summary>The lines that hold anything; a byte order mark at the start is passed over.</summary>
    public static async IAsyncEnumerable<FileLine> Read(Stream file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        long number = 0;
        var overflowing = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancel);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                number++;
                if (Line(number, buffer.Slice(0, end), overflowing) is { } line)
                {
                    yield return line;
                }

                overflowing = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > Longest)
            {
                if (!overflowing)
                {
                    yield return new FileLine(number + 1, buffer.Slice(0, 1000).ToArray(), TooLong: true);
                }

                overflowing = true;
                buffer = buffer.Slice(buffer.End);
            }

            if (result.IsCompleted)
            {
                if (!buffer.IsEmpty && Line(number + 1, buffer, overflowing) is { } last)
                {
                    yield return last;
                }

                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <returns>Null for a blank line, and for the tail of one that was too long.</returns>
    private static FileLine? Line(long number, ReadOnlySequence<byte> bytes, bool tail)
    {
        if (tail)
        {
            return null;
        }

        var line = bytes.ToArray().AsSpan();
        if (number == 1 && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        line = line.TrimEnd((byte)'\r');
        return line.Trim(" \t"u8).IsEmpty ? null : new FileLine(number, line.ToArray(), line.Length > Longest);
    }
}
