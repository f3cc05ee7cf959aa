using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Relationships;

public class DailySumsTests
{
    private static readonly DateTimeOffset Start = new(2024, 12, 31, 17, 0, 0, TimeSpan.Zero);

    private static readonly LedgerEntry[] Entries =
    [
        .. Enumerable.Range(0, 40).Select(i => new LedgerEntry(
            Guid.CreateVersion7(Start.AddHours(i)), 0, i % 3 != 0, 0.7, Start.AddHours(37 * i), i % 4 == 0 ? "visit" : "economic-sanctions", null, 0.8, i, 0, false,
            Opens: i % 7 == 1, ClosedAt: i % 14 == 1 ? Start.AddHours(50 * i) : null)),
    ];

    /// <summary>Carried from midnight to midnight or summed term by term: the same number.</summary>
    [Fact]
    public void Sums_are_those_of_the_formula()
    {
        var daily = Sums();
        for (var hours = -5; hours < 3000; hours += 13)
        {
            var t = Start.AddHours(hours);
            var sums = daily.At(t);
            sums.HostileFast.ShouldBe(Entries.Select(e => Impulse.Of(e, Methods.Shipped)).Sum(i => i.Hostile * i.Remaining(t, 14)), 1e-9);
            sums.CooperativeSlow.ShouldBe(Entries.Select(e => Impulse.Of(e, Methods.Shipped)).Sum(i => i.Cooperative * i.Remaining(t, 180)), 1e-9);
        }
    }

    [Fact]
    public void The_same_instant_gives_the_same_bits_whatever_was_asked_for_before()
    {
        var t = Start.AddHours(2000);
        var daily = Sums();
        for (var hours = 0; hours < 2000; hours += 7)
        {
            daily.At(Start.AddHours(hours));
        }

        daily.At(t).ShouldBe(Sums().At(t));
    }

    /// <summary>Saturation, and what it does to 0, to the method's constant, and to a great deal.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 63.212055882855765)]
    [InlineData(2000, 100)]
    public void Tension_saturates_at_100(double sum, double tension) => RelationshipState.Saturate(sum, Methods.Shipped).ShouldBe(tension, 1e-9);

    /// <summary>(0·ln2/14 + 0.02)/(0·ln2/180 + 0.02)</summary>
    [Fact]
    public void An_empty_record_is_in_balance_and_unobserved()
    {
        var state = new RelationshipFold([], Methods.Shipped).At(Start);

        (state.Pressure, state.Tension, state.Asymmetry, state.Rung, state.Baseline, state.Observation)
            .ShouldBe((1, 0, 0, 0, Baseline.Insufficient, Observation.Unobserved));
        new RelationshipFold([], Methods.Shipped).LevelAt(Start).ShouldBe(new RelativeLevel(null, 0, null));
    }

    private static DailySums Sums() => new(ImpulseList.Of(Entries.Select(e => Impulse.Of(e, Methods.Shipped))), Methods.Shipped);
}
