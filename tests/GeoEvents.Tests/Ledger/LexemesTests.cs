using GeoEvents.Ledger;

namespace GeoEvents.Tests.Ledger;

public class LexemesTests
{
    [Theory]
    [InlineData("Envoy SUMMONED, twice!", "envoy summoned twice")]
    [InlineData("Mer Égée – l'été", "mer egee l ete")]
    [InlineData("Çavuşoğlu", "cavusoglu")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Еще/Ещё", "еще еще")]
    [InlineData("Τουρκία", "τουρκια")]
    [InlineData("北京 2025", "北京 2025")]
    [InlineData("\ud800 a\0b", "a b")]
    [InlineData(" - ", "")]
    public void Words_are_lower_case_letters_and_digits_without_accents(string text, string words) => string.Join(' ', Lexemes.Split(text)).ShouldBe(words);
}
