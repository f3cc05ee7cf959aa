using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Coverage;

namespace GeoEvents.Tests.Coverage;

public class CoverageMonthsTests
{
    private static readonly DateOnly June = new(2025, 6, 1);
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_month_without_incident_and_check_is_unobserved_and_says_when_anybody_looked_last()
    {
        var months = CoverageMonths.Of(
            June, June.AddMonths(2), [new IncidentMonth(June.AddMonths(1), 3, 2, Day(40))], Day(-5), [], valid: Day(90));

        months.Select(m => $"{m.Month} {m.Incidents} {m.Sources} {m.State} {m.LastLooked:MM-dd}")
            .ShouldBe(["2025-06 0 0 Unobserved 05-27", "2025-07 3 2 Observed 07-11", "2025-08 0 0 Unobserved 07-11"]);
    }

    [Fact]
    public void A_check_counts_in_every_month_it_searched_and_whole_days_once()
    {
        var months = CoverageMonths.Of(June, June.AddMonths(1), [], null, [Check(28, 32), Check(28.5, 31), Check(36, 36.5)], valid: Day(90));

        months.Select(m => $"{m.Checks} {m.DaysChecked} {m.LastLooked:MM-dd HH}").ShouldBe(["2 2 07-01 00", "3 2 07-07 12"], "the half day is no whole one");
    }

    [Fact]
    public void Nothing_after_V_counts()
    {
        var checks = new[] { Check(10, 20), Check(25, 28) };

        CoverageMonths.Of(June, June, [], null, checks, valid: Day(14)).Single().ShouldBe(new CoverageMonth("2025-06", 0, 0, 1, 4, Day(14), Observation.Observed));
        CoverageMonths.Of(June, June, [], null, checks, valid: Day(9)).Single().State.ShouldBe(Observation.Unobserved);
        CoverageMonths.Of(June, June, [], null, checks, valid: Day(10)).Single().State.ShouldBe(Observation.Observed, "its time has just begun");
    }

    /// <summary>Hour by hour: a day is checked when each of its hours lies in some check.</summary>
    [Fact]
    public void Whole_days_are_those_each_hour_of_which_was_searched() =>
        Gen.Select(Gen.Int[-30, 800], Gen.Int[1, 200]).Array[0, 12].Sample(times =>
        {
            var hours = times.SelectMany(t => Enumerable.Range(t.Item1, t.Item2)).ToHashSet();
            var expected = Enumerable.Range(0, 30).Count(day => Enumerable.Range(24 * day, 24).All(hours.Contains));

            CoverageMonths.DaysChecked(Start, Start.AddMonths(1), times.Select(t => (Start.AddHours(t.Item1), Start.AddHours(t.Item1 + t.Item2)))).ShouldBe(expected);
        });

    private static DateTimeOffset Day(double day) => Start.AddDays(day);

    private static RelationshipChecked Check(double from, double to) =>
        new(Dyad.Parse("AZE-RUS"), "c1", Day(from), Day(to), "wires", Found.Nothing, null, "ana");
}
