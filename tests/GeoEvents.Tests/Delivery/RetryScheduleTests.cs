using GeoEvents.Delivery;
using GeoEvents.Hosting;
using Microsoft.Extensions.Configuration;

namespace GeoEvents.Tests.Delivery;

public class RetryScheduleTests
{
    private static readonly RetrySchedule Plain = new(RetrySchedule.Standard, () => 0);

    [Fact]
    public void There_are_ten_attempts_by_the_table_of_Standard_Webhooks()
    {
        Plain.Attempts.ShouldBe(10);
        Enumerable.Range(1, 9).Select(n => Plain.After(n, null)!.Value.TotalSeconds).ShouldBe([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
        Plain.After(10, null).ShouldBeNull();
        Plain.After(10, TimeSpan.FromHours(1)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0.5, 5.25)]
    [InlineData(0.999999, 5.5)]
    public void Chance_lengthens_a_wait_by_up_to_a_tenth(double chance, double seconds) =>
        new RetrySchedule(RetrySchedule.Standard, () => chance).After(1, null)!.Value.TotalSeconds.ShouldBe(seconds, 0.001);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(60, 60)]
    [InlineData(100_000, 86_400)]
    public void What_the_receiver_asks_for_is_the_least_and_no_more_than_a_day(double asked, double seconds) =>
        Plain.After(1, TimeSpan.FromSeconds(asked))!.Value.TotalSeconds.ShouldBe(seconds);

    [Fact]
    public void Waits_can_be_configured() =>
        RetrySchedule.From(Configuration("0.2, 1,30")).Waits.ShouldBe([TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)]);

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1,,2")]
    [InlineData("86401")]
    public void What_are_no_waits_keeps_the_service_from_starting(string waits) =>
        Should.Throw<StartupException>(() => RetrySchedule.From(Configuration(waits))).Message.ShouldContain(RetrySchedule.Key);

    private static IConfiguration Configuration(string waits) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [RetrySchedule.Key] = waits }).Build();
}
