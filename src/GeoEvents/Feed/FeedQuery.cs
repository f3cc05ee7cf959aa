using System.Globalization;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Feed;

/// <summary>Makes sense of the parameters of a feed.</summary>
public static class FeedQuery
{
    /// <summary>The most values of one parameter.</summary>
    public const int MostValues = 100;

    private const int LongestRule = 64;

    /// <exception cref="InvalidRequestException">A value is none that any item could have.</exception>
    public static FeedFilter Filter(string[] dyads, string[] types, string[] rules)
    {
        foreach (var (values, name) in new[] { (dyads, "dyad"), (types, "type"), (rules, "rule") })
        {
            if (values.Length > MostValues)
            {
                throw new InvalidRequestException(FieldProblem.In(name, "too-many", $"A feed is filtered by at most {MostValues} values of {name}."));
            }
        }

        return FeedFilter.Of(dyads.Select(WholeLists.DyadNamed), types.Select(TypeNamed), rules.Select(RuleNamed));
    }

    /// <summary>The number of an item; null for a text that is none.</summary>
    public static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string TypeNamed(string type) => FactTypes.ByName.ContainsKey(type)
        ? type
        : throw new InvalidRequestException(FieldProblem.In("type", "unknown-kind", "Not a kind of fact, such as incident_logged or alert_fired; see docs/feed.md."));

    private static string RuleNamed(string rule) => rule.Length is > 0 and <= LongestRule && rule.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        ? rule
        : throw new InvalidRequestException(FieldProblem.In("rule", "malformed", $"A rule is named by 1 to {LongestRule} lower-case letters, digits and hyphens."));
}
