using CsCheck;
using GeoEvents.Exports;
using GeoEvents.Tests.Properties;
using Sylvan.Data.Csv;

namespace GeoEvents.Tests.Exports;

public class CsvCellTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    [InlineData("\uFF1D1")]
    [InlineData("\uFF0B1")]
    [InlineData("\uFF0D1")]
    [InlineData("\uFF20A1")]
    [InlineData("  =cmd|' /C calc'!A0")]
    [InlineData("\u00A0=1")]
    [InlineData("\u3000\uFF1D1")]
    public void A_text_that_a_spreadsheet_could_take_for_a_formula_gets_an_apostrophe(string text) => CsvCell.Of(text).ShouldBe($"\"'{text}\"");

    [Theory]
    [InlineData("Raid", "\"Raid\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("He said \"no\", twice", "\"He said \"\"no\"\", twice\"")]
    [InlineData("\"=1\"", "\"\"\"=1\"\"\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("", "\"\"")]
    [InlineData("'", "\"'\"")]
    public void Any_other_text_stays_and_is_quoted(string text, string cell) => CsvCell.Of(text).ShouldBe(cell);

    [Fact]
    public void Numbers_truths_and_instants_stay_what_they_are()
    {
        CsvCell.Of(-7.25).ShouldBe("-7.25");
        CsvCell.Of(1.0 / 3).ShouldBe("0.3333333333333333");
        CsvCell.Of(-3).ShouldBe("-3");
        CsvCell.Of(6000L).ShouldBe("6000");
        CsvCell.Of(true).ShouldBe("true");
        CsvCell.Of(new DateTimeOffset(2025, 7, 2, 14, 0, 0, TimeSpan.FromHours(2))).ShouldBe("2025-07-02T12:00:00Z");
        CsvCell.Of(null).ShouldBe("");
    }

    /// <summary>Whatever stands in a title, another program's reader finds it in its cell and finds the rows' ends where they are.</summary>
    [Fact]
    public void Any_text_comes_back_from_a_reader_of_somebody_else() =>
        Gen.OneOf(Gen.String[Gen.Char["=+-@\t\r\n\",;' ab\u2028\uFF1D"], 0, 12], Gen.String[0, 20]).Array[1, 3].Sample(
            titles =>
            {
                var csv = Sample.Written("csv", Sample.Scope(), [.. titles.Select((t, i) => Sample.Incident($"i{i}", t))]);
                using var reader = CsvDataReader.Create(new StringReader(csv), new CsvDataReaderOptions { Delimiter = ',' });
                var column = reader.GetOrdinal("title");
                foreach (var title in titles)
                {
                    reader.Read().ShouldBeTrue();
                    var cell = reader.GetString(column);
                    var wellFormed = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(title));
                    (cell == wellFormed || cell == $"'{wellFormed}").ShouldBeTrue($"{cell} for {title}");
                    cell.TrimStart().ShouldNotStartWith("=");
                    reader.GetString(reader.GetOrdinal("counterfactual")).ShouldBe("", "the last column is where it should be");
                }

                reader.Read().ShouldBeFalse();
            },
            iter: History.Many(300));
}
