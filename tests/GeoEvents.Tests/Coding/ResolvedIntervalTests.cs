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
    [InlineData("2025-01-01", "2026-01-01", "2025-07-02T12:00:00")]
    public void An_incident_counts_at_its_start_if_that_is_known_to_36_hours_and_else_midway(string earliest, string latest, string tau) =>
        Interval(earliest, latest).Tau.ShouldBe(At(tau));
}
