using System.Globalization;
using GeoEvents.Hosting;

namespace GeoEvents.Alerts.Rules;

/// <summary>Which numbers and parts a condition may have, each fault named by JSON pointer. The ranges are those written at <see cref="Condition"/>.</summary>
public static class ConditionRules
{
    private const double HoursOfAYear = 8_760;

    /// <summary>What is wrong with a condition by itself; its parts are checked as conditions of their own.</summary>
    public static IEnumerable<FieldProblem> Check(string at, Condition condition) => condition switch
    {
        ThresholdCondition c => Within($"{at}/above", c.Above, 0, 100).Concat(
            c.ResolvesBelow > c.Above && double.IsFinite(c.ResolvesBelow)
                ? [FieldProblem.At($"{at}/resolvesBelow", "contradiction", $"It resolves below a level of at most {Text(c.Above)}, at which it begins to hold.")]
                : Within($"{at}/resolvesBelow", c.ResolvesBelow, 0, 100)),
        RateOfChangeCondition c => [.. Above($"{at}/rise", c.Rise, 0), .. Upto($"{at}/withinHours", c.WithinHours, HoursOfAYear)],
        PressureCondition c => Above($"{at}/above", c.Above, 1),
        NewHighCondition c => [.. Within($"{at}/days", c.Days, 1, 1_095), .. Within($"{at}/floor", c.Floor, 0, 100)],
        FirstCondition c => [.. c.Years is { } years ? Upto($"{at}/years", years, 100) : [], .. Rung($"{at}/minRung", c.MinRung)],
        PostureJumpCondition c => [.. Within($"{at}/rungs", c.Rungs, 1, 9), .. Upto($"{at}/withinDays", c.WithinDays, 365)],
        PostureReachesCondition c => Within($"{at}/rung", c.Rung, 1, 9),
        WordsToDeedsCondition c =>
        [
            .. Upto($"{at}/days", c.Days, 365), .. Upto($"{at}/priorDays", c.PriorDays, 1_095), .. Upto($"{at}/rise", c.Rise, 1),
            .. Within($"{at}/minIncidents", c.MinIncidents, 1, int.MaxValue),
        ],
        TitForTatCondition c => [.. Upto($"{at}/withinDays", c.WithinDays, 90), .. Within($"{at}/length", c.Length, 2, 50), .. Within($"{at}/severity", c.Severity, 0, 20)],
        DisproportionateResponseCondition c => [.. Above($"{at}/ratio", c.Ratio, 1), .. Upto($"{at}/withinDays", c.WithinDays, 90)],
        ChangePointCondition c =>
        [
            .. Above($"{at}/cap", c.Cap, 0), .. Within($"{at}/slack", c.Slack, 0, double.MaxValue), .. Above($"{at}/threshold", c.Threshold, 0),
            .. c.Slack >= c.Cap && c.Cap > 0
                ? [FieldProblem.At($"{at}/slack", "contradiction", $"With a slack of cap ({Text(c.Cap)}) or more the sum never rises. Make it smaller.")]
                : Array.Empty<FieldProblem>(),
        ],
        MeasureOpenedCondition c => Rung($"{at}/minRung", c.MinRung),
        MeasureOverdueCondition c => [.. Rung($"{at}/minRung", c.MinRung), .. Upto($"{at}/days", c.Days, 36_500)],
        MeasureClosedCondition c => Rung($"{at}/minRung", c.MinRung),
        PostureFallsCondition c => [.. Within($"{at}/rungs", c.Rungs, 1, 9), .. Upto($"{at}/withinDays", c.WithinDays, 365)],
        TensionFallsCondition c => [.. Upto($"{at}/by", c.By, 100), .. Upto($"{at}/withinDays", c.WithinDays, 365)],
        SilenceCondition c => Upto($"{at}/hours", c.Hours, HoursOfAYear),
        RevisionCondition c => [.. Above($"{at}/tensionBy", c.TensionBy, 0), .. Above($"{at}/deathsByPercent", c.DeathsByPercent, 0)],
        AndCondition { All: null or [] } => [Required($"{at}/all", "All of nothing always holds: name at least one condition.")],
        OrCondition { Any: null or [] } => [Required($"{at}/any", "One of nothing never holds: name at least one condition.")],
        NotCondition { Not: null } => [Required($"{at}/not", "Name the condition that is not to hold.")],
        ThenCondition c =>
        [
            .. c.First is null ? [Required($"{at}/first", "Name the condition that comes first.")] : Array.Empty<FieldProblem>(),
            .. c.Second is null ? [Required($"{at}/second", "Name the condition that follows.")] : Array.Empty<FieldProblem>(),
            .. Upto($"{at}/withinHours", c.WithinHours, HoursOfAYear),
        ],
        _ => [],
    };

    /// <summary>From one number to another, both allowed.</summary>
    public static IEnumerable<FieldProblem> Within(string at, double number, double least, double most) => number >= least && number <= most
        ? []
        : [FieldProblem.At(at, "out-of-range", most >= int.MaxValue ? $"Not a number of {Text(least)} or more." : $"Not a number from {Text(least)} to {Text(most)}.")];

    /// <summary>More than 0, and up to another number, which is allowed.</summary>
    private static IEnumerable<FieldProblem> Upto(string at, double number, double most) =>
        number > 0 && number <= most ? [] : [FieldProblem.At(at, "out-of-range", $"Not a number above 0, up to {Text(most)}.")];

    private static IEnumerable<FieldProblem> Above(string at, double number, double least) =>
        number > least && double.IsFinite(number) ? [] : [FieldProblem.At(at, "out-of-range", $"Not a number above {Text(least)}.")];

    private static IEnumerable<FieldProblem> Rung(string at, int rung) => Within(at, rung, 0, 9);

    private static FieldProblem Required(string at, string detail) => FieldProblem.At(at, "required", detail);

    private static string Text(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);
}
