using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using GeoEvents.Hosting;

namespace GeoEvents.Tests.Hosting;

public class CanonicalJsonTests
{
    /// <summary>RFC 8785, section 3.2.2 and 3.2.3.</summary>
    [Theory]
    [InlineData("""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""",
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    [InlineData("""{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    [InlineData(" { } ", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData("""[{"b":[],"a":{}}]""", """[{"a":{},"b":[]}]""")]
    public void Examples_of_the_standard_come_out_as_it_says(string json, string canonical) => Of(json).ShouldBe(canonical);

    /// <summary>RFC 8785, appendix B.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    public void Numbers_are_written_as_ECMAScript_writes_them(string bits, string text) =>
        CanonicalJson.NumberText(BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ShouldBe(text);

    [Fact]
    public void A_number_is_read_back_as_it_was() =>
        Gen.Double.Where(double.IsFinite).Sample(n => double.Parse(CanonicalJson.NumberText(n), CultureInfo.InvariantCulture) == n);

    [Fact]
    public void Canonical_text_is_its_own_canonical_text_and_says_the_same() => Gen.String.Array[0, 6].Select(Gen.Double.Where(double.IsFinite)).Sample((texts, number) =>
    {
        var json = JsonSerializer.Serialize(new { z = texts, a = number, m = texts.Select((t, i) => (Key: $"{i}{t}", t)).DistinctBy(t => t.Key).ToDictionary(t => t.Key, t => t.t) });
        var canonical = Of(json);
        Of(canonical).ShouldBe(canonical);
        JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement, JsonDocument.Parse(canonical).RootElement).ShouldBeTrue();
    });

    private static string Of(string json) => Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}
