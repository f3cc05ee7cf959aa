using GeoEvents.Hosting;

namespace GeoEvents.Alerts.Rules;

/// <summary>Which numbers and parts a condition may have, each fault named by JSON pointer. The ranges are those written at <see cref="Condition"/>.</summary>
public static class ConditionRules
{
    private const double HoursOfAYear = 8_760;

    /// <summary>Seconds.</summary>
    private const double Hour = 3_600;
    private const double Day = 24 * Hour;
    private const double Year = 365 * Day;

    /// <summary>What is wrong with a condition by itself; its parts are checked as conditions of their own.</summary>
    public static IEnumerable<FieldProblem> Check(string at, Condition condition) => condition switch
    {
        ThresholdCondition c => Within($"{at}/above", c.Above, 0, 100).Concat(
            c.ResolvesBelow > c.Above && double.IsFinite(c.ResolvesBelow)
                ? [FieldProblem.At($"{at}/resolvesBelow", "contradiction", $"It resolves below a level of at most {Text(c.Above)}, at which it begins to hold.")]
                : Within($"{at}/resolvesBelow", c.ResolvesBelow, 0, 100)),
        RateOfChangeCondition c => [.. Above($"{at}/rise", c.Rise, 0), .. Time($"{at}/withinHours", c.WithinHours, HoursOfAYear, Hour)],
        PressureCondition c => Above($"{at}/above", c.Above, 1),
        NewHighCondition c => [.. Within($"{at}/days", c.Days, 1, 1_095), .. Within($"{at}/floor", c.Floor, 0, 100)],
        FirstCondition c => [.. c.Years is { } years ? Time($"{at}/years", years, 100, Year) : [], .. Rung($"{at}/minRung", c.MinRung)],
        PostureJumpCondition c => [.. Within($"{at}/rungs", c.Rungs, 1, 9), .. Time($"{at}/withinDays", c.WithinDays, 365, Day)],
        PostureReachesCondition c => Within($"{at}/rung", c.Rung, 1, 9),
        WordsToDeedsCondition c =>
        [
            .. Time($"{at}/days", c.Days, 365, Day), .. Time($"{at}/priorDays", c.PriorDays, 1_095, Day), .. Upto($"{at}/rise", c.Rise, 1),
            .. Within($"{at}/minIncidents", c.MinIncidents, 1, int.MaxValue),
        ],
        TitForTatCondition c => [.. Time($"{at}/withinDays", c.WithinDays, 90, Day), .. Within($"{at}/length", c.Length, 2, 50), .. Within($"{at}/severity", c.Severity, 0, 20)],
        DisproportionateResponseCondition c => [.. Above($"{at}/ratio", c.Ratio, 1), .. Time($"{at}/withinDays", c.WithinDays, 90, Day)],
        ChangePointCondition c =>
        [
            .. Above($"{at}/cap", c.Cap, 0), .. Within($"{at}/slack", c.Slack, 0, double.MaxValue), .. Above($"{at}/threshold", c.Threshold, 0),
            .. c.Slack >= c.Cap && c.Cap > 0
                ? [FieldProblem.At($"{at}/slack", "contradiction", $"With a slack of cap ({Text(c.Cap)}) or more the sum never rises. Make it smaller.")]
                : Array.Empty<FieldProblem>(),
        ],
        MeasureOpenedCondition c => Rung($"{at}/minRung", c.MinRung),
        MeasureOverdueCondition c => [.. Rung($"{at}/minRung", c.MinRung), .. Time($"{at}/days", c.Days, 36_500, Day)],
        MeasureClosedCondition c => Rung($"{at}/minRung", c.MinRung),
        PostureFallsCondition c => [.. Within($"{at}/rungs", c.Rungs, 1, 9), .. Time($"{at}/withinDays", c.WithinDays, 365, Day)],
        TensionFallsCondition c => [.. Upto($"{at}/by", c.By, 100), .. Time($"{at}/withinDays", c.WithinDays, 365, Day)],
        SilenceCondition c => Time($"{at}/hours", c.Hours, HoursOfAYear, Hour),
        RevisionCondition c => [.. Above($"{at}/tensionBy", c.TensionBy, 0), .. Above($"{at}/deathsByPercent", c.DeathsByPercent, 0)],
        AndCondition { All: null or [] } => [Required($"{at}/all", "All of nothing always holds: name at least one condition.")],
        OrCondition { Any: null or [] } => [Required($"{at}/any", "One of nothing never holds: name at least one condition.")],
        NotCondition { Not: null } => [Required($"{at}/not", "Name the condition that is not to hold.")],
        ThenCondition c =>
        [
            .. c.First is null ? [Required($"{at}/first", "Name the condition that comes first.")] : Array.Empty<FieldProblem>(),
            .. c.Second is null ? [Required($"{at}/second", "Name the condition that follows.")] : Array.Empty<FieldProblem>(),
            .. Time($"{at}/withinHours", c.WithinHours, HoursOfAYear, Hour),
        ],
        _ => [],
    };

    /// <summary>From one number to another, both allowed.</summary>
    public static IEnumerable<FieldProblem> Within(string at, double number, double least, double most) => number >= least && number <= most
        ? []
        : [FieldProblem.At(at, "out-of-range", most >= int.MaxValue ? $"Not a number of {Text(least)} or more." : $"Not a number from {Text(least)} to {Text(most)}.")];

    /// <summary>None, or a second at least and up to a number of hours, which is allowed.</summary>
    public static IEnumerable<FieldProblem> Hours(string at, double number, double most) => number == 0 ? []
        : number < 0 || number > most ? Within(at, number, 0, most)
        : Time(at, number, most, Hour);

    /// <summary>A second at least, and up to another number, which is allowed.</summary>
    /// <param name="unit">Seconds.</param>
    private static IEnumerable<FieldProblem> Time(string at, double number, double most, double unit) =>
        number > 0 && number <= most && number * unit < 1 ? [FieldProblem.At(at, "out-of-range", "That is less than a second.")] : Upto(at, number, most);

    /// <summary>More than 0, and up to another number, which is allowed.</summary>
    private static IEnumerable<FieldProblem> Upto(string at, double number, double most) =>
        number > 0 && number <= most ? [] : [FieldProblem.At(at, "out-of-range", $"Not a number above 0, up to {Text(most)}.")];

    private static IEnumerable<FieldProblem> Above(string at, double number, double least) =>
        number > least && double.IsFinite(number) ? [] : [FieldProblem.At(at, "out-of-range", $"Not a number above {Text(least)}.")];

    private static IEnumerable<FieldProblem> Rung(string at, int rung) => Within(at, rung, 0, 9);

    private static FieldProblem Required(string at, string detail) => FieldProblem.At(at, "required", detail);

    private static string Text(double number) => ConditionWords.Number(number);
}
