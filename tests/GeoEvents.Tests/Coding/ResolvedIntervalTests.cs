using static GeoEvents.Tests.Coding.EdtfResolutionTests;

namespace GeoEvents.Tests.Coding;

public class ResolvedIntervalTests
{
    [Theory]
    [InlineData("2025-06-28", "2025-06-29", "2025-06-28")]
    [InlineData("2025-06-28", "2025-06-28", "2025-06-28")]
    [InlineData("2025-06-28", "2025-06-29T12:00:00", "2025-06-28")]
    [InlineData("2025-06-28", "2025-06-29T12:00:00.000001", "2025-06-28T18:00:00")]
    [InlineData("2025-06-28", "2025-06-29T12:00:00.000002", "2025-06-28T18:00:00.000001")]
    [InlineData("2025-06-01", "2025-07-01", "2025-06-16")]
    [InlineData("2025", "2026", "2025-07-02T12:00:00")]
    public void An_incident_counts_at_its_start_if_that_is_known_to_36_hours_and_else_midway(string earliest, string latest, string tau) =>
        Interval(Full(earliest), Full(latest)).Tau.ShouldBe(At(tau));

    private static string Full(string text) => text.Length == 4 ? text + "-01-01" : text;
}
