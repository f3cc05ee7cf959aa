using System.Collections.Concurrent;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Scoring;

/// <summary>Which versions of the method a workspace had, and which was current, at any position.</summary>
/// <remarks>Facts about methods are few and never change, so those up to a position are kept in memory; a read at a later one asks only for what came after.</remarks>
public sealed class MethodReader(LogReader log)
{
    private readonly ConcurrentDictionary<string, Known> workspaces = [];

    /// <param name="Upto">Position up to which all is known.</param>
    /// <param name="Books">The book after each fact about methods, with its position, ascending.</param>
    private sealed record Known(long Upto, IReadOnlyList<(LogPosition At, MethodBook Book)> Books);

    /// <summary>The book as it was at a position.</summary>
    public async Task<MethodBook> Book(string workspace, long known, CancellationToken cancel) =>
        (await Read(workspace, known, cancel)).Books.LastOrDefault(b => b.At.Position <= known).Book ?? MethodBook.Beginning;

    /// <summary>A version by its name. It may have been published after the position that is read at: any past is answered by any method.</summary>
    /// <exception cref="InvalidRequestException">There is none.</exception>
    public async Task<Method> Named(string workspace, string id, CancellationToken cancel) => await Find(workspace, id, cancel)
        ?? throw new InvalidRequestException(FieldProblem.In("method", "unknown-method", $"There is no method '{id}'. GET …/methods lists them."));

    /// <returns>Null if there is none of that name.</returns>
    public async Task<Method?> Find(string workspace, string id, CancellationToken cancel)
    {
        if (id == Methods.Shipped.Id)
        {
            return Methods.Shipped;
        }

        var head = await log.Head(workspace, cancel);
        return (await Book(workspace, head.Position, cancel)).Find(id);
    }

    /// <summary>When another version became current, up to a position, oldest first.</summary>
    public async Task<IReadOnlyList<MethodBreak>> Breaks(string workspace, long known, CancellationToken cancel)
    {
        var breaks = new List<MethodBreak>();
        var current = MethodBook.Beginning.Current;
        foreach (var (at, book) in (await Read(workspace, known, cancel)).Books.Where(b => b.At.Position <= known))
        {
            if (book.Current != current)
            {
                breaks.Add(new MethodBreak(at.RecordedAt!.Value, at.Position, current.Id, book.Current.Id));
                current = book.Current;
            }
        }

        return breaks;
    }

    /// <summary>The stretches of positions after one, up to another, in which one version was current, in order.</summary>
    public async Task<IReadOnlyList<MethodStretch>> Stretches(string workspace, long after, long upTo, CancellationToken cancel)
    {
        var stretches = new List<MethodStretch>();
        foreach (var next in (await Breaks(workspace, upTo, cancel)).Where(b => b.Position > after))
        {
            stretches.Add(new MethodStretch((await Book(workspace, next.Position - 1, cancel)).Current, after, next.Position - 1));
            after = next.Position - 1;
        }

        return [.. stretches.Where(s => s.UpTo > s.After), new MethodStretch((await Book(workspace, upTo, cancel)).Current, after, upTo)];
    }

    private async Task<Known> Read(string workspace, long known, CancellationToken cancel)
    {
        var had = workspaces.GetValueOrDefault(workspace) ?? new Known(0, []);
        if (known <= had.Upto)
        {
            return had;
        }

        var books = had.Books.ToList();
        foreach (var entry in await log.OfTypes(workspace, [typeof(MethodPublished), typeof(MethodAdopted)], had.Upto, known, cancel))
        {
            books.Add((new LogPosition(entry.Position, entry.RecordedAt), (books.Count == 0 ? MethodBook.Beginning : books[^1].Book).After((MethodEvent)entry.Fact)));
        }

        // Two that read at once learn the same; what reaches further stays.
        var now = new Known(known, books);
        return workspaces.AddOrUpdate(workspace, now, (_, other) => other.Upto > now.Upto ? other : now);
    }
}

/// <summary>Another version of the method became current.</summary>
public sealed record MethodBreak(DateTimeOffset At, long Position, string Before, string After);

/// <summary>Positions that are read by one version of the method.</summary>
/// <param name="After">Excluded.</param>
/// <param name="UpTo">Included.</param>
public sealed record MethodStretch(Method Method, long After, long UpTo);
