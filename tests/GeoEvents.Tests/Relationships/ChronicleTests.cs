using System.Collections.Immutable;
using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Relationships;

/// <summary>A chronicle says what a plain sorted list says, whatever is added and removed in whatever order.</summary>
public class ChronicleTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Stretches_are_those_of_a_sorted_list() => Gen.Select(Gen.Select(Gen.Int[0, 400], Gen.Int[0, 5], Gen.Bool).Array[0, 3_000], Gen.Int[-1, 401], Gen.Int[-1, 401]).Sample(
        (steps, one, other) =>
        {
            var (chronicle, plain) = (new Chronicle(), new SortedList<(DateTimeOffset, Guid), ImmutableArray<Impulse>>());
            foreach (var (minute, number, adds) in steps)
            {
                var links = Links(minute, number);
                var key = (links[0].Tau, links[0].Incident);
                if (adds && plain.TryAdd(key, links))
                {
                    chronicle.Add(links);
                }
                else if (!adds && plain.Remove(key))
                {
                    chronicle.Remove(links);
                }
            }

            var (from, to, incident) = (Start.AddMinutes(one), Start.AddMinutes(other), Id(other, 3));
            (chronicle.Count, chronicle.First, chronicle.Last).ShouldBe((plain.Count, plain.Keys.Select(k => (DateTimeOffset?)k.Item1).FirstOrDefault(), plain.Keys.Select(k => (DateTimeOffset?)k.Item1).LastOrDefault()));
            chronicle.Between(from, to).ShouldBe(plain.Where(e => e.Key.Item1 > from && e.Key.Item1 <= to).Select(e => e.Value));
            chronicle.Before(to, incident, from).ShouldBe(plain.Where(e => e.Key.CompareTo((to, incident)) < 0 && e.Key.Item1 >= from).Select(e => e.Value).Reverse());
        },
        iter: 300);

    private static Guid Id(int minute, int number) => new(number, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(minute >> 8), (byte)minute);

    private static ImmutableArray<Impulse> Links(int minute, int number) =>
        [Impulse.Of(new LedgerEntry(Id(minute, number), 0, true, 1, Start.AddMinutes(minute), "criticism", null, 1, 0, 0, true, false, null), Methods.Shipped)];
}
