using System.Globalization;
using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class EdtfResolutionTests
{
    [Theory]
    [InlineData("2025", "2025-01-01", "2026-01-01")]
    [InlineData("2025-06", "2025-06-01", "2025-07-01")]
    [InlineData("2025-12", "2025-12-01", "2026-01-01")]
    [InlineData("2024-02-29", "2024-02-29", "2024-03-01")]
    [InlineData("2025-06-28T06:28:00Z", "2025-06-28T06:28:00", "2025-06-28T06:28:01")]
    [InlineData("2025-06-28T06:28:00", "2025-06-28T06:28:00", "2025-06-28T06:28:01")]
    [InlineData("2025-06-28T06:28Z", "2025-06-28T06:28:00", "2025-06-28T06:29:00")]
    [InlineData("2025-06-28T23:59:59-04", "2025-06-29T03:59:59", "2025-06-29T04:00:00")]
    [InlineData("2025-06-28T01:00:00+04:30", "2025-06-27T20:30:00", "2025-06-27T20:30:01")]
    [InlineData("201X", "2010-01-01", "2020-01-01")]
    [InlineData("19XX", "1900-01-01", "2000-01-01")]
    [InlineData("2024-XX", "2024-01-01", "2025-01-01")]
    [InlineData("2024-02-XX", "2024-02-01", "2024-03-01")]
    [InlineData("2024-XX-XX", "2024-01-01", "2025-01-01")]
    [InlineData("2024-21", "2024-03-01", "2024-06-01")]
    [InlineData("2024-22", "2024-06-01", "2024-09-01")]
    [InlineData("2024-23", "2024-09-01", "2024-12-01")]
    [InlineData("2023-24", "2023-12-01", "2024-03-01")]
    [InlineData("2024/2025-03", "2024-01-01", "2025-04-01")]
    [InlineData("2004-02-01/2004", "2004-02-01", "2005-01-01")]
    [InlineData("2025-06-28T06:28:00Z/2025-06-28T09:00Z", "2025-06-28T06:28:00", "2025-06-28T09:01:00")]
    [InlineData("[2020,2022-05]", "2020-01-01", "2022-06-01")]
    [InlineData("[2022-05,2020]", "2020-01-01", "2022-06-01")]
    [InlineData("[1667,1668,1670..1672]", "1667-01-01", "1673-01-01")]
    [InlineData("0001", "0001-01-01", "0002-01-01")]
    public void A_date_stands_for_the_whole_of_what_it_names(string text, string earliest, string latest) =>
        Resolved(text).ShouldBe(Interval(earliest, latest));

    [Theory]
    [InlineData("2025-02~", "2025-01-01", "2025-04-01")]
    [InlineData("2025-02%", "2025-01-01", "2025-04-01")]
    [InlineData("2025-02?", "2025-02-01", "2025-03-01")]
    [InlineData("2024~", "2023-01-01", "2026-01-01")]
    [InlineData("2025-06-28~", "2025-06-27", "2025-06-30")]
    [InlineData("2024-22~", "2024-03-01", "2024-12-01")]
    [InlineData("2024-21~", "2023-12-01", "2024-09-01")]
    [InlineData("2024-XX~", "2023-12-01", "2025-02-01")]
    [InlineData("201X~", "2009-01-01", "2021-01-01")]
    [InlineData("2024~/2025-03~", "2023-01-01", "2025-05-01")]
    [InlineData("[2020~,2022-05~]", "2019-01-01", "2022-07-01")]
    [InlineData("0001~", "0001-01-01", "0003-01-01")]
    public void Approximate_widens_by_one_unit_and_uncertain_by_none(string text, string earliest, string latest) =>
        Resolved(text).ShouldBe(Interval(earliest, latest));

    [Theory]
    [InlineData("2004-06-~11", "2004-06-10", "2004-06-13")]
    [InlineData("2004-~06-11", "2004-05-11", "2004-07-12")]
    [InlineData("2004-06~-11", "2004-05-11", "2004-07-12")]
    [InlineData("~2004-06-11", "2003-06-11", "2005-06-12")]
    [InlineData("2004~-06-11", "2003-06-11", "2005-06-12")]
    [InlineData("~2004-06-~11", "2004-06-10", "2004-06-13")]
    [InlineData("2004-06-11~", "2004-06-10", "2004-06-13")]
    [InlineData("?2004-06-%11", "2004-06-10", "2004-06-13")]
    [InlineData("2004~-06-11?", "2003-06-11", "2005-06-12")]
    [InlineData("2004-03~-31", "2004-02-29", "2004-05-01")]
    [InlineData("2024~-02-29", "2023-02-28", "2025-03-01")]
    public void The_finest_approximate_component_is_the_unit(string text, string earliest, string latest) =>
        Resolved(text).ShouldBe(Interval(earliest, latest));

    [Theory]
    [InlineData("2025-06-28", "2025-06-28T12:00:00")]
    [InlineData("2025-06-28/..", "2025-07-01T08:30:00")]
    [InlineData("2025-06-28/", "2025-07-01T08:30:00")]
    [InlineData("2025-06-28/2030", "2025-07-01T08:30:00")]
    [InlineData("[2025-06-28..]", "2025-07-01T08:30:00")]
    [InlineData("[2025-06-28,2030]", "2025-07-01T08:30:00")]
    public void The_end_is_clipped_at_the_time_of_recording(string text, string recordedAt) =>
        Resolved(text, recordedAt).ShouldBe(Interval("2025-06-28", recordedAt));

    [Theory]
    [InlineData("../2025", "The start is open or unknown.")]
    [InlineData("/2025", "The start is open or unknown.")]
    [InlineData("../..", "The start is open or unknown.")]
    [InlineData("[..2025]", "The start is open or unknown.")]
    [InlineData("[..1984,2025..]", "The start is open or unknown.")]
    [InlineData("-0044-03-15", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("0000", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("000X", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("Y170000002", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("Y-170000002/2008", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("0001-01-01T00:00:00+14:00", "Only the years 1 to 9999 can be placed in time.")]
    [InlineData("2031", "An incident cannot lie in the future.")]
    [InlineData("9999-12-31", "An incident cannot lie in the future.")]
    [InlineData("2030-01-01", "An incident cannot lie in the future.")]
    [InlineData("2030-01-01T00:00:01Z", "An incident cannot lie in the future.")]
    public void What_cannot_be_placed_in_time_says_why(string text, string reason)
    {
        Edtf.Parse(text).TryResolve(At("2030-01-01"), zone: null, out var interval, out var why).ShouldBeFalse();
        why.ShouldBe(reason);
        interval.ShouldBe(default);
    }

    [Theory]
    [InlineData("2025-06-28T06:28:00Z", "2025-06-28T06:28:00")]
    [InlineData("2025-06-28T06:28:00Z/..", "2025-06-28T06:28:00")]
    public void A_date_time_recorded_at_its_own_instant_is_an_empty_interval(string text, string recordedAt) =>
        Resolved(text, recordedAt).ShouldBe(Interval(recordedAt, recordedAt));

    [Fact]
    public void Instants_are_cut_to_microseconds() =>
        Resolved("2025-06-28/..", "2025-06-28T06:28:00.1234567").Latest.ShouldBe(At("2025-06-28T06:28:00.123456"));

    [Fact]
    public void The_last_moment_of_the_calendar_is_no_obstacle() =>
        Resolved("9999~", "9999-12-31T23:59:59.9999999").ShouldBe(Interval("9998-01-01", "9999-12-31T23:59:59.999999"));

    internal static ResolvedInterval Resolved(string text, string recordedAt = "2030-01-01", TimeZoneInfo? zone = null)
    {
        Edtf.Parse(text).TryResolve(At(recordedAt), zone, out var interval, out var reason).ShouldBeTrue(reason);
        return interval;
    }

    internal static ResolvedInterval Interval(string earliest, string latest) => new(At(earliest), At(latest));

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
