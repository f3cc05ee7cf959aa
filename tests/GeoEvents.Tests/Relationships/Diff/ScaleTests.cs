using CsCheck;
using GeoEvents.Coding;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Tests.Relationships.Diff;

public class ScaleTests
{
    /// <summary>100·(1 − e^(−1))/20; and where both are equal, 100/20·e^(−H/20).</summary>
    [Theory]
    [InlineData(0, 20, 3.1606027941427883)]
    [InlineData(20, 0, 3.1606027941427883)]
    [InlineData(0, 0, 5)]
    [InlineData(20, 20, 1.8393972058572117)]
    [InlineData(0, 100_000, 0.001)]
    public void Points_per_hostility_are_the_mean_slope_of_tension(double h1, double h2, double slope) =>
        Scale.Between(h1, h2, Methods.Shipped).PointsPerHostility.ShouldBe(slope, 1e-12);

    /// <summary>T(H₂) − T(H₁) computed as an integral of its derivative, which cancels nowhere: Simpson's rule over so short a way is exact to rounding.</summary>
    [Fact]
    public void However_near_the_two_are_it_is_exact() => Gen.Select(Gen.Double[0, 200], Gen.Double[-14, 0], Gen.Bool).Sample((h, exponent, down) =>
    {
        var width = Math.Pow(10, exponent) * (down ? -1 : 1);
        var (low, high) = (h + 1, h + 1 + width);
        var simpson = (Slope(low) + (4 * Slope((low + high) / 2)) + Slope(high)) / 6;
        Scale.Between(low, high, Methods.Shipped).PointsPerHostility.ShouldBe(simpson, 1e-7 * simpson);
        Scale.Between(high, low, Methods.Shipped).PointsPerHostility.ShouldBe(simpson, 1e-7 * simpson);

        static double Slope(double hostility) => 5 * Math.Exp(-hostility / 20);
    });
}
