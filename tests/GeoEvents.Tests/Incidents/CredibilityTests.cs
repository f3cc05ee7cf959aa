using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Tests.Incidents;

public class CredibilityTests
{
    /// <summary><c>p = 0.5 + (p₁₋₆ − 0.5)·r</c>, and of one report c = p within the clamp.</summary>
    [Theory]
    [InlineData(Reliability.A, 1, 0.9)]
    [InlineData(Reliability.A, 2, 0.7)]
    [InlineData(Reliability.A, 3, 0.5)]
    [InlineData(Reliability.A, 4, 0.3)]
    [InlineData(Reliability.A, 5, 0.1)]
    [InlineData(Reliability.A, 6, 0.5)]
    [InlineData(Reliability.B, 1, 0.84)]
    [InlineData(Reliability.C, 1, 0.76)]
    [InlineData(Reliability.D, 1, 0.66)]
    [InlineData(Reliability.E, 1, 0.56)]
    [InlineData(Reliability.F, 1, 0.7)]
    public void One_report_counts_by_its_grade_and_its_source(Reliability reliability, int grade, double c) =>
        Credibility.Of([Report("a", reliability, grade)])!.Value.ShouldBe(c, 1e-12);

    [Fact]
    public void Without_a_graded_report_there_is_none()
    {
        Credibility.Of([]).ShouldBeNull();
        Credibility.Of([Report("a", Reliability.A, null)]).ShouldBeNull();
    }

    [Fact]
    public void Independent_groups_add_up_and_one_group_counts_once_by_its_strongest()
    {
        var two = Sigma(Logit(.7) + Logit(.7));
        Credibility.Of([Report("a", Reliability.A, 2), Report("b", Reliability.A, 2)])!.Value.ShouldBe(two, 1e-12);
        Credibility.Of([Report("a", Reliability.A, 2), Report("a", Reliability.A, 4), Report("b", Reliability.A, 2)])!.Value.ShouldBe(two, 1e-12);
    }

    [Fact]
    public void A_denial_weighs_against_also_from_a_group_that_supports()
    {
        Credibility.Of([Report("a", Reliability.A, 1), Report("b", Reliability.A, 2, Stance.Denies)])!.Value.ShouldBe(Sigma(Logit(.9) - Logit(.7)), 1e-12);
        Credibility.Of([Report("a", Reliability.A, 1), Report("a", Reliability.A, 1, Stance.Denies)])!.Value.ShouldBe(.5, 1e-12);
    }

    [Fact]
    public void Nothing_is_quite_certain()
    {
        Report[] many = [.. Enumerable.Range(0, 9).Select(i => Report($"g{i}", Reliability.A, 1))];
        Credibility.Of(many)!.Value.ShouldBe(Sigma(3), 1e-12);
        Credibility.Of(many.Select(r => r with { Stance = Stance.Denies }))!.Value.ShouldBe(Sigma(-3), 1e-12);
    }

    /// <summary>To the last bit: live equals rebuilt equals replayed.</summary>
    [Fact]
    public void The_order_of_reports_does_not_matter()
    {
        Report[] reports = [Report("a", Reliability.B, 1), Report("b", Reliability.C, 2), Report("c", Reliability.E, 4), Report("d", Reliability.D, 2, Stance.Denies)];
        Credibility.Of(reports.Reverse()).ShouldBe(Credibility.Of(reports));
    }

    [Theory]
    [InlineData(null, 0.5)]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.5465)]
    [InlineData(4, 0.5921)]
    [InlineData(5, 0.6065)]
    [InlineData(10, 0.65)]
    [InlineData(23, 0.6991)]
    [InlineData(24, 0.7)]
    [InlineData(1_000_000, 0.7)]
    public void Sources_that_a_feed_counted_raise_what_nobody_graded(int? sources, double c) =>
        Methods.Shipped.UngradedCredibility(sources).ShouldBe(c, 5e-5);

    [Fact]
    public void One_source_is_exactly_the_default() => Methods.Shipped.UngradedCredibility(1).ShouldBe(Methods.Shipped.Parameters.UnGradedCredibility);

    [Fact]
    public void Counts_of_denials_and_of_graded_reports_are_no_counts()
    {
        Credibility.CountedSources([]).ShouldBeNull();
        Credibility.CountedSources(
        [
            Report("a", Reliability.F, null) with { IndependentSources = 3 },
            Report("b", Reliability.F, null) with { IndependentSources = 2 },
            Report("c", Reliability.F, 6) with { IndependentSources = 9 },
            Report("d", Reliability.F, null, Stance.Denies) with { IndependentSources = 9 },
        ]).ShouldBe(3);
    }

    private static Report Report(string group, Reliability reliability, int? grade, Stance stance = Stance.Supports) => new("r1", "s", stance, grade, reliability, group);

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));
}
