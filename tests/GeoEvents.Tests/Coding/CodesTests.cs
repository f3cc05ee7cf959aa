using GeoEvents.Coding;

namespace GeoEvents.Tests.Coding;

public class CodesTests
{
    [Theory]
    [InlineData("RUS", true)]
    [InlineData("NATO", true)]
    [InlineData("A1Z", true)]
    [InlineData("ABCDEFGHIJKL", true)]
    [InlineData("ABCDEFGHIJKLM", false)]
    [InlineData("RU", false)]
    [InlineData("1AB", false)]
    [InlineData("rus", false)]
    [InlineData("R-S", false)]
    [InlineData("ÄÖÜ", false)]
    [InlineData("RUS\n", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_actor_code_has_three_to_twelve_capitals_and_digits(string? text, bool valid) => ActorCode.TryParse(text, out _).ShouldBe(valid);

    [Theory]
    [InlineData("RUS-AZE", "AZE-RUS")]
    [InlineData("AZE-RUS", "AZE-RUS")]
    [InlineData("A1Z-ABC", "A1Z-ABC")]
    [InlineData("ABC-A1Z", "A1Z-ABC")]
    public void A_dyad_has_no_direction_and_one_spelling(string text, string dyad) => Dyad.Parse(text).ToString().ShouldBe(dyad);

    [Theory]
    [InlineData("AZE")]
    [InlineData("AZE-AZE")]
    [InlineData("AZE-RUS-USA")]
    [InlineData("AZE–RUS")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_two_different_actors_is_no_dyad(string? text) => Dyad.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Nobody_has_a_relationship_with_himself() =>
        Should.Throw<ArgumentException>(() => Dyad.Between(ActorCode.Parse("AZE"), ActorCode.Parse("AZE")));

    [Theory]
    [InlineData("AUS", "AUS")]
    [InlineData("ROM", "ROU")]
    [InlineData("TMP", "TLS")]
    [InlineData("GZS", "PSE")]
    [InlineData("EUR", null)]
    [InlineData("AFR", null)]
    [InlineData("", null)]
    [InlineData("aus", null)]
    public void A_CAMEO_country_is_a_state_or_nothing(string code, string? state) => (States.OfCameo(code)?.ToString()).ShouldBe(state);

    [Theory]
    [InlineData("Russian Federation", "RUS")]
    [InlineData("russia", "RUS")]
    [InlineData("Trinidad and Tobago", "TTO")]
    [InlineData("Cote d'Ivoire", "CIV")]
    [InlineData("Democratic Republic of Congo", "COD")]
    [InlineData("Congo", "COG")]
    [InlineData("Atlantis", null)]
    [InlineData("NA", null)]
    [InlineData("", null)]
    public void A_name_of_a_state_is_known_as_ISO_or_a_feed_has_it(string name, string? state) => (States.OfName(name)?.ToString()).ShouldBe(state);

    [Theory]
    [InlineData("NA", "NAM")]
    [InlineData("031", "AZE")]
    [InlineData("31", "AZE")]
    [InlineData("0", null)]
    [InlineData("az", null)]
    public void Two_letters_or_a_number_of_ISO_name_a_state(string code, string? state) => (States.OfIso(code)?.ToString()).ShouldBe(state);

    /// <summary>FIPS is not ISO: AS is Australia, AU Austria, CH China.</summary>
    [Theory]
    [InlineData("AS", "AUS")]
    [InlineData("AU", "AUT")]
    [InlineData("CH", "CHN")]
    [InlineData("SZ", "CHE")]
    [InlineData("RS", "RUS")]
    [InlineData("AJ", "AZE")]
    [InlineData("RI", "SRB")]
    [InlineData("GZ", "PSE")]
    [InlineData("WE", "PSE")]
    [InlineData("SV", "SJM")]
    [InlineData("NL", "NLD")]
    public void A_FIPS_country_is_a_state(string code, string state) => States.OfFips(code).ShouldBe(ActorCode.Parse(state));

    [Fact]
    public void The_states_are_those_of_ISO_3166_1()
    {
        States.All.Count().ShouldBe(249);
        States.Find(ActorCode.Parse("AZE"))!.Name.ShouldBe("Azerbaijan");
        States.Find(ActorCode.Parse("NATO")).ShouldBeNull();
        States.OfFips("ZZ").ShouldBeNull();
        States.OfFips("KV").ShouldBeNull("ISO 3166-1 has no code for Kosovo");
    }

    /// <summary>The table of ICD 203: a limit belongs to the term within the range.</summary>
    [Theory]
    [InlineData(0.01, 0.05, "almost no chance")]
    [InlineData(0.05, 0.20, "very unlikely")]
    [InlineData(0.20, 0.45, "unlikely")]
    [InlineData(0.45, 0.55, "roughly even chance")]
    [InlineData(0.55, 0.80, "likely")]
    [InlineData(0.80, 0.95, "very likely")]
    [InlineData(0.95, 0.99, "almost certain")]
    [InlineData(0.55, 0.95, "likely to very likely")]
    [InlineData(0, 1, "almost no chance to almost certain")]
    [InlineData(0.5, 0.5, "roughly even chance")]
    public void A_likelihood_has_its_words(double low, double high, string words) => Icd203.Words(low, high).ShouldBe(words);
}
