using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using GeoEvents.Alerts.Rules;

namespace GeoEvents.Alerts;

/// <summary>What a condition came to, in words, such as "tension on AZE-RUS rose to 63.2, above 60".</summary>
public static class AlertWords
{
    private const double Rounding = 1e-9;

    private static readonly FrozenDictionary<Type, string> Kinds =
        typeof(Condition).GetCustomAttributes<JsonDerivedTypeAttribute>().ToFrozenDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    /// <summary>One clause for each condition that held, as far as its values are known. What is only remembered or denied says nothing.</summary>
    /// <param name="on">As in " on AZE-RUS"; said once.</param>
    public static IReadOnlyList<string> Of(IEnumerable<PlacedCondition> conditions, IReadOnlyDictionary<string, double> values, string on)
    {
        var said = new List<string>();
        foreach (var placed in conditions)
        {
            if (!placed.Under.Any(u => u.Part is "not" or "first") && Of(placed.Condition, name => Value(values, placed, name), said.Count == 0 ? on : "") is { } clause)
            {
                said.Add(clause);
            }
        }

        return said;
    }

    /// <summary>As receipts hold it: under kind and name, as in <c>threshold.tension</c>, or for a further condition of a kind with its number, as in <c>threshold#2.tension</c>.</summary>
    private static double? Value(IReadOnlyDictionary<string, double> values, PlacedCondition placed, string name)
    {
        var kind = Kinds[placed.Condition.GetType()];
        return values.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{kind}#{placed.Number}.{name}"), out var own) || values.TryGetValue($"{kind}.{name}", out own) ? own : null;
    }

    /// <returns>Null if it did not hold, or its values are not known.</returns>
    private static string? Of(Condition condition, Func<string, double?> value, string on) => (condition, value(MainOf(condition))) switch
    {
        (_, null) => null,
        (ThresholdCondition c, { } level) when Reaches(level, c.Above) => $"{Words(c.Of)}{on} rose to {Short(level)}{(Short(level) == Short(c.Above) ? "" : $", above {Short(c.Above)}")}",
        (ThresholdCondition c, { } level) when Reaches(level, c.ResolvesBelow) => $"{Words(c.Of)}{on} is at {Short(level)}",
        (RateOfChangeCondition c, { } rise) when Reaches(rise, c.Rise) => $"hostility{on} rose by {Short(rise)} within {ConditionWords.Hours(c.WithinHours)}",
        (PressureCondition c, { } pressure) when Reaches(pressure, c.Above) => $"hostility{on} comes at {Short(pressure)} times its slow pace",
        (NewHighCondition c, { } level) when Reaches(level, c.Floor) && !(value("highestBefore") >= level) => $"{Words(c.Of)}{on} reached {Short(level)}, the highest of the last {ConditionWords.Days(c.Days)}",
        (FirstCondition c, { } rung) => $"an incident{on} of {Rung(rung)} is the first {(c.Of == FirstOf.Type ? "of its type" : "at its rung or above")}"
            + (c.Years is { } years ? $" in {Short(years)} {(years == 1 ? "year" : "years")}" : " ever"),
        (PostureJumpCondition c, { } rung) when value("before") is { } before && Reaches(rung - before, c.Rungs) => $"the posture{on} rose from {Rung(before)} to {Rung(rung)} within {ConditionWords.Days(c.WithinDays)}",
        (PostureFallsCondition c, { } rung) when value("before") is { } before && Reaches(before - rung, c.Rungs) => $"the posture{on} fell from {Rung(before)} to {Rung(rung)} within {ConditionWords.Days(c.WithinDays)}",
        (PostureReachesCondition c, { } rung) when Reaches(rung, c.Rung) => $"the posture{on} is at {Rung(rung)}",
        (WordsToDeedsCondition c, { } share) when value("shareBefore") is { } before && Reaches(share - before, c.Rise) => $"the share of deeds in hostility{on} rose from {Percent(before)} to {Percent(share)}",
        (TitForTatCondition c, { } length) when Reaches(length, c.Length) => $"hostile acts{on} answer one another in {Short(length)} turns{(value("worst") is { } worst ? $", the worst of severity {Short(worst)}" : "")}",
        (DisproportionateResponseCondition c, { } ratio) when Reaches(ratio, c.Ratio) => $"an incident{on} answers another with {Short(ratio)} times its severity",
        (ChangePointCondition c, { } sum) when Reaches(sum, c.Threshold) => $"the daily pace of hostility{on} has shifted upwards (CUSUM {Short(sum)})",
        (MeasureOpenedCondition c, { } rung) when Reaches(rung, c.MinRung) => $"a measure of {Rung(rung)} was taken{on}",
        (MeasureClosedCondition c, { } rung) when Reaches(rung, c.MinRung) => $"a measure of {Rung(rung)} was ended{on}",
        (MeasureOverdueCondition c, { } days) when Reaches(days, c.Days) => $"a measure of {ConditionWords.Rung(c.MinRung)} or above{on} has been in force for {ConditionWords.Days(Math.Round(days))}",
        (TensionFallsCondition c, { } fall) when value("before") is { } before && Reaches(fall, c.By) => $"tension{on} fell from {Short(before)} to {Short(before - fall)} within {ConditionWords.Days(c.WithinDays)}",
        (SilenceCondition c, { } hours) when Reaches(hours, c.Hours) => $"nothing was recorded{on} for {ConditionWords.Hours(hours < 1 ? hours : Math.Round(hours))}",
        (RevisionCondition c, { } by) => Revised(c, on, by, value),
        _ => null,
    };

    /// <summary>Name of the value without which nothing can be said.</summary>
    private static string MainOf(Condition condition) => condition switch
    {
        ThresholdCondition { Of: var level } => ConditionWords.Level(level),
        NewHighCondition { Of: var level } => ConditionWords.Level(level),
        TensionFallsCondition => "fall",
        RateOfChangeCondition => "rise",
        PressureCondition => "pressure",
        WordsToDeedsCondition => "share",
        TitForTatCondition => "length",
        DisproportionateResponseCondition => "ratio",
        ChangePointCondition => "cusum",
        MeasureOverdueCondition => "days",
        SilenceCondition => "hours",
        RevisionCondition => "tension",
        _ => "rung",
    };

    private static string Revised(RevisionCondition c, string on, double by, Func<string, double?> value)
    {
        var moved = Reaches(Math.Abs(by), c.TensionBy) ? $"tension by {ConditionWords.Number(Math.Round(by, 1))}" : null;
        var toll = value("deathsBefore") is { } then && value("deaths") is { } now && then != now ? $"a death toll from {Short(then)} to {Short(now)}" : null;
        return $"a change of the record{on} moved {(moved is null && toll is null ? "what was known" : string.Join(" and ", new[] { moved, toll }.OfType<string>()))}";
    }

    private static bool Reaches(double value, double least) => value >= least - Rounding;

    private static string Words(LevelOf level) => ConditionWords.Level(level);

    private static string Short(double number) => ConditionWords.Number(Math.Round(number, 1));

    private static string Percent(double share) => $"{ConditionWords.Number(Math.Round(share * 100))} %";

    private static string Rung(double rung) => ConditionWords.Rung(Math.Clamp((int)rung, 0, 9));
}
