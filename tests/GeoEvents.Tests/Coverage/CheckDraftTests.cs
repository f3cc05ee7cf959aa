using GeoEvents.Coverage;

namespace GeoEvents.Tests.Coverage;

public class CheckDraftTests
{
    private static readonly DateTimeOffset Now = new(2025, 7, 2, 15, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2025-06-30", "2025-07-01", "2025-06-30T00:00Z", "2025-07-02T00:00Z")]
    [InlineData("2025-06-30", "2025-07-02", "2025-06-30T00:00Z", "2025-07-02T15:00Z")]
    [InlineData("2025-07-01T10:00:00+02:00", "2025-07-01T12:00:00Z", "2025-07-01T08:00Z", "2025-07-01T12:00Z")]
    public void A_day_is_searched_to_its_end_and_today_until_now(string from, string to, string begins, string ends)
    {
        var draft = new CheckDraft(from, to, "wires", Found.Nothing);

        draft.Check(Now).ShouldBeEmpty();
        draft.Time(Now).ShouldBe((DateTimeOffset.Parse(begins, null), DateTimeOffset.Parse(ends, null)));
    }

    [Theory]
    [InlineData("", "2025-07-01", "/from required")]
    [InlineData("2025-06-31", "2025-07-01", "/from malformed")]
    [InlineData("2025-06-30", "2025-07-01T10:00:00", "/to malformed")]
    [InlineData("2025-06-30", "2025-07-03", "/to out-of-range")]
    [InlineData("2025-06-30", "9999-12-31", "/to out-of-range")]
    [InlineData("2025-06-30", "2025-07-02T15:00:01Z", "/to out-of-range")]
    [InlineData("2025-07-01T10:00:00Z", "2025-07-01T10:00:00Z", "/to out-of-range")]
    [InlineData("2025-07-02T16:00:00Z", "2025-07-02", "/to out-of-range")]
    public void A_time_that_nobody_can_have_searched_is_refused_by_field(string from, string to, string fault) =>
        new CheckDraft(from, to, "wires", Found.Nothing).Check(Now).Select(p => $"{p.Pointer} {p.Code}").ShouldBe([fault]);

    [Fact]
    public void What_was_looked_at_and_what_was_found_are_needed() =>
        new CheckDraft("2025-06-30", "2025-07-01").Check(Now).Select(p => $"{p.Pointer} {p.Code}").ShouldBe(["/searched required", "/found required"]);
}
