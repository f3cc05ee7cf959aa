namespace GeoEvents.Imports.Formats;

/// <summary>A line taken apart at its tabs, without a copy.</summary>
internal readonly ref struct TabRow
{
    private readonly ReadOnlySpan<byte> line;
    private readonly ReadOnlySpan<int> ends;

    /// <param name="room">Where the ends of columns are put; the line has at most one column more than there is room.</param>
    public TabRow(ReadOnlySpan<byte> line, Span<int> room)
    {
        var (count, start) = (0, 0);
        while (count < room.Length)
        {
            var length = line[start..].IndexOf((byte)'\t');
            room[count++] = length < 0 ? line.Length : start + length;
            if (length < 0)
            {
                break;
            }

            start += length + 1;
        }

        this.line = line;
        ends = room[..count];
        Columns = ends[^1] == line.Length ? count : line.Count((byte)'\t') + 1;
    }

    /// <summary>How many columns the line has, also beyond those there was room for.</summary>
    public int Columns { get; }

    public ReadOnlySpan<byte> this[int column] => From(column, column);

    /// <summary>Neighbouring columns with the tabs between them.</summary>
    public ReadOnlySpan<byte> From(int first, int last) => line[(first == 0 ? 0 : ends[first - 1] + 1)..ends[last]];
}
