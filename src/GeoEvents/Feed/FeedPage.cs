namespace GeoEvents.Feed;

/// <summary>A stretch of the feed.</summary>
/// <param name="Items">Those that passed, in order.</param>
/// <param name="Last">Number of the last item that was looked at, whether it passed or not: whoever asks for what comes after it misses nothing and reads nothing twice.</param>
/// <param name="IsLast">Whether the log went no further.</param>
public sealed record FeedPage(IReadOnlyList<FeedItem> Items, long Last, bool IsLast);
