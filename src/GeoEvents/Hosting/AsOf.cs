using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoEvents.Coding;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Hosting;

/// <summary>A point on all three axes of a read: when it happened, when it was known, how it is scored.</summary>
/// <param name="KnownOn">The time that K was asked for by; null if it was asked for by position, or not at all.</param>
public sealed record AsOf(DateTimeOffset Valid, LogPosition Known, Method Method, DateTimeOffset? KnownOn = null)
{
    /// <summary>What is shown, in words. The same for the same point, whenever it is asked for.</summary>
    public string Shown => $"{(AllDates ? "All dates" : $"As of {Words(Valid)}")}, {ShownKnown}, by method {Method.Id}.";

    /// <summary>Whether V is open: whatever is known is shown, whenever it happened.</summary>
    public bool AllDates { get; init; }

    /// <summary>Whether V is the time of the read, since no other was asked for.</summary>
    public bool IsNow { get; init; }

    /// <summary>The same for what does not depend on V or M.</summary>
    public string ShownKnown => (KnownOn ?? Known.RecordedAt) is { } on && Known.Position > 0
        ? $"as known on {Words(on)} (position {Known.Position})"
        : "before anything was known (position 0)";

    public const int PartsOfCursor = 5;

    /// <summary>What a cursor carries of it, <see cref="PartsOfCursor"/> texts; see <see cref="AsOfReader.Pinned"/>.</summary>
    public IReadOnlyList<string> CursorParts => [$"{Known.Position}", $"{KnownOn?.UtcTicks}", $"{Valid.UtcTicks}", Method.Id, AskedFor];

    /// <summary>What is asked at that point; see <see cref="AsOfQuery.AskedFor"/>.</summary>
    public string AskedFor { get; init; } = "";

    /// <summary>As in <c>29 June 2025, 18:00 UTC</c>, or <c>18:00:05</c> where there are seconds.</summary>
    public static string Words(DateTimeOffset instant)
    {
        var time = instant.Second == 0 ? "HH:mm" : "HH:mm:ss";
        return instant.UtcDateTime.ToString($"d MMMM yyyy, {time} 'UTC'", CultureInfo.InvariantCulture);
    }
}

/// <summary>What asks for a point of the record.</summary>
public interface IPointed
{
    /// <summary>The point that it came to; null until it was read.</summary>
    AsOf? Shown { get; }
}

/// <summary>What is of all dates unless it says <c>validAsOf</c> or a mode, as searches are.</summary>
public interface IOfAllDates : IPointed;

/// <summary>The query parameters that every read takes.</summary>
public sealed class AsOfQuery : IPointed
{
    /// <summary>V: an RFC 3339 date-time with offset, or a date, which means its first instant in UTC; now if not said.</summary>
    public string? ValidAsOf { get; init; }

    /// <summary>K: a log position, or a date-time or date, which means the last position at or before it; now if not said.</summary>
    public string? KnownAsOf { get; init; }

    /// <summary>M: a version of the method; that which was current at K if not said.</summary>
    public string? Method { get; init; }

    /// <summary><c>live</c>: now, as known now. <c>as-it-looked-then</c>: V and K the same past. <c>hindsight</c>: V past, K now.</summary>
    public string? Mode { get; init; }

    internal AsOf? Point { get; set; }

    /// <summary>Whether it is of all dates unless it says one; see <see cref="IOfAllDates"/>.</summary>
    internal bool OfAllDates { get; init; }

    /// <inheritdoc cref="AsOf.AllDates"/>
    internal bool AllDates => OfAllDates && ValidAsOf is null && Mode is null;

    /// <inheritdoc cref="AsOf.IsNow"/>
    internal bool IsNow => ValidAsOf is null && Mode is null or "live";

    AsOf? IPointed.Shown => Point;

    public HttpRequest? Request { get; init; }

    /// <summary>
    /// A digest of what the request asks for besides the point and the page: its path and its other parameters. A cursor that was given out for something else is refused by it.
    /// </summary>
    internal string AskedFor => Request is null
        ? ""
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{Request.Path}?{string.Join('&', Request.Query.Where(q => !Elsewhere.Contains(q.Key)).OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}"))}")).AsSpan(0, 6));

    private static readonly HashSet<string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "validAsOf", "knownAsOf", "method", "mode", "fromValidAsOf", "fromKnownAsOf", "fromMethod", "after", "limit",
    };
}

/// <summary>Resolves the query parameters that every read takes.</summary>
public sealed class AsOfReader(LogReader log, MethodReader methods, TimeProvider clock)
{
    private const string Live = "live";
    private const string AsItLookedThen = "as-it-looked-then";
    private const string Hindsight = "hindsight";

    /// <exception cref="InvalidRequestException">A parameter cannot be read, is not known, or does not go with the mode.</exception>
    public async Task<AsOf> Read(string workspace, AsOfQuery query, CancellationToken cancel)
    {
        var (valid, known, sameAsV) = InMode(query);
        var now = Microseconds.Floor(clock.GetUtcNow());
        var v = Instant(valid, "validAsOf");
        var (at, on) = sameAsV ? await KnownOn(workspace, v!.Value, "validAsOf", cancel) : await KnownAt(workspace, known, cancel);
        return query.Point = new AsOf(
            v ?? (query.Mode == AsItLookedThen ? on ?? at.RecordedAt ?? now : now), at, await Method(workspace, query.Method, at.Position, cancel), on)
        {
            AskedFor = query.AskedFor,
            AllDates = query.AllDates,
            IsNow = query.IsNow,
        };
    }

