using System.Collections.Frozen;
using System.Text;
using GeoEvents.Coding;

namespace GeoEvents.Ledger;

/// <summary>The words of a text as search keeps and asks for them: lower case, letters and digits only, without accents.</summary>
/// <remarks>Done here rather than by <c>to_tsvector</c>, so that binary COPY can carry them and the text of a query is cut in the same way.</remarks>
public static class Lexemes
{
    private const int LongestLexeme = 100;

    /// <summary>A table, because the service runs without the ICU library, and without it .NET decomposes nothing.</summary>
    private static readonly FrozenDictionary<Rune, Rune> WithoutAccent =
        (from line in EmbeddedData.Lines("base-letters.tsv")
         where !line.StartsWith('#')
         let fields = line.Split('\t')
         where fields.Length == 2
         from accented in fields[1].EnumerateRunes()
         select (accented, fields[0].EnumerateRunes().First())).ToFrozenDictionary(p => p.accented, p => p.Item2);

    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (word.Length < LongestLexeme)
                {
                    var lower = Rune.ToLowerInvariant(rune);
                    word.Append(lower.IsAscii ? lower : WithoutAccent.GetValueOrDefault(lower, lower));
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
