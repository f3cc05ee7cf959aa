using System.Globalization;
using GeoEvents.Delivery.Email;

namespace GeoEvents.Tests.Delivery;

public class EmailScheduleTests
{
    [Theory]
    [InlineData("22:00", "07:00", "UTC", "2025-07-02T21:59:59Z", "2025-07-02T21:59:59Z")]
    [InlineData("22:00", "07:00", "UTC", "2025-07-02T22:00:00Z", "2025-07-03T07:00:00Z")]
    [InlineData("22:00", "07:00", "UTC", "2025-07-03T06:59:59Z", "2025-07-03T07:00:00Z")]
    [InlineData("22:00", "07:00", "UTC", "2025-07-03T07:00:00Z", "2025-07-03T07:00:00Z")]
    [InlineData("12:00", "13:00", "UTC", "2025-07-03T12:30:00Z", "2025-07-03T13:00:00Z")]
    [InlineData("22:00", "07:00", "Europe/Vienna", "2025-07-02T20:00:00Z", "2025-07-03T05:00:00Z")]
    [InlineData("22:00", "07:00", "Asia/Tokyo", "2025-07-02T20:00:00Z", "2025-07-02T22:00:00Z")]
    public void Within_quiet_hours_it_waits_for_their_end(string from, string to, string zone, string now, string due) =>
        EmailSchedule.AfterQuietHours(new QuietHours(from, to, zone), At(now)).ShouldBe(At(due));

    /// <summary>In Vienna clocks go from 02:00 to 03:00 on 30 March 2025 at 01:00 UTC, and back from 03:00 to 02:00 on 26 October at 01:00 UTC.</summary>
    [Theory]
    [InlineData("22:00", "07:00", "2025-03-30T00:30:00Z", "2025-03-30T05:00:00Z")]
    [InlineData("22:00", "07:00", "2025-10-26T00:30:00Z", "2025-10-26T06:00:00Z")]
    [InlineData("22:00", "02:30", "2025-03-30T00:30:00Z", "2025-03-30T01:00:00Z")]
    [InlineData("22:00", "02:30", "2025-10-26T00:45:00Z", "2025-10-26T01:30:00Z")]
    [InlineData("02:30", "04:00", "2025-10-26T00:30:00Z", "2025-10-26T03:00:00Z")]
    [InlineData("02:30", "04:00", "2025-03-30T01:00:00Z", "2025-03-30T02:00:00Z")]
    public void Quiet_hours_follow_the_clocks_of_their_zone(string from, string to, string now, string due) =>
        EmailSchedule.AfterQuietHours(new QuietHours(from, to, "Europe/Vienna"), At(now)).ShouldBe(At(due));

    [Theory]
    [InlineData("2025-07-02T05:00:00Z", "2025-07-02T05:30:00Z")]
    [InlineData("2025-07-02T05:30:00Z", "2025-07-02T05:30:00Z")]
    [InlineData("2025-07-02T05:30:01Z", "2025-07-02T16:00:00Z")]
    [InlineData("2025-07-02T16:00:01Z", "2025-07-03T05:30:00Z")]
    [InlineData("2025-10-25T17:00:00Z", "2025-10-26T06:30:00Z")]
    public void A_digest_goes_out_at_its_next_time_of_day(string now, string due) =>
        EmailSchedule.NextDigest(new DigestTimes(["18:00", "07:30"], "Europe/Vienna"), At(now)).ShouldBe(At(due));

    [Fact]
    public void A_digest_at_a_time_that_is_skipped_goes_out_when_clocks_are_put_forward() =>
        EmailSchedule.NextDigest(new DigestTimes(["02:30"], "Europe/Vienna"), At("2025-03-30T00:00:00Z")).ShouldBe(At("2025-03-30T01:00:00Z"));

    [Fact]
    public void A_digest_within_quiet_hours_waits_for_their_end() =>
        EmailSchedule.NextDue(new EmailChannel(["a@b.c"], EmailMode.Digest, new DigestTimes(["05:00"]), new QuietHours("22:00", "07:00")), At("2025-07-02T23:00:00Z"))
            .ShouldBe(At("2025-07-03T07:00:00Z"));

    [Fact]
    public void Without_quiet_hours_it_goes_out_at_once() =>
        EmailSchedule.NextDue(new EmailChannel(["a@b.c"]), At("2025-07-02T23:00:00Z")).ShouldBe(At("2025-07-02T23:00:00Z"));

    [Theory]
    [InlineData("24:00")]
    [InlineData("7:30")]
    [InlineData("07:30:00")]
    [InlineData("noon")]
    public void What_is_no_time_of_day_is_none(string text) => EmailSchedule.TimeOfDay(text).ShouldBeNull();

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
