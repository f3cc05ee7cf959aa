using System.Globalization;
using GeoEvents.Coding;

namespace GeoEvents.Hosting;

/// <summary>Pages of lists that are short enough to be read whole. All pages show the point that the first one was of.</summary>
public static class WholeLists
{
    /// <summary>The point that a page shows, and how many items stand before it.</summary>
    public static async Task<(AsOf AsOf, int Skip)> Start(AsOfReader reader, string workspace, AsOfQuery at, string? after, CancellationToken cancel)
    {
        if (Cursor.Read(after, parts: 3) is not [var position, var ticks, var from])
        {
            return (await reader.Read(workspace, at, cancel), 0);
        }

        if (!long.TryParse(ticks, NumberStyles.None, null, out var valid) || valid > DateTime.MaxValue.Ticks
            || !int.TryParse(from, NumberStyles.None, null, out var skip) || skip > int.MaxValue - PageSize.Most)
        {
            throw Cursor.Malformed();
        }

        var known = await reader.Pinned(workspace, position, cancel);
        return (new AsOf(new DateTimeOffset(valid, TimeSpan.Zero), known, await reader.Method(workspace, at.Method, known.Position, cancel)), skip);
    }

    public static Page<T> Of<T>(IReadOnlyList<T> all, AsOf asOf, int skip, int size) => new(
        [.. all.Skip(skip).Take(size)],
        asOf.Known.Position,
        all.Count - size > skip ? Cursor.Write($"{asOf.Known.Position}", $"{asOf.Valid.UtcTicks}", $"{skip + size}") : null,
        asOf.Shown);

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
