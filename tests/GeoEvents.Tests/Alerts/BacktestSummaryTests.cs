using GeoEvents.Alerts.Backtests;

namespace GeoEvents.Tests.Alerts;

public class BacktestSummaryTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3.5)]
    [InlineData(6.9)]
    public void The_worst_week_does_not_depend_on_where_the_stretch_begins(double earlier)
    {
        var week = Of(Start.AddDays(-earlier), 2, 12, 13, 15, 16, 30);
        (week.Worst, week.WorstFrom).ShouldBe((4, Start.AddDays(12)));
    }

    [Fact]
    public void Seven_days_end_before_their_beginning_comes_again()
    {
        Of(Start, 1, 8).Worst.ShouldBe(1);
        Of(Start, 1, 7.999).Worst.ShouldBe(2);
    }

    [Fact]
    public void The_median_is_of_weeks_from_the_beginning_on()
    {
        var week = Of(Start, 1, 2, 8, 22);
        (week.Median, week.Weeks).ShouldBe((1, 5));
    }

    [Fact]
    public void Without_alerts_there_is_no_worst_week() => Of(Start).ShouldBe(new AlertsPerWeek(0, 0, null, 5));

    private static AlertsPerWeek Of(DateTimeOffset from, params double[] days) =>
        BacktestSummary.PerWeek([.. days.Select(d => Start.AddDays(d))], from, Start.AddDays(35));
}
