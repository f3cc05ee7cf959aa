using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Incidents;

public class ChangeClassTests
{
    private static readonly DateTimeOffset Tau = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IncidentLogged Logged = new(new IncidentContent(), [], "");

    /// <summary>Both limits belong to the fresher class.</summary>
    [Theory]
    [InlineData(0, ChangeClass.Live)]
    [InlineData(72, ChangeClass.Live)]
    [InlineData(72.001, ChangeClass.Late)]
    [InlineData(720, ChangeClass.Late)]
    [InlineData(720.001, ChangeClass.Backfill)]
    public void What_is_logged_is_live_late_or_backfill_by_its_age(double hours, ChangeClass expected) =>
        Of(Logged, hours).ShouldBe(expected);

    [Fact]
    public void What_an_import_brings_is_backfill_however_fresh() => Of(Logged with { Import = "i" }, 0).ShouldBe(ChangeClass.Backfill);

    [Fact]
    public void Every_other_fact_is_what_it_says()
    {
        Of(new IncidentRetracted("x", []), 0).ShouldBe(ChangeClass.Retraction);
        Of(new IncidentReinstated("x", []), 0).ShouldBe(ChangeClass.Reinstatement);
        Of(new IncidentCorrected([], "x", []), 0).ShouldBe(ChangeClass.Correction);
        Of(new IncidentGraded(1, null, "x", []), 0).ShouldBe(ChangeClass.Correction);
    }

    private static ChangeClass Of(IncidentEvent fact, double hours) => ChangeClasses.Of(fact, Tau, Tau.AddHours(hours), Methods.Shipped.Parameters);
}
