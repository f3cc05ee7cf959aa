using GeoEvents.Coding;
using GeoEvents.Hosting;
using Marten;

namespace GeoEvents.Relationships.Counterfactual;

/// <summary>Changes that a workspace keeps under a name, for everybody in it to suppose. Nothing but what names it reads it.</summary>
/// <param name="Id">The name.</param>
/// <param name="User">Who put it last.</param>
/// <param name="ExpiresAt">From then on it is answered as expired.</param>
public sealed record StoredOverlay(
    string Id, OverlayChanges Changes, string? Note, string User, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset ExpiresAt);

/// <summary>Keeps overlays. What has expired is thrown away with the next write.</summary>
public sealed class OverlayStore(IDocumentStore store, TimeProvider clock)
{
    public DateTimeOffset Now => Microseconds.Floor(clock.GetUtcNow());

    /// <exception cref="RefusedException">There is none of that name (404), or it has expired (410).</exception>
    public async Task<StoredOverlay> Read(string workspace, string name, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        var overlay = await session.LoadAsync<StoredOverlay>(name, cancel)
            ?? throw new RefusedException("overlay-not-found", $"There is no overlay '{name}' in this workspace.", StatusCodes.Status404NotFound);
        return overlay.ExpiresAt > Now
            ? overlay
            : throw new RefusedException("overlay-expired", $"Overlay '{name}' expired at {overlay.ExpiresAt:u}. Put it again to use it.", StatusCodes.Status410Gone);
    }

    /// <summary>By name; none that has expired.</summary>
    public async Task<IReadOnlyList<StoredOverlay>> All(string workspace, CancellationToken cancel)
    {
        await using var session = store.QuerySession(workspace);
        return [.. (await session.Query<StoredOverlay>().ToListAsync(cancel)).Where(o => o.ExpiresAt > Now).OrderBy(o => o.Id, StringComparer.Ordinal)];
    }

    /// <summary>Puts an overlay in the place of one of that name, of which it keeps when it was made.</summary>
    /// <returns>The overlay, and whether there was none before.</returns>
    public async Task<(StoredOverlay Overlay, bool New)> Put(
        string workspace, string name, OverlayChanges changes, string? note, string user, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancel)
    {
        await using var session = store.LightweightSession(workspace);
        var known = (await Sweep(session, cancel)).FirstOrDefault(o => o.Id == name);
        var overlay = new StoredOverlay(name, changes, note, user, known?.CreatedAt ?? now, now, expiresAt);
        session.Store(overlay);
        await session.SaveChangesAsync(cancel);
        return (overlay, known is null);
    }

    /// <returns>False if there was none.</returns>
    public async Task<bool> Delete(string workspace, string name, CancellationToken cancel)
    {
        await using var session = store.LightweightSession(workspace);
        var known = (await Sweep(session, cancel)).Any(o => o.Id == name);
        session.Delete<StoredOverlay>(name);
        await session.SaveChangesAsync(cancel);
        return known;
    }

    /// <returns>Those that have not expired; the others are deleted with the session.</returns>
    private async Task<IReadOnlyList<StoredOverlay>> Sweep(IDocumentSession session, CancellationToken cancel)
    {
        var all = await session.Query<StoredOverlay>().ToListAsync(cancel);
        foreach (var expired in all.Where(o => o.ExpiresAt <= Now))
        {
            session.Delete(expired);
        }

        return [.. all.Where(o => o.ExpiresAt > Now)];
    }
}
