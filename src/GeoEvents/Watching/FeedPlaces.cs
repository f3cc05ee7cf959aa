namespace GeoEvents.Watching;

/// <summary>Where feeds are read from.</summary>
/// <param name="patience">The longest that nothing may come.</param>
public sealed class FeedPlaces(HttpMessageHandler wire, TimeSpan patience, TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new(wire) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { { "User-Agent", "GeoEvents" } } };

    public IFeedPlace Of(Feed feed) => FeedRules.IsWeb(feed.Address)
        ? new WebPlace(http, new Uri(feed.Address), patience, clock)
        : new FolderPlace(feed.Address, clock);

    /// <summary>Reads an opened file with all checks.</summary>
    /// <param name="announced">Null if nothing says what it should be.</param>
    /// <param name="most">Bytes, where no size is announced.</param>
    public CheckedStream Read(OpenedFile file, FeedFile? announced, long most) => new(file.Content, announced?.Size, announced?.Md5, most, patience, clock);

    public void Dispose() => http.Dispose();
}
