using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GeoEvents.Hosting;

/// <summary>Where a page ended, as an opaque text. It pins the point of the first page, so that all pages show one record.</summary>
public static class Cursor
{
    public static string Write(params IEnumerable<string> parts) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('|', parts)));

    /// <exception cref="InvalidRequestException">Not a cursor of this kind of page.</exception>
    public static string[]? Read(string? after, int parts)
    {
        if (after is null)
        {
            return null;
        }

        var split = Parts(after);
        return split.Length == parts ? split : throw Malformed();
    }

    /// <summary>What a cursor holds; first, if it is of a read of the record, the point of it (<see cref="AsOf.CursorParts"/>).</summary>
    /// <exception cref="InvalidRequestException">Not a cursor.</exception>
    public static string[] Parts(string after)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after)).Split('|');
        }
        catch (FormatException)
        {
            throw Malformed();
        }
    }

    /// <summary>An instant, in UTC, of its ticks.</summary>
    /// <exception cref="InvalidRequestException">Not one.</exception>
    public static DateTimeOffset Instant(string ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(number, TimeSpan.Zero)
            : throw Malformed();

    /// <summary>How many items of a list come before the page.</summary>
    /// <exception cref="InvalidRequestException">Not a number of items.</exception>
    public static int Skip(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var skip) && skip <= int.MaxValue - PageSize.Most ? skip : throw Malformed();

    public static InvalidRequestException Malformed() =>
        new(FieldProblem.In("after", "malformed", "Not a cursor that this address gave out with these parameters. Follow the Link header with rel=\"next\"."));
}

/// <summary>How many items a page holds.</summary>
public static class PageSize
{
    public const int Default = 50;

    public const int Most = 500;

    /// <exception cref="InvalidRequestException">Not a number from 1 to <see cref="Most"/>.</exception>
    public static int Read(string? limit) => limit is null
        ? Default
        : int.TryParse(limit, System.Globalization.NumberStyles.None, null, out var number) && number is >= 1 and <= Most
            ? number
            : throw new InvalidRequestException(FieldProblem.In("limit", "out-of-range", $"A page holds 1 to {Most} items."));
}

/// <summary>One page of a list.</summary>
/// <param name="KnownAsOf">Log position that the page, and every page after it, shows.</param>
/// <param name="Next">Cursor for <c>after</c>; null on the last page. The Link header carries it too.</param>
/// <param name="Shown">The point that is shown, in words.</param>
public sealed record Page<T>([property: KeepEmpty] IReadOnlyList<T> Items, long KnownAsOf, string? Next, string? Shown = null)
{
    /// <summary>Answers with the page and its Link header (RFC 8288).</summary>
    public IResult Answer(HttpContext http)
    {
        Links.Next(http, Next);
        return Results.Json(this, GeoJson.Options);
    }
}

/// <summary>A list that is the same on all pages of the record, or has but one.</summary>
/// <param name="Next">Cursor for <c>after</c>; null on the last page.</param>
/// <param name="Shown">The point of the record that is shown, in words; null for what is not read from the record.</param>
public sealed record ItemList<T>([property: KeepEmpty] IReadOnlyList<T> Items, string? Next = null, string? Shown = null);

/// <summary>The Link header (RFC 8288).</summary>
public static class Links
{
    /// <summary>Names the next page: the same request with another cursor.</summary>
    public static void Next(HttpContext http, string? cursor)
    {
        if (cursor is not null)
        {
            var query = http.Request.Query.Where(q => q.Key != "after").SelectMany(q => q.Value, (q, value) => KeyValuePair.Create(q.Key, value))
                .Append(KeyValuePair.Create("after", (string?)cursor));
            http.Response.Headers.Link = $"<{http.Request.Path}{QueryString.Create(query)}>; rel=\"next\"";
        }
    }
}
