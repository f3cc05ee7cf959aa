using System.Text;
using System.Threading.Channels;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;
using GeoEvents.Recording;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.Tests.Imports;

/// <summary>Others wait for a commit of an import, so it is kept short while there are others.</summary>
public class ImportStrideTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2025, 7, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly ImportStride stride;

    public ImportStrideTests() => stride = new ImportStride(clock);

    [Fact]
    public void It_is_long_while_nobody_else_records()
    {
        stride.Pieces.ShouldBe(ImportStride.Longest);
        stride.Note(Facts(5, 6, 7));
        stride.Note(Facts(8));
        stride.Note(Facts());
        stride.Note(null);
        stride.Note(Facts(9, 10));
        stride.Pieces.ShouldBe(ImportStride.Longest);
    }

    [Fact]
    public void It_is_short_for_a_minute_after_somebody_recorded_in_between()
    {
        stride.Note(Facts(5, 6));
        stride.Note(Facts(8, 9));
        stride.Pieces.ShouldBe(1);

        clock.Advance(ImportStride.Regard - TimeSpan.FromTicks(1));
        stride.Note(Facts(10));
        stride.Pieces.ShouldBe(1);

        clock.Advance(TimeSpan.FromTicks(1));
        stride.Pieces.ShouldBe(ImportStride.Longest);
        stride.Note(Facts(12));
        stride.Pieces.ShouldBe(1);
    }

    [Fact]
    public async Task Pieces_of_a_file_are_short_and_as_many_as_may_be_are_taken_together()
    {
        var file = string.Concat(Enumerable.Range(0, 1_300).Select(i =>
            $$"""{"id":"{{i}}","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}{{'\n'}}"""));
        stride.Note(Facts(5));
        stride.Note(Facts(7));
        var import = new Import { Id = Guid.Empty, Format = "jsonl", User = "ada", CreatedAt = default };
        var pieces = await ImportReading.Read(
            new JsonLinesFormat(), new MemoryStream(Encoding.UTF8.GetBytes(file)), import, new StatedRows(), stride, clock, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        pieces.Select(p => (p.Incidents.Count, p.Last)).ShouldBe([(250, false), (250, false), (250, false), (250, false), (250, false), (50, true)]);

        var ready = Channel.CreateUnbounded<PreparedRows>();
        pieces.Skip(1).ToList().ForEach(p => ready.Writer.TryWrite(p).ShouldBeTrue());
        var together = ImportReading.Together(pieces[0], ready.Reader, most: 4);
        together.Incidents.Select(r => r.Content.Id).ShouldBe(Enumerable.Range(0, 1_000).Select(i => $"{i}"));
        together.Last.ShouldBeFalse();
        ImportReading.Together(together, ready.Reader, most: 4).ShouldSatisfyAllConditions(r => r.Incidents.Count.ShouldBe(1_300), r => r.Last.ShouldBeTrue());
    }

    private static Recorded Facts(params long[] positions) =>
        new(positions.LastOrDefault(), default, [.. positions.Select((p, i) => new RecordedFact(default, p, 1 + i, new object(), new object()))]);
}
