using System.Text;

namespace GeoEvents.Ledger;

/// <summary>The words of a text as search keeps and asks for them: lower case, letters and digits only, without accents.</summary>
/// <remarks>Done here rather than by <c>to_tsvector</c>, so that binary COPY can carry them and the text of a query is cut in the same way.</remarks>
public static class Lexemes
{
    private const int LongestLexeme = 100;

    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (word.Length < LongestLexeme)
                {
                    word.Append(Rune.ToLowerInvariant(rune));
                }
            }
            else if (Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
