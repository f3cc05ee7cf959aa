using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Hosting;

/// <summary>A point on all three axes of a read: when it happened, when it was known, how it is scored.</summary>
public sealed record AsOf(DateTimeOffset Valid, LogPosition Known, Method Method);

/// <summary>Resolves the three query parameters that every read takes.</summary>
public sealed class AsOfReader(LogReader log, TimeProvider clock)
{
    /// <param name="validAsOf">RFC 3339 date-time with offset, or a date, which means its first instant in UTC; null is now.</param>
    /// <param name="knownAsOf">Log position, or a date-time or date, which means the last position at or before it; null is now.</param>
    /// <param name="method">Method version; null is the current one.</param>
    /// <exception cref="InvalidRequestException">One of them cannot be read, or is not known.</exception>
    public async Task<AsOf> Read(string workspace, string? validAsOf, string? knownAsOf, string? method, CancellationToken cancel) =>
        new(Instant(validAsOf, "validAsOf") ?? Microseconds.Floor(clock.GetUtcNow()), await Known(workspace, knownAsOf, cancel), MethodNamed(method));

    public async Task<LogPosition> Known(string workspace, string? knownAsOf, CancellationToken cancel)
    {
        if (knownAsOf is null)
        {
            return await log.Head(workspace, cancel);
        }

        if (long.TryParse(knownAsOf, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return await log.At(workspace, position, cancel) ?? throw new InvalidRequestException(
                FieldProblem.In("knownAsOf", "unknown-position", "The record has not come to that position yet."));
        }

        var instant = Instant(knownAsOf, "knownAsOf")!.Value;
        var now = clock.GetUtcNow();
        return instant <= now
            ? await log.At(workspace, instant, recent: now - instant < LongestCommit, cancel)
            : throw new InvalidRequestException(FieldProblem.In("knownAsOf", "out-of-range", "What will be known then is not known yet."));
    }

    /// <summary>The position that a cursor carries.</summary>
    /// <exception cref="InvalidRequestException">It was never handed out, so neither was the cursor.</exception>
    public async Task<LogPosition> Pinned(string workspace, string position, CancellationToken cancel) =>
        long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && await log.At(workspace, known, cancel) is { } at
            ? at
            : throw Cursor.Malformed();

    public static Method MethodNamed(string? id) => id is null
        ? Methods.Current
        : Methods.Find(id) ?? throw new InvalidRequestException(
            FieldProblem.In("method", "unknown-method", $"There is no method '{id}'. GET …/methods lists them."));

    /// <summary>An instant as a query gives it, to the microsecond.</summary>
    public static DateTimeOffset? Instant(string? text, string parameter)
    {
        if (text is null)
        {
            return null;
        }

        // In a query, a plus sign that was not escaped arrives as a space.
        var instant = text.Replace(' ', '+');
        return DateTimeOffset.TryParseExact(instant, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? Microseconds.Floor(parsed)
            : throw new InvalidRequestException(
                FieldProblem.In(parameter, "malformed", "Not a date (2025-07-02) or a date-time with offset (2025-07-02T12:00:00Z)."));
    }

    /// <summary>No commit takes longer from its time stamp until it is durable.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(10);

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];
}
