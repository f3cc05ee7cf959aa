using CsCheck;
using GeoEvents.Cli.Rendering;

namespace GeoEvents.Tests.Cli;

public class AddingUpTests
{
    [Fact]
    public void Steps_as_printed_add_up_to_their_sum_as_printed_and_none_is_far_off() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[-3, 3].Array[0, 40]).Sample((start, steps) =>
        {
            var rounded = AddingUp.Rounded(start, steps);

            Math.Round(rounded.Sum(), 2).ShouldBe(Math.Round(AddingUp.Rounded(start, [steps.Sum()])[0], 2), 1e-9);
            rounded.Zip(steps).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) <= 0.01 + 1e-9);
        });

    [Fact]
    public void A_step_of_nothing_is_printed_as_nothing() => AddingUp.Rounded(1.005, [0, 0.004, 0]).Select(s => s == 0).ShouldBe([true, false, true]);
}
