using GeoEvents.Coding;
using static GeoEvents.Tests.Coding.EdtfResolutionTests;

namespace GeoEvents.Tests.Coding;

public class EdtfZoneTests
{
    private static readonly TimeZoneInfo Baku = TimeZoneInfo.FindSystemTimeZoneById("Asia/Baku");
    private static readonly TimeZoneInfo Kyiv = TimeZoneInfo.FindSystemTimeZoneById("Europe/Kyiv");
    private static readonly TimeZoneInfo Beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
    private static readonly TimeZoneInfo Havana = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");

    [Theory]
    [InlineData("2025-06-28", "2025-06-27T20:00:00", "2025-06-28T20:00:00")]
    [InlineData("2025-06", "2025-05-31T20:00:00", "2025-06-30T20:00:00")]
    [InlineData("2025-06-28T06:28:00", "2025-06-28T02:28:00", "2025-06-28T02:28:01")]
    [InlineData("2025-06-28T06:28:00Z", "2025-06-28T06:28:00", "2025-06-28T06:28:01")]
    [InlineData("2025-06-28T06:28:00+02", "2025-06-28T04:28:00", "2025-06-28T04:28:01")]
    [InlineData("0001-01-01", "0001-01-01", "0001-01-01T20:00:00")]
    public void A_date_is_of_its_zone_unless_it_states_an_offset(string text, string earliest, string latest)
    {
        var fourHoursEast = TimeZoneInfo.CreateCustomTimeZone("+04", TimeSpan.FromHours(4), null, null);
        Resolved(text, zone: fourHoursEast).ShouldBe(Interval(earliest, latest));
    }

    [Fact]
    public void A_zone_of_the_tz_database_is_what_it_was_that_day()
    {
        Resolved("2015-07-01", zone: Baku).ShouldBe(Interval("2015-06-30T19:00:00", "2015-07-01T19:00:00"));
        Resolved("2025-07-01", zone: Baku).ShouldBe(Interval("2025-06-30T20:00:00", "2025-07-01T20:00:00"));
    }

    [Fact]
    public void A_day_on_which_clocks_go_forward_has_23_hours() =>
        Resolved("2025-03-30", zone: Kyiv).ShouldBe(Interval("2025-03-29T22:00:00", "2025-03-30T21:00:00"));

    [Fact]
    public void A_day_on_which_clocks_go_back_has_25_hours() =>
        Resolved("2025-10-26", zone: Kyiv).ShouldBe(Interval("2025-10-25T21:00:00", "2025-10-26T22:00:00"));

    [Fact]
    public void A_time_that_clocks_skip_is_the_instant_they_change() =>
        Resolved("2025-03-30T03:30:00", zone: Kyiv).ShouldBe(Interval("2025-03-30T01:00:00", "2025-03-30T01:00:01"));

    [Fact]
    public void A_time_that_clocks_show_twice_reaches_from_the_first_to_the_second() =>
        Resolved("2025-10-26T03:30:00", zone: Kyiv).ShouldBe(Interval("2025-10-26T00:30:00", "2025-10-26T01:30:01"));

    [Theory]
    [InlineData("2025-10-26T02:59:59", "2025-10-25T23:59:59", "2025-10-26T00:00:00")]
    [InlineData("2025-10-26T04:00:00", "2025-10-26T02:00:00", "2025-10-26T02:00:01")]
    [InlineData("2025-03-30T02:59:59", "2025-03-30T00:59:59", "2025-03-30T01:00:00")]
    [InlineData("2025-03-30T04:00:00", "2025-03-30T01:00:00", "2025-03-30T01:00:01")]
    public void A_time_just_before_or_after_the_change_is_what_it_says(string text, string earliest, string latest) =>
        Resolved(text, zone: Kyiv).ShouldBe(Interval(earliest, latest));

    [Fact]
    public void A_day_whose_midnight_is_skipped_begins_when_clocks_change()
    {
        Resolved("2025-03-29", zone: Beirut).ShouldBe(Interval("2025-03-28T22:00:00", "2025-03-29T22:00:00"));
        Resolved("2025-03-30", zone: Beirut).ShouldBe(Interval("2025-03-29T22:00:00", "2025-03-30T21:00:00"));
    }

    [Fact]
    public void A_day_whose_midnight_comes_twice_begins_at_the_first()
    {
        Resolved("2025-11-01", zone: Havana).ShouldBe(Interval("2025-11-01T04:00:00", "2025-11-02T04:00:00"));
        Resolved("2025-11-02", zone: Havana).ShouldBe(Interval("2025-11-02T04:00:00", "2025-11-03T05:00:00"));
    }

    [Fact]
    public void The_days_of_a_year_follow_without_gap_or_overlap()
    {
        foreach (var zone in new[] { Kyiv, Beirut, Havana, Baku })
        {
            var days = Enumerable.Range(0, 365).Select(day => Resolved($"{new DateOnly(2025, 1, 1).AddDays(day):yyyy-MM-dd}", zone: zone)).ToList();
            days.Zip(days.Skip(1)).ShouldAllBe(pair => pair.First.Latest == pair.Second.Earliest);
        }
    }

    [Theory]
    [InlineData("2025-06-28T23:00:00Z/2025-06-28")]
    [InlineData("2025-06-29T01:00:00Z/2025-06-28")]
    [InlineData("2025-06-28/2025-06-27T21:00:00Z")]
    public void An_end_that_only_some_zones_put_before_the_start_resolves_in_the_others(string text)
    {
        var edtf = Edtf.Parse(text);
        TimeZoneInfo[] zones = [Havana, TimeZoneInfo.Utc, Baku];
        var refusals = zones.Select(zone => edtf.TryResolve(At("2030-01-01"), zone, out _, out var reason) ? null : reason).ToList();

        refusals.ShouldContain((string?)null);
        refusals.OfType<string>().Distinct().ShouldBe(["The end lies before the start."]);
    }
}
