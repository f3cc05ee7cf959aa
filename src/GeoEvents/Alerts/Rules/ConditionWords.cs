using System.Globalization;
using GeoEvents.Coding;

namespace GeoEvents.Alerts.Rules;

/// <summary>Conditions as clauses that go with "when", such as "tension on AZE-RUS rises to 60 or above, until it falls below 45".</summary>
/// <remarks>Combinations have no reading but one: "both … and …", "either … or …", numbered if there are more, and in brackets within others.</remarks>
public static class ConditionWords
{
    /// <summary>Numbers from here to there are written out.</summary>
    private const double Small = 1e-5;
    private const double Large = 1e15;

    /// <param name="on">Where, as in " on AZE-RUS"; empty if it was said before.</param>
    public static string Of(Condition condition, string on = "") => condition switch
    {
        ThresholdCondition c when c.ResolvesBelow == c.Above => $"{Level(c.Of)}{on} is at {Number(c.Above)} or above",
        ThresholdCondition c => $"{Level(c.Of)}{on} rises to {Number(c.Above)} or above, until it falls below {Number(c.ResolvesBelow)}",
        RateOfChangeCondition c => $"hostility{on} rises by {Number(c.Rise)} or more within {Hours(c.WithinHours)}",
        PressureCondition c => $"hostility{on} comes at {Number(c.Above)} times its slow pace or more",
        NewHighCondition c => $"{Level(c.Of)}{on} is higher than on any of the last {Days(c.Days)}, and {Number(c.Floor)} or above",
        FirstCondition c => First(c, on),
        PostureJumpCondition c => $"the posture{on} rises by {Rungs(c.Rungs)} or more within {Days(c.WithinDays)}",
        PostureReachesCondition c => $"the posture{on} is at {Rung(c.Rung)} or above",
        WordsToDeedsCondition c =>
            $"the share of deeds in hostility{on} over {Days(c.Days)} exceeds that of the {Days(c.PriorDays)} before by {Number(c.Rise * 100)} points or more, "
            + $"on {Count(c.MinIncidents, "incident")} or more in each",
        TitForTatCondition c => $"hostile acts{on} answer one another in {c.Length} turns or more within {Days(c.WithinDays)}, the worst of severity {Number(c.Severity)} or more",
        DisproportionateResponseCondition c => $"an incident{on} answers another within {Days(c.WithinDays)} with {Number(c.Ratio)} times its severity or more",
        ChangePointCondition c => $"the daily pace of hostility{on} has shifted upwards (CUSUM of {Number(c.Threshold)} or more, slack {Number(c.Slack)}, z capped at {Number(c.Cap)})",
        MeasureOpenedCondition c => $"a measure of {Rung(c.MinRung)} or above is taken{on}",
        MeasureOverdueCondition c => $"a measure of {Rung(c.MinRung)} or above{on} has been in force for more than {Days(c.Days)}",
        MeasureClosedCondition c => $"a measure of {Rung(c.MinRung)} or above is ended{on}",
        PostureFallsCondition c => $"the posture{on} falls by {Rungs(c.Rungs)} or more within {Days(c.WithinDays)}",
        TensionFallsCondition c => $"tension{on} falls by {Number(c.By)} or more within {Days(c.WithinDays)}",
        SilenceCondition c => $"nothing is recorded{on} for {Hours(c.Hours)}, neither incident nor check",
        RevisionCondition c => $"a change of the record{on} moves tension by {Number(c.TensionBy)} or more, or a death toll by {Number(c.DeathsByPercent)} % or more",
        AndCondition { All: [var only] } => Of(only, on),
        AndCondition { All: [var one, var other] } => $"{On(on)}both {Part(one)} and {Part(other)}",
        AndCondition c => $"{On(on)}all of {Listed(c.All, "and")}",
        OrCondition { Any: [var only] } => Of(only, on),
        OrCondition { Any: [var one, var other] } => $"{On(on)}either {Part(one)} or {Part(other)}",
        OrCondition c => $"{On(on)}any of {Listed(c.Any, "or")}",
        NotCondition c => $"{On(on)}it is not so that {Part(Denied(c.Not))}",
        ThenCondition c => $"{On(on)}first {Part(c.First)}, and then within {Hours(c.WithinHours)} {Part(c.Second)}",
        _ => throw new InvalidOperationException($"{condition.GetType().Name} has no words."),
    };

