using GeoEvents.Coding;

namespace GeoEvents.Incidents;

/// <summary>How credible an incident is, from the reports that support and deny it.</summary>
/// <remarks>
/// <para>A report's <c>p = 0.5 + (p₁₋₆ − 0.5)·r</c>, with p₁₋₆ by the report's grade and r by the source's reliability.</para>
/// <para>Per independence group and stance the strongest (largest) p counts; then
/// <c>c = σ(clamp(Σ logit p(supports) − Σ logit p(denies), ±3))</c>.</para>
/// <para>Source: DESIGN §4. Reports without a grade do not count; where none is graded, <see cref="Method.UngradedCredibility"/> decides.</para>
/// </remarks>
public static class Credibility
{
    private const double Clamp = 3;

    /// <summary>p₁ … p₆: probability that a report so graded is true, from a completely reliable source.</summary>
    private static readonly double[] ByGrade = [.90, .70, .50, .30, .10, .50];

    /// <summary>r(A) … r(F): how far a grade given to a source's report is believed.</summary>
    private static readonly double[] ByReliability = [1, .85, .65, .40, .15, .50];

    /// <returns>c, 0.047 to 0.953; null if no report is graded.</returns>
    public static double? Of(IEnumerable<Report> reports)
    {
        var strongest = reports
            .Where(r => r.Credibility is not null)
            .GroupBy(r => (r.Group, r.Stance), (key, group) => (key.Stance, P: group.Max(Probability)))
            .ToList();
        if (strongest.Count == 0)
        {
            return null;
        }

        // Summed from the smallest up, so that the order of reports does not reach the last digit.
        var logOdds = strongest.Select(s => s.Stance == Stance.Supports ? Logit(s.P) : -Logit(s.P)).Order().Sum();
        return 1 / (1 + Math.Exp(-Math.Clamp(logOdds, -Clamp, Clamp)));
    }

    /// <returns>The largest count of a supporting report without a grade; null if none counted.</returns>
    public static int? CountedSources(IEnumerable<Report> reports) =>
        reports.Where(r => r is { Stance: Stance.Supports, Credibility: null }).Max(r => r.IndependentSources);

    /// <returns>p, 0.1 to 0.9.</returns>
    private static double Probability(Report report) => report.Credibility is { } grade
        ? 0.5 + ((ByGrade[grade - 1] - 0.5) * ByReliability[(int)report.Reliability])
        : 0.5;

    private static double Logit(double p) => Math.Log(p / (1 - p));
}
