namespace GeoEvents.IntegrationTests.Hosting;

public class HealthTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_service_that_answers_is_alive_and_ready(string address) =>
        (await workspace.Get(address)).ShouldBe(200).Text.ShouldBe("Healthy");
}
