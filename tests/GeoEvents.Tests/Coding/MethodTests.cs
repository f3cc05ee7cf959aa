using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class MethodTests
{
    private static readonly Method Method = Methods.Shipped;

    /// <summary>The type decides; without one the Goldstein value of the code, with rung and quad by the longest CAMEO prefix of the ladder.</summary>
    [Theory]
    [InlineData("war", null, -10, 9, QuadClass.MaterialConflict)]
    [InlineData("visit", "190", 4, 0, QuadClass.VerbalCooperation)]
    [InlineData(null, "112", -2, 2, QuadClass.VerbalConflict)]
    [InlineData(null, "111", -2, 1, QuadClass.VerbalConflict)]
    [InlineData(null, "016", -5, 0, QuadClass.VerbalCooperation)]
    [InlineData(null, "139", -7, 6, QuadClass.VerbalConflict)]
    [InlineData(null, "1383", -7, 6, QuadClass.VerbalConflict)]
    public void A_code_has_weight_rung_and_quad(string? type, string? cameo, double weight, int rung, QuadClass quad) =>
        Method.Score(type, cameo).ShouldBe(new Score(weight, rung, quad));

    [Theory]
    [InlineData("no-such-type", "112")]
    [InlineData(null, "99")]
    [InlineData(null, null)]
    public void What_the_method_does_not_know_it_does_not_score(string? type, string? cameo) =>
        Should.Throw<ArgumentException>(() => Method.Score(type, cameo));

    [Fact]
    public void Every_CAMEO_code_and_every_type_can_be_scored()
    {
        Cameo.All.ShouldAllBe(code => Method.Score(null, code).Rung >= 0);
        Method.Types.Length.ShouldBe(51);
        Method.Types.ShouldAllBe(t => Method.Score(t.Type, null).Weight == t.Weight);
    }

    /// <summary><c>m = min(2, 1 + 0.25·log₁₀(1+deaths) + 0.1·log₁₀(1+injured+detained))</c></summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(9, 0, 1.25)]
    [InlineData(0, 9, 1.1)]
    [InlineData(99, 999, 1.8)]
    [InlineData(9_999, 0, 2)]
    [InlineData(100_000_000, 100_000_000, 2)]
    public void Casualties_raise_an_impulse_up_to_twice(long deaths, long harmed, double magnitude) =>
        Method.Magnitude(deaths, harmed).ShouldBe(magnitude, 1e-12);

    [Theory]
    [InlineData(0, "quiet")]
    [InlineData(9.999999, "quiet")]
    [InlineData(10, "friction")]
    [InlineData(25, "strained")]
    [InlineData(45, "tense")]
    [InlineData(59.999999, "tense")]
    [InlineData(60, "crisis")]
    [InlineData(80, "acute")]
    [InlineData(100, "acute")]
    public void A_band_begins_at_its_lowest_tension(double tension, string band) => Method.BandOf(tension).ShouldBe(band);

    /// <summary>Codes are text: 010 is not 10.</summary>
    [Theory]
    [InlineData("01", true)]
    [InlineData("010", true)]
    [InlineData("10", true)]
    [InlineData("1129", true)]
    [InlineData("0", false)]
    [InlineData("00", false)]
    [InlineData("21", false)]
    [InlineData("11299", false)]
    [InlineData("1a", false)]
    [InlineData("٠١", false)]
    public void A_CAMEO_code_has_two_to_four_digits_below_a_root(string code, bool valid) => Cameo.IsValid(code).ShouldBe(valid);

    [Fact]
    public void The_longest_known_prefix_of_a_CAMEO_code_decides()
    {
        Cameo.Goldstein("1129").ShouldBe(Cameo.Goldstein("112"));
        Cameo.NameOf("1129").ShouldBe(Cameo.NameOf("112"));
        Cameo.Goldstein("99").ShouldBeNull();
    }
}
