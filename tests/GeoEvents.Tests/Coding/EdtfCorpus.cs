namespace GeoEvents.Tests.Coding;

/// <summary>One expression of <c>edtf-corpus.tsv</c>, and what edtf.js 4.11.1 makes of it.</summary>
/// <param name="First">Milliseconds since 1970, <c>-inf</c>, <c>unknown</c> or <c>none</c>; null where edtf.js refuses the text.</param>
/// <param name="Last">The last millisecond it holds, or <c>inf</c>, <c>unknown</c> or <c>none</c>.</param>
public sealed record EdtfVerdict(string Text, string? First, string? Last)
{
    public static readonly EdtfVerdict[] All =
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Coding", "edtf-corpus.tsv"))
           let fields = line.Split('\t')
           select new EdtfVerdict(fields[0], fields.ElementAtOrDefault(1), fields.ElementAtOrDefault(2)),
    ];

    public bool Accepted => First is not null;
}
