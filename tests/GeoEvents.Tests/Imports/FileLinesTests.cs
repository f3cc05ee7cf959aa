using System.Text;
using CsCheck;
using GeoEvents.Imports.Formats;

namespace GeoEvents.Tests.Imports;

public class FileLinesTests
{
    /// <summary>Lines from nothing to several blocks, with both ends of line.</summary>
    [Fact]
    public Task Every_line_comes_once_with_its_number_however_long() => Gen.Select(
            Gen.OneOf(Gen.Int[0, 80], Gen.Int[60_000, 70_000], Gen.Int[120_000, 300_000]).Array[0, 12], Gen.Bool, Gen.Bool)
        .SampleAsync(async (lengths, windows, last) =>
        {
            var lines = lengths.Select((length, i) => new string((char)('a' + i), length)).ToList();
            var end = windows ? "\r\n" : "\n";
            var read = await Read(Encoding.UTF8.GetBytes(string.Join(end, lines) + (last ? end : "")));

            read.Select(l => (l.Number, Encoding.UTF8.GetString(l.Bytes.Span))).ShouldBe(
                lines.Select((l, i) => (Number: i + 1L, Line: l)).Where(l => l.Line.Length > 0));
        }, iter: 40);

    [Fact]
    public async Task A_byte_order_mark_and_blank_lines_are_passed_over()
    {
        var read = await Read([.. "\uFEFF"u8, .. "a\n\n \t\nb"u8]);

        read.Select(l => (l.Number, Encoding.UTF8.GetString(l.Bytes.Span))).ShouldBe([(1, "a"), (4, "b")]);
    }

    [Fact]
    public async Task A_line_too_long_for_a_row_comes_whole_and_is_marked()
    {
        var read = await Read(Encoding.UTF8.GetBytes(new string('x', FileLine.LongestRow + 1) + "\ny"));

        read.Select(l => (l.Bytes.Length, l.TooLong)).ShouldBe([(FileLine.LongestRow + 1, true), (1, false)]);
    }

    [Fact]
    public async Task A_file_without_ends_of_line_is_not_held_in_memory() =>
        (await Should.ThrowAsync<UnreadableFileException>(() => Read(new byte[FileLines.Longest + 1]))).Message.ShouldContain("Line 1 ");

    private static async Task<List<FileLine>> Read(byte[] file)
    {
        var lines = new List<FileLine>();
        await foreach (var some in FileLines.Read(new MemoryStream(file), TestContext.Current.CancellationToken))
        {
            lines.AddRange(some);
        }

        return lines;
    }
}
