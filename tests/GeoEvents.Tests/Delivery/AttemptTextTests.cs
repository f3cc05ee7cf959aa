using GeoEvents.Delivery;

namespace GeoEvents.Tests.Delivery;

public class AttemptTextTests
{
    [Theory]
    [InlineData("250 queued\0", "250 queued")]
    [InlineData("no\u001b[2J\r\nsuch\tuser", "no[2J\nsuch\tuser")]
    [InlineData("\0", null)]
    [InlineData(null, null)]
    public void What_is_kept_can_be_stored(string? said, string? kept) => AttemptText.Of(said).ShouldBe(kept);

    [Fact]
    public void Half_a_character_is_replaced() => AttemptText.Of("half \ud83d of it").ShouldBe("half \ufffd of it");

    [Fact]
    public void A_long_text_is_cut_and_no_character_in_two()
    {
        AttemptText.Of(new string('x', 5_000))!.Length.ShouldBe(AttemptText.Longest);
        AttemptText.Of(new string('x', AttemptText.Longest - 1) + "😀")!.Length.ShouldBe(AttemptText.Longest - 1);
    }
}
