using System.Globalization;

namespace GeoEvents.Alerts.Rules;

/// <summary>What was computed of the conditions of a rule, as receipts hold it: under the number of the condition (<see cref="PlacedCondition"/>) and a name, as in <c>0.level</c>.</summary>
/// <remarks>
/// By kind: threshold <c>level</c>; rate-of-change <c>rise</c>; pressure <c>pressure</c>; new-high <c>level</c>, <c>highest</c>; first <c>rung</c>; posture-jump and
/// posture-falls <c>rung</c>, <c>before</c>; posture-reaches <c>rung</c>; words-to-deeds <c>share</c>, <c>before</c>; tit-for-tat <c>length</c>, <c>severity</c>;
/// disproportionate-response <c>ratio</c>; change-point <c>sum</c>; measure-opened and measure-closed <c>rung</c>; measure-overdue <c>rung</c>, <c>days</c>;
/// tension-falls <c>level</c>, <c>before</c>; silence <c>hours</c>; revision <c>tension</c>, <c>before</c>, <c>deaths</c>, <c>deathsBefore</c>.
/// </remarks>
public static class ConditionValues
{
    public static string Key(int number, string name) => string.Create(CultureInfo.InvariantCulture, $"{number}.{name}");

    /// <returns>Null if it was not computed.</returns>
    public static double? Of(this IReadOnlyDictionary<string, double> values, int number, string name) => values.TryGetValue(Key(number, name), out var value) ? value : null;
}
