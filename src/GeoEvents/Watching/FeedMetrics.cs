using System.Diagnostics.Metrics;

namespace GeoEvents.Watching;

/// <summary>What a monitor sees of feeds.</summary>
public sealed class FeedMetrics
{
    public const string Meter = "GeoEvents";

    private readonly TimeProvider clock;
    private readonly Counter<long> failures;
    private IReadOnlyList<StoredFeed> feeds = [];

    public FeedMetrics(IMeterFactory meters, TimeProvider clock)
    {
        this.clock = clock;
        var meter = meters.Create(Meter);
        failures = meter.CreateCounter<long>("geoevents.feed.failures", description: "Looks at a feed, or files of it, that failed.");
        meter.CreateObservableGauge("geoevents.feed.lag", Lags, "s", "How far behind a feed the record is.");
    }

    /// <summary>The feeds as they stand now.</summary>
    public void Show(IReadOnlyList<StoredFeed> all) => feeds = all;

    public void Failed(string workspace, string feed) => failures.Add(1, new("workspace", workspace), new("feed", feed));

    private IEnumerable<Measurement<double>> Lags() => feeds.Select(f => new Measurement<double>(
        FeedView.Lag(f.Feed, f.Files, clock.GetUtcNow()).TotalSeconds,
        new KeyValuePair<string, object?>("workspace", f.Workspace),
        new KeyValuePair<string, object?>("feed", f.Feed.Name)));
}
