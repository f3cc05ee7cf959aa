using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Relationships;

public class ImpulseTests
{
    private static readonly DateTimeOffset Tau = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LedgerEntry Entry = new(
        Guid.Empty, 0, Forward: true, Attribution: 1, Tau, "economic-sanctions", null, Credibility: 0.9, 0, 0, Deliberate: false, Opens: false, ClosedAt: null);

    [Fact]
    public void Nothing_of_an_impulse_is_there_before_it_happened() => Remaining(Entry, -0.0001).ShouldBe(0);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(14, 0.5)]
    [InlineData(28, 0.25)]
    public void An_impulse_halves_with_every_half_life(double days, double remaining) => Remaining(Entry, days).ShouldBe(remaining, 1e-12);

    /// <summary>Rung 4 has the floor 0.4.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(14, 0.5)]
    [InlineData(28, 0.4)]
    [InlineData(400, 0.4)]
    public void An_open_measure_does_not_fall_below_its_floor(double days, double remaining) =>
        Remaining(Entry with { Opens = true }, days).ShouldBe(remaining, 1e-12);

    [Theory]
    [InlineData(100, 0.4)]
    [InlineData(114, 0.2)]
    public void A_closed_measure_decays_from_its_value_at_closing(double days, double remaining) =>
        Remaining(Entry with { Opens = true, ClosedAt = Tau.AddDays(100) }, days).ShouldBe(remaining, 1e-12);

    [Fact]
    public void A_measure_that_was_closed_before_it_opened_never_held_a_floor() =>
        Remaining(Entry with { Opens = true, ClosedAt = Tau.AddDays(-5) }, 28).ShouldBe(0.25, 1e-12);

    [Fact]
    public void At_the_instant_of_closing_a_measure_is_no_longer_in_force()
    {
        var measure = Impulse.Of(Entry with { Opens = true, ClosedAt = Tau.AddDays(1) }, Methods.Shipped);

        measure.InForceAt(Tau).ShouldBeTrue();
        measure.InForceAt(Tau.AddDays(1).AddTicks(-1)).ShouldBeTrue();
        measure.InForceAt(Tau.AddDays(1)).ShouldBeFalse();
        measure.InForceAt(Tau.AddTicks(-1)).ShouldBeFalse();
    }

    /// <summary>h = max(0, −g)·c·ℓ·m; conflict and cooperation are never netted.</summary>
    [Fact]
    public void An_impulse_is_weight_times_credibility_attribution_and_magnitude()
    {
        var hostile = Impulse.Of(Entry with { Attribution = 0.5, Deaths = 9 }, Methods.Shipped);
        hostile.Hostile.ShouldBe(7.5 * 0.9 * 0.5 * 1.25, 1e-12);
        hostile.Cooperative.ShouldBe(0);

        var friendly = Impulse.Of(Entry with { Type = "visit", Credibility = null }, Methods.Shipped);
        (friendly.Hostile, friendly.Cooperative).ShouldBe((0, 4 * 0.5));
    }

    [Theory]
    [InlineData("economic-sanctions", 0.6, 0.5, false, true)]
    [InlineData("economic-sanctions", 0.59, 0.5, false, false)]
    [InlineData("economic-sanctions", 0.6, 0.49, false, false)]
    [InlineData("threat-of-force", 0.9, 1, false, false)]
    [InlineData("threat-of-force", 0.9, 1, true, true)]
    public void A_posture_is_held_by_what_is_credible_attributed_and_from_rung_6_deliberate(string type, double c, double l, bool deliberate, bool qualifies) =>
        Impulse.Of(Entry with { Type = type, Credibility = c, Attribution = l, Deliberate = deliberate }, Methods.Shipped).Qualifies.ShouldBe(qualifies);

    private static double Remaining(LedgerEntry entry, double days) =>
        Impulse.Of(entry, Methods.Shipped).Remaining(Tau.AddDays(days), Methods.Shipped.Parameters.HalfLifeFastDays);
}
