namespace GeoEvents.IntegrationTests.Durability;

/// <summary>How often something is killed in one test: three times, or as often as <c>GEOEVENTS_TEST_ROUNDS</c> says.</summary>
internal static class Rounds
{
    private const int Fewest = 3;

    public static int Count => Math.Max(Fewest, int.TryParse(Environment.GetEnvironmentVariable("GEOEVENTS_TEST_ROUNDS"), out var asked) ? asked : Fewest);

    /// <summary>Other moments in every run; the message of a failure names the seed.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("GEOEVENTS_TEST_SEED"), out var given) ? given : Random.Shared.Next();
}
