using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using GeoEvents.Coding;

namespace GeoEvents.Watching;

[JsonConverter(typeof(KebabCaseEnumConverter<FeedState>))]
public enum FeedState { Running, Paused }

/// <summary>A place where somebody publishes files in GDELT's pattern, followed for one workspace.</summary>
/// <remarks>What its user asked for, and where following it stands. Which files were taken is in <c>geo.feed_file</c>.</remarks>
public record Feed
{
    /// <summary>1 to 63 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Base address, ending in a slash, or a folder on the machine of the service.</summary>
    public required string Address { get; init; }

    /// <summary>Of its files, as in <c>?format=</c> of an import.</summary>
    public required string Format { get; init; }

    /// <summary>Of the names of those files that are taken.</summary>
    public required string Ending { get; init; }

    /// <summary>Seconds from one look to the next, while all is well.</summary>
    public required int IntervalSeconds { get; init; }

    /// <summary>Files published before are not taken. If nobody said, the first look sets it to the newest that an address lists; null in a folder without a list.</summary>
    public DateTimeOffset? From { get; init; }

    public FeedState State { get; init; }

    public required string User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Publication of the newest file listed; every file up to it is known.</summary>
    public DateTimeOffset? Cursor { get; init; }

    /// <summary>When its list was last read.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Looks in a row that failed.</summary>
    public int Failures { get; init; }

    /// <summary>What went wrong last, with the list or with one file; it may be over since.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    public required DateTimeOffset NextAttempt { get; init; }

    public bool IsDue(DateTimeOffset now) => State == FeedState.Running && NextAttempt <= now;

    public Feed Failed(string error, DateTimeOffset now, double chance) => this with
    {
        Failures = Failures + 1,
        LastError = error,
        LastErrorAt = now,
        NextAttempt = now + Backoff.After(Failures + 1, chance),
    };
}

/// <summary>The files of a feed, counted.</summary>
/// <param name="Waiting">Known and not taken yet.</param>
/// <param name="WaitingSince">Publication of the oldest of them.</param>
/// <param name="GivenUp">Known and not taken, after so many failures that nobody tries any more.</param>
public sealed record FeedFiles(long Waiting, DateTimeOffset? WaitingSince, long GivenUp, TakenFile? LastTaken);

/// <summary>A file that was handed to an import.</summary>
public sealed record TakenFile(string Name, Guid Import, DateTimeOffset TakenAt);

/// <summary>A feed as it is shown.</summary>
public sealed record FeedView : Feed
{
    [SetsRequiredMembers]
    public FeedView(Feed feed, FeedFiles files, DateTimeOffset now)
        : base(feed)
    {
        (Waiting, GivenUp, LastTaken) = (files.Waiting, files.GivenUp, files.LastTaken);
        LagSeconds = (long)Lag(feed, files, now).TotalSeconds;
    }

    /// <summary>How far behind the feed we are; see <see cref="Lag"/>.</summary>
    public long LagSeconds { get; }

    /// <summary>Files known and not taken yet.</summary>
    public long Waiting { get; }

    /// <summary>Files that nobody tries to take any more, until <c>check-now</c>.</summary>
    public long GivenUp { get; }

    public TakenFile? LastTaken { get; }

    /// <summary>
    /// How long the oldest file that is still to be taken has been published; where looking fails, at least how long nobody has seen the list.
    /// Zero when all that is known is taken and the last look went well.
    /// </summary>
    public static TimeSpan Lag(Feed feed, FeedFiles files, DateTimeOffset now)
    {
        var blind = feed.Failures > 0 ? now - (feed.SeenAt ?? feed.CreatedAt) : TimeSpan.Zero;
        var behind = files.WaitingSince is { } since ? now - since : TimeSpan.Zero;
        return new[] { blind, behind, TimeSpan.Zero }.Max();
    }
}
