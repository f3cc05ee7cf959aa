using System.Collections.Frozen;
using System.Globalization;

namespace GeoEvents.Coding;

/// <summary>CAMEO event codes with their Goldstein values. Codes are text: <c>010</c> is not <c>10</c>.</summary>
/// <remarks>
/// Source: <c>Data/cameo_goldstein.tsv</c>, from andybega/icews <c>data-raw/cameo-codes.csv</c> (MIT); Goldstein 1992.
/// Where a code itself is absent, its longest known prefix decides.
/// </remarks>
public static class Cameo
{
    private static readonly FrozenDictionary<string, (double Goldstein, string Name)> Codes = EmbeddedData.Lines("cameo_goldstein.tsv")
        .Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
        .Select(line => line.Split('\t'))
        .ToFrozenDictionary(f => f[0], f => (double.Parse(f[1], CultureInfo.InvariantCulture), f[3]));

    /// <summary>The codes of the table, each from two to four digits.</summary>
    public static IEnumerable<string> All => Codes.Keys;

    /// <summary>Two to four digits below one of the twenty roots.</summary>
    public static bool IsValid(string code) => code is { Length: >= 2 and <= 4 } && code.All(char.IsAsciiDigit) && Find(code) is not null;

    /// <returns>−10 (most conflictual) to +10 (most cooperative); null for an unknown code.</returns>
    public static double? Goldstein(string code) => Find(code)?.Goldstein;

    /// <returns>The name of the code or of its longest known prefix; null for an unknown code.</returns>
    public static string? NameOf(string code) => Find(code)?.Name;

    private static (double Goldstein, string Name)? Find(string code)
    {
        for (var length = code.Length; length >= 2; length--)
        {
            if (Codes.TryGetValue(code[..length], out var found))
            {
                return found;
            }
        }

        return null;
    }
}
