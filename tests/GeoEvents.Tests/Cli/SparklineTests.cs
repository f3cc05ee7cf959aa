using GeoEvents.Cli.Rendering;

namespace GeoEvents.Tests.Cli;

public class SparklineTests
{
    [Fact]
    public void The_largest_value_is_drawn_full_and_nothing_lowest() => Sparkline.Of([0, 50, 100], 10).ShouldBe("▁▄█");

    [Fact]
    public void A_block_that_stands_for_several_values_shows_the_largest() => Sparkline.Of([0, 100, 0, 0], 2).ShouldBe("█▁");

    [Fact]
    public void Of_two_that_are_compared_the_smaller_is_drawn_smaller() => Sparkline.Of([0, 50], 10, full: 100).ShouldBe("▁▄");

    [Fact]
    public void Without_hostility_it_lies_flat() => Sparkline.Of([0, 0], 5).ShouldBe("▁▁");

    [Fact]
    public void Without_values_there_is_nothing() => Sparkline.Of([], 5).ShouldBeEmpty();
}