    /// <summary>As in <c>rung 5 (rupture)</c>.</summary>
    public static string Rung(int rung) => $"rung {rung} ({Methods.Shipped.Rungs[rung].Name})";

    /// <summary>As in <c>36 hours</c>; from two on, whole days are days, and less than an hour is in minutes or seconds.</summary>
    public static string Hours(double hours) => hours switch
    {
        >= 48 when hours % 24 == 0 => Days(hours / 24),
        >= 1 => Counted(hours, "hour"),
        >= 1 / 60.0 => Counted(Math.Round(hours * 60, 2), "minute"),
        _ => Counted(Math.Round(hours * 3_600, 2), "second"),
    };

    public static string Days(double days) => Counted(days, "day");

    /// <summary>As in <c>1.5 hours</c>.</summary>
    public static string Counted(double number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    /// <summary>To 15 significant digits, so that numbers that differ read differently.</summary>
    public static string Number(double number) => number.ToString(Math.Abs(number) is 0 or >= Small and < Large ? "#,0.####################" : "G15", CultureInfo.InvariantCulture);

    public static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>As in <c>one, two or three</c>.</summary>
    public static string List(IReadOnlyList<string> items, string word) => items.Count == 1 ? items[0] : $"{string.Join(", ", items.SkipLast(1))} {word} {items[^1]}";

    public static string Level(LevelOf level) => level == LevelOf.Tension ? "tension" : "warmth";

    private static string First(FirstCondition c, string on)
    {
        var side = c.Direction ? "by one side" : "by either side";
        var what = c.Of == FirstOf.Type ? $"of its type {side}, at {Rung(c.MinRung)} or above" : $"at its rung or above {side}, from {Rung(c.MinRung)} on";
        return $"an incident{on} is the first {what}, {(c.Years is { } years ? $"in {Counted(years, "year")}" : "ever")}";
    }

    private static string Rungs(int rungs) => Count(rungs, "rung");

    private static string On(string on) => on.Length == 0 ? "" : $"{on[1..]}, ";

    /// <summary>A clause within another: what could be read as going on is put in brackets.</summary>
    private static string Part(Condition condition) => condition switch
    {
        AndCondition { All: [var only] } => Part(only),
        OrCondition { Any: [var only] } => Part(only),
        ThresholdCondition c when c.ResolvesBelow != c.Above => $"{Level(c.Of)} is at {Number(c.Above)} or above (until it falls below {Number(c.ResolvesBelow)})",
        AndCondition or OrCondition or NotCondition or ThenCondition or FirstCondition or NewHighCondition or WordsToDeedsCondition or TitForTatCondition or SilenceCondition or RevisionCondition =>
            $"({Of(condition)})",
        _ => Of(condition),
    };

    /// <summary>As it is asked under <c>not</c>, where a level has one bound.</summary>
    private static Condition Denied(Condition condition) => condition switch
    {
        ThresholdCondition c => c with { ResolvesBelow = c.Above },
        AndCondition c => c with { All = [.. c.All.Select(Denied)] },
        OrCondition c => c with { Any = [.. c.Any.Select(Denied)] },
        ThenCondition c => c with { First = Denied(c.First), Second = Denied(c.Second) },
        _ => condition,
    };

    private static string Listed(IReadOnlyList<Condition> parts, string word) => List([.. parts.Select((part, i) => $"({i + 1}) {Part(part)}")], word);
}
