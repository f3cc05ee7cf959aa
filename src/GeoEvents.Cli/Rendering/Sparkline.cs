namespace GeoEvents.Cli.Rendering;

/// <summary>A series as one line of blocks.</summary>
public static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">0 and up. The largest is drawn full; a block that stands for several shows the largest of them.</param>
    /// <param name="width">Most blocks, 1 and up.</param>
    /// <param name="full">What is drawn full instead, so that several lines can be compared; not below the largest value.</param>
    public static string Of(IReadOnlyList<double> values, int width, double? full = null)
    {
        var most = full ?? (values.Count == 0 ? 0 : values.Max());
        var count = Math.Min(width, values.Count);
        return string.Concat(Enumerable.Range(0, count).Select(i =>
        {
            var (from, to) = ((int)((long)i * values.Count / count), (int)((long)(i + 1) * values.Count / count));
            var value = Enumerable.Range(from, to - from).Max(j => values[j]);
            return most <= 0 ? Blocks[0] : Blocks[Math.Clamp((int)Math.Ceiling(value / most * Blocks.Length) - 1, 0, Blocks.Length - 1)];
        }));
    }
}