    public Task<AsOf> Read(string workspace, string? validAsOf, string? knownAsOf, string? method, CancellationToken cancel) =>
        Read(workspace, new AsOfQuery { ValidAsOf = validAsOf, KnownAsOf = knownAsOf, Method = method }, cancel);

    public async Task<LogPosition> Known(string workspace, string? knownAsOf, CancellationToken cancel) => (await KnownAt(workspace, knownAsOf, cancel)).At;

    /// <summary>The point that a cursor carries, on all axes: later pages show what the first one showed, whatever was recorded meanwhile.</summary>
    /// <param name="parts"><see cref="AsOf.CursorParts"/>.</param>
    /// <exception cref="InvalidRequestException">It was never handed out, or for another question or point than the query says.</exception>
    public async Task<AsOf> Pinned(string workspace, AsOfQuery query, IReadOnlyList<string> parts, CancellationToken cancel)
    {
        if (parts[4] != query.AskedFor || !long.TryParse(parts[0], NumberStyles.None, null, out var position) || await log.At(workspace, position, cancel) is not { } known)
        {
            throw Cursor.Malformed();
        }

        var (on, valid, method) = (parts[1].Length == 0 ? (DateTimeOffset?)null : Cursor.Instant(parts[1]), Cursor.Instant(parts[2]), await methods.Find(workspace, parts[3], cancel));
        var point = new AsOf(valid, known, method ?? throw Cursor.Malformed(), on) { AskedFor = query.AskedFor, AllDates = query.AllDates, IsNow = query.IsNow };
        return await Says(workspace, query, point, cancel) ? query.Point = point : throw Cursor.Malformed();
    }

    /// <summary>Whether a query means a point, as far as it says.</summary>
    private async Task<bool> Says(string workspace, AsOfQuery query, AsOf point, CancellationToken cancel)
    {
        var (valid, known, sameAsV) = InMode(query);
        var at = sameAsV ? InstantConverter.Text(Instant(valid, "validAsOf")!.Value) : known;
        return (valid is null || Instant(valid, "validAsOf") == point.Valid)
            && (at is null || (await KnownAt(workspace, at, cancel)).At.Position == point.Known.Position)
            && (query.Method is null || query.Method == point.Method.Id);
    }

    /// <summary>A version of the method: the one of that name, else the one that was current at a position, which is what the service answered by then.</summary>
    /// <exception cref="InvalidRequestException">There is none of that name.</exception>
    public async Task<Method> Method(string workspace, string? id, long known, CancellationToken cancel) => id is null
        ? (await methods.Book(workspace, known, cancel)).Current
        : await methods.Named(workspace, id, cancel);

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
                FieldProblem.In(parameter, "malformed", $"Not {(parameter == "knownAsOf" ? "a log position (31), " : "")}a date (2025-07-02) or a date-time with offset (2025-07-02T12:00:00Z)."));
    }

    /// <summary>V and K as the mode has them, and whether K is to be the same as V.</summary>
    private static (string? Valid, string? Known, bool SameAsV) InMode(AsOfQuery query)
    {
        return (query.Mode, query.ValidAsOf, query.KnownAsOf) switch
        {
            (null, var valid, var known) => (valid, known, false),
            (Live, null, null) => (null, null, false),
            (Live, _, _) => throw Contradiction("Live is now, as known now: leave validAsOf and knownAsOf out."),
            (AsItLookedThen, { } valid, null) => (valid, null, true),
            (AsItLookedThen, null, { } known) => (null, known, false),
            (AsItLookedThen, _, _) => throw Contradiction("As it looked then is one past for both: give validAsOf or knownAsOf, not both and not neither."),
            (Hindsight, { } valid, null) => (valid, null, false),
            (Hindsight, _, _) => throw Contradiction("Hindsight is a past as known now: give validAsOf, and leave knownAsOf out."),
            _ => throw new InvalidRequestException(FieldProblem.In("mode", "malformed", $"Not one of: {Live}, {AsItLookedThen}, {Hindsight}.")),
        };

        static InvalidRequestException Contradiction(string detail) => new(FieldProblem.In("mode", "contradiction", detail));
    }

    private async Task<(LogPosition At, DateTimeOffset? On)> KnownAt(string workspace, string? knownAsOf, CancellationToken cancel)
    {
        if (knownAsOf is null)
        {
            return (await log.Head(workspace, cancel), null);
        }

        if (long.TryParse(knownAsOf, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return (await log.At(workspace, position, cancel) ?? throw new InvalidRequestException(
                FieldProblem.In("knownAsOf", "unknown-position", "The record has not come to that position yet.")), null);
        }

        return await KnownOn(workspace, Instant(knownAsOf, "knownAsOf")!.Value, "knownAsOf", cancel);
    }

    private async Task<(LogPosition At, DateTimeOffset? On)> KnownOn(string workspace, DateTimeOffset instant, string parameter, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return instant <= now
            ? (await log.At(workspace, instant, recent: now - instant < LongestCommit, cancel), instant)
            : throw new InvalidRequestException(FieldProblem.In(parameter, "out-of-range", "What will be known then is not known yet."));
    }

    /// <summary>No commit takes longer from its time stamp until it is durable.</summary>
    private static readonly TimeSpan LongestCommit = TimeSpan.FromMinutes(10);

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];
}
