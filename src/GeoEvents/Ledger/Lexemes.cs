using System.Collections.Frozen;
using System.Globalization;
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

    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        Span<char> word = stackalloc char[LongestLexeme + 1];
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (length < LongestLexeme)
                {
                    var lower = Rune.ToLowerInvariant(rune);
                    length += (lower.IsAscii ? lower : WithoutAccent.GetValueOrDefault(lower, lower)).EncodeToUtf16(word[length..]);
                }
            }
            else if (length > 0 && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark)
            {
                words.Add(word[..length].ToString());
                length = 0;
            }
        }

        if (length > 0)
        {
            words.Add(word[..length].ToString());
        }

        return words;
    }
}
