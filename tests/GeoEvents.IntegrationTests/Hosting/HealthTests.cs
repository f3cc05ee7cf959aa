namespace GeoEvents.IntegrationTests.Hosting;

public class HealthTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/ledger")]
    public async Task A_service_that_answers_is_alive_and_ready_and_its_ledger_agrees_with_the_log(string address) =>
        (await workspace.Get(address)).ShouldBe(200).Text.ShouldBe("Healthy");
}
