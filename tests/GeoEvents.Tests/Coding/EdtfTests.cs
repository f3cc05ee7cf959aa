using System.Diagnostics;
using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class EdtfTests
{
    /// <summary>The examples of the Library of Congress EDTF specification (4 February 2019) at Level 0, 1 and what we support of Level 2.</summary>
    public static TheoryData<string> Examples => new(
        """
        1985-04-12 1985-04 1985
        1985-04-12T23:20:30 1985-04-12T23:20:30Z 1985-04-12T23:20:30-04 1985-04-12T23:20:30+04:30
        1964/2008 2004-06/2006-08 2004-02-01/2005-02-08 2004-02-01/2005-02 2004-02-01/2005 2005/2006-02
        Y170000002 Y-170000002 2001-21 2001-22 2001-23 2001-24
        1984? 2004-06~ 2004-06-11%
        201X 20XX 2004-XX 1985-04-XX 1985-XX-XX
        1985-04-12/.. 1985-04/.. 1985/.. ../1985-04-12 ../1985-04 ../1985
        1985-04-12/ 1985-04/ 1985/ /1985-04-12 /1985-04 /1985
        1984~/2004-06 1984/2004-06~ 1984~/2004~ 1984?/2004% -1985
        [1667,1668,1670..1672] [..1760-12-03] [1760-12..] [1760-01,1760-02,1760-12..] [1667,1760-12] [..1984]
        2004-06~-11 2004?-06-11 ?2004-06-~11 2004-%06-11
        2004-06-~01/2004-06-~20 2004-06-XX/2004-07-03
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Theory, MemberData(nameof(Examples))]
    public void An_example_of_the_specification_parses_and_keeps_its_text(string text) => Edtf.Parse(text).Text.ShouldBe(text);

    [Theory]
    [InlineData("{1667,1668,1670..1672}")]
    [InlineData("{1960,1961-12}")]
    [InlineData("{..1984}")]
    [InlineData("Y-17E7")]
    [InlineData("Y171010000S3")]
    [InlineData("Y3388E2S3")]
    [InlineData("1950S2")]
    [InlineData("2001-34")]
    [InlineData("2001-25")]
    [InlineData("2001-41")]
    [InlineData("156X-12-25")]
    [InlineData("15XX-12-25")]
    [InlineData("XXXX-12-XX")]
    [InlineData("1XXX-XX")]
    [InlineData("1XXX-12")]
    [InlineData("1984-1X")]
    [InlineData("1984-XX-12")]
    [InlineData("1984-12-1X")]
    public void A_further_example_of_level_2_is_said_not_to_be_supported(string text) => Refusal(text).Message.ShouldContain("not");

    [Theory]
    [InlineData("", 0, "A date is expected here")]
    [InlineData("yesterday", 0, "A date is expected here")]
    [InlineData(" 2025", 0, "A date is expected here")]
    [InlineData("2025 ", 4, "should end here")]
    [InlineData("202", 3, "four digits")]
    [InlineData("20250", 4, "begins with Y")]
    [InlineData("Y2025", 1, "more than four digits")]
    [InlineData("Y02025", 1, "the first not 0")]
    [InlineData("Y1234567890123456789", 1, "at most 18 digits")]
    [InlineData("-0000", 0, "no minus sign")]
    [InlineData("2025-", 5, "A month is")]
    [InlineData("2025-13", 5, "A month is")]
    [InlineData("2025-6-01", 5, "A month is")]
    [InlineData("2025-21-01", 7, "A season has no days")]
    [InlineData("2025-02-29", 8, "01 to 28")]
    [InlineData("1900-02-29", 8, "01 to 28")]
    [InlineData("2025-04-31", 8, "01 to 30")]
    [InlineData("2025-04-00", 8, "01 to 30")]
    [InlineData("2025-06-28t06:28", 10, "should end here")]
    [InlineData("2025-06-28T24:00:00", 11, "00:00 of the next")]
    [InlineData("2025-06-28T06", 13, "Minutes")]
    [InlineData("2025-06-28T06:60", 14, "A minute is")]
    [InlineData("2025-06-28T06:28:60Z", 17, "leap seconds")]
    [InlineData("2025-06-28T06:28:00.5Z", 19, "Fractions")]
    [InlineData("2025-06-28T06:28:00Z~", 20, "should end here")]
    [InlineData("2025-06-28T06:28:00~", 19, "takes no qualifier")]
    [InlineData("2025-06~-28T06:28:00", 11, "takes no qualifier")]
    [InlineData("2025-06-28T06:28:00+14:30", 19, "An offset lies")]
    [InlineData("2025-06-28T06:28:00-13", 20, "An offset lies")]
    [InlineData("2025-06-28T06:28:00-00:00", 19, "Z or +00:00")]
    [InlineData("2025-06-28T06:28:00z", 19, "should end here")]
    [InlineData("2025?~", 5, "% means both")]
    [InlineData("2025/2024", 5, "The end lies before the start")]
    [InlineData("2025-06~/2025-05~", 9, "The end lies before the start")]
    [InlineData("-0001/-0002", 6, "The end lies before the start")]
    [InlineData("2025-06-28T06:00+02/2025-06-28T03:59Z", 20, "The end lies before the start")]
    [InlineData("2025-06-28T06:00Z/2025-06-26", 18, "The end lies before the start")]
    [InlineData("2025/2026/2027", 9, "should end here")]
    [InlineData("..", 2, "goes on with a slash")]
    [InlineData("2025..2026", 4, "should end here")]
    [InlineData("[]", 1, "A date is expected here")]
    [InlineData("[..]", 3, "A date is expected here")]
    [InlineData("[2025", 5, "closing bracket")]
    [InlineData("[2025, 2026]", 6, "A date is expected here")]
    [InlineData("[2025..,2026]", 7, "A date is expected here")]
    [InlineData("[2025..2024]", 7, "The end lies before the start")]
    [InlineData("[2025-06-28T06:28:00Z,2026]", 1, "without a time of day")]
    [InlineData("[2025]?", 6, "should end here")]
    public void A_text_is_refused_with_the_place_and_the_reason(string text, int position, string reason)
    {
        var error = Refusal(text);
        error.Position.ShouldBe(position);
        error.Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData("2025-06-28", false, false)]
    [InlineData("2025-06?", false, true)]
    [InlineData("2025-06~", true, false)]
    [InlineData("2025-06%", true, true)]
    [InlineData("?2025-~06", true, true)]
    [InlineData("2024/2025~", true, false)]
    [InlineData("[2024,2025?]", false, true)]
    public void A_qualifier_anywhere_shows(string text, bool approximate, bool uncertain)
    {
        Edtf.Parse(text).IsApproximate.ShouldBe(approximate);
        Edtf.Parse(text).IsUncertain.ShouldBe(uncertain);
    }

    [Fact]
    public void Parsing_what_does_not_parse_throws_and_says_where() =>
        Should.Throw<FormatException>(() => Edtf.Parse("2025-13")).Message.ShouldContain("position 5");

    [Fact]
    public void No_text_is_refused() => Edtf.TryParse(null, out _, out _).ShouldBeFalse();

    [Fact]
    public void Equal_texts_are_equal_dates()
    {
        Edtf.Parse("2025-06").ShouldBe(Edtf.Parse("2025-06"));
        Edtf.Parse("2025-06").GetHashCode().ShouldBe(Edtf.Parse("2025-06").GetHashCode());
        Edtf.Parse("2025-06").ShouldNotBe(Edtf.Parse("2025-06?"));
    }

    [Fact]
    public void A_text_of_a_hundred_characters_is_read_and_a_longer_one_is_not()
    {
        var longest = "[" + string.Join(',', Enumerable.Repeat("2025-06-28", 9)) + "]";
        Edtf.Parse(longest).Text.Length.ShouldBe(Edtf.MostCharacters);
        Refusal(longest + "]").Position.ShouldBe(Edtf.MostCharacters);
    }

    [Fact]
    public void A_hostile_text_is_refused_at_once()
    {
        var watch = Stopwatch.StartNew();
        Refusal(new string('[', 10_000_000)).Position.ShouldBe(Edtf.MostCharacters);
        Refusal("[" + string.Concat(Enumerable.Repeat("..", 49))).Message.ShouldNotBeEmpty();
        Refusal("Y" + new string('9', 99)).Message.ShouldNotBeEmpty();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    private static EdtfError Refusal(string text)
    {
        Edtf.TryParse(text, out var value, out var error).ShouldBeFalse();
        value.ShouldBeNull();
        return error.ShouldNotBeNull();
    }
}
