using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Tests.Relationships;

public class PostureTests
{
    private static readonly DateTimeOffset Tau = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Dwells are 21 days for rung 2 and 90 for rung 4 and 5.</summary>
    [Theory]
    [InlineData("diplomatic-protest", 0, 2)]
    [InlineData("diplomatic-protest", 21, 2)]
    [InlineData("economic-sanctions", 90, 4)]
    [InlineData("visit", 0, 0)]
    public void An_incident_holds_its_rung_for_the_dwell_the_last_instant_included(string type, int days, int rung)
    {
        RungAt(Tau.AddDays(days), Entry(type)).ShouldBe(rung);
        RungAt(Tau.AddDays(-1), Entry(type)).ShouldBe(0);
        RungAt(Tau.AddDays(91).AddTicks(1), Entry(type)).ShouldBe(0);
    }

    [Fact]
    public void The_instant_after_the_dwell_is_beyond_it() => RungAt(Tau.AddDays(21).AddMicroseconds(1), Entry("diplomatic-protest")).ShouldBe(0);

    [Fact]
    public void A_lower_measure_holds_rung_3_after_its_dwell_until_it_is_closed()
    {
        var open = Entry("economic-sanctions") with { Opens = true, ClosedAt = Tau.AddDays(200) };

        RungAt(Tau.AddDays(90), open).ShouldBe(4);
        RungAt(Tau.AddDays(90).AddMicroseconds(1), open).ShouldBe(3);
        RungAt(Tau.AddDays(200).AddMicroseconds(-1), open).ShouldBe(3);
        RungAt(Tau.AddDays(200), open).ShouldBe(0);
    }

    [Fact]
    public void A_measure_from_rung_5_holds_while_open_and_for_the_dwell_after_closing()
    {
        var open = Entry("ambassador-recalled") with { Opens = true };
        RungAt(Tau.AddDays(5000), open).ShouldBe(5);

        var closed = open with { ClosedAt = Tau.AddDays(200) };
        RungAt(Tau.AddDays(290), closed).ShouldBe(5);
        RungAt(Tau.AddDays(290).AddMicroseconds(1), closed).ShouldBe(0);
    }

    [Fact]
    public void The_highest_rung_counts_and_the_last_incident_that_holds_it_is_named()
    {
        var (first, second, lower) = (Guid.CreateVersion7(Tau), Guid.CreateVersion7(Tau.AddDays(1)), Guid.CreateVersion7(Tau.AddDays(2)));
        var fold = new RelationshipFold(
            [
                Entry("economic-sanctions") with { Incident = first },
                Entry("economic-sanctions") with { Incident = second, Tau = Tau.AddDays(1) },
                Entry("diplomatic-protest") with { Incident = lower, Tau = Tau.AddDays(2) },
            ],
            Methods.Shipped);

        fold.At(Tau.AddDays(3)).Rung.ShouldBe(4);
        fold.PostureHeldBy(Tau.AddDays(3)).ShouldBe(second);
        fold.PostureHeldBy(Tau.AddDays(-1)).ShouldBeNull();
    }

    private static int RungAt(DateTimeOffset t, params LedgerEntry[] entries) =>
        new Posture(ImpulseList.Of(entries.Select(e => Impulse.Of(e, Methods.Shipped))), Methods.Shipped).RungAt(t);

    private static LedgerEntry Entry(string type) => new(Guid.Empty, 0, true, 1, Tau, type, null, 0.9, 0, 0, false, false, null);
}
