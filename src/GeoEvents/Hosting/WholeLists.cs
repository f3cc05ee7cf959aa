using GeoEvents.Coding;

namespace GeoEvents.Hosting;

/// <summary>Pages of lists that are short enough to be read whole. All pages show the point that the first one was of.</summary>
public static class WholeLists
{
    /// <summary>The point that a page shows, and how many items stand before it.</summary>
    public static async Task<(AsOf AsOf, int Skip)> Start(AsOfReader reader, string workspace, AsOfQuery at, string? after, CancellationToken cancel) =>
        Cursor.Read(after, AsOf.PartsOfCursor + 1) is { } parts
            ? (await reader.Pinned(workspace, at, parts, cancel), Cursor.Skip(parts[^1]))
            : (await reader.Read(workspace, at, cancel), 0);

    public static Page<T> Of<T>(IReadOnlyList<T> all, AsOf asOf, int skip, int size) =>
        new([.. all.Skip(skip).Take(size)], asOf.Known.Position, Next(all.Count, skip + size, asOf), asOf.Shown);

    /// <summary>Cursor of the page that begins at <paramref name="from"/>; null if there is none.</summary>
    public static string? Next(int count, int from, AsOf asOf) => from >= count ? null : Cursor.Write([.. asOf.CursorParts, $"{from}"]);

    /// <exception cref="InvalidRequestException">Not an actor code.</exception>
    public static ActorCode? ActorOf(string? actor) => actor is null
        ? null
        : ActorCode.TryParse(actor, out var code) ? code : throw new InvalidRequestException(FieldProblem.In("actor", "malformed", "Not an actor code such as RUS."));

    /// <exception cref="InvalidRequestException">Not a dyad.</exception>
    public static Dyad? DyadOf(string? dyad) => dyad is null ? null : DyadNamed(dyad);

    /// <exception cref="InvalidRequestException">Not a dyad.</exception>
    public static Dyad DyadNamed(string dyad) => Dyad.TryParse(dyad, out var pair)
        ? pair
        : throw new InvalidRequestException(FieldProblem.In("dyad", "malformed", "Not two different actor codes joined by a hyphen, such as AZE-RUS."));
}
