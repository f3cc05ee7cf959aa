using System.Collections.Concurrent;
using GeoEvents.Coding;

namespace GeoEvents.Relationships;

/// <summary>The ledger of dyads that were asked for, scored and in memory, so that a read at any (V, K) costs a walk along one dyad and no database.</summary>
/// <remarks>
/// <para>A workspace's dyads stand at one position, its head. A read at a later K first takes over what the ledger has recorded since; a read at an earlier
/// one is answered from the same revisions, since all that ever held are kept. Nothing here is a second truth: it can be thrown away at any moment, and is,
/// least recently read first, when there is more of it than <see cref="Most"/>.</para>
/// <para>Works over several nodes, because nothing is assumed about who wrote: positions are in commit order and a K that is known is complete (adr/0003).</para>
/// </remarks>
public sealed class LedgerImage(LedgerReader ledger)
{
    /// <summary>Revisions in memory; with the folds of their dyads about 500 bytes each.</summary>
    public const int Most = 2_000_000;

    /// <summary>Positions. After more than that, single dyads are rather read anew.</summary>
    private const long MostToCatchUp = 50_000;

    private readonly ConcurrentDictionary<(string Workspace, string Method), Workspace> workspaces = [];
    private long clock;

    /// <summary>The record of one dyad, complete up to a position.</summary>
    /// <param name="known">A position of the workspace that has been handed out.</param>
    public async Task<DyadRecord> Of(string workspace, Dyad dyad, long known, Method method, CancellationToken cancel)
    {
        var image = Named(workspace, method);
        if (image.Head < known || !image.Dyads.TryGetValue(dyad, out var found))
        {
            await image.Gate.WaitAsync(cancel);
            try
            {
                await Advance(workspace, image, known, method, cancel);
                if (!image.Dyads.TryGetValue(dyad, out found))
                {
                    found = new Held(image.Complete ? DyadRecord.Empty : await ledger.OfDyad(workspace, dyad, image.Head, method, cancel));
                    image.Dyads[dyad] = found;
                }
            }
            finally
            {
                image.Gate.Release();
            }

            MakeRoom();
        }

        found.LastRead = Interlocked.Increment(ref clock);
        return found.Record;
    }

    /// <summary>The records of all dyads of a workspace, complete up to a position.</summary>
    public async Task<IReadOnlyDictionary<Dyad, DyadRecord>> OfAll(string workspace, long known, Method method, CancellationToken cancel)
    {
        var image = Named(workspace, method);
        await image.Gate.WaitAsync(cancel);
        try
        {
            await Advance(workspace, image, known, method, cancel);
            if (!image.Complete)
            {
                foreach (var (dyad, record) in await ledger.OfAll(workspace, image.Head, method, cancel))
                {
                    image.Dyads[dyad] = new Held(record);
                }

                image.Complete = true;
            }

            var now = Interlocked.Increment(ref clock);
            foreach (var held in image.Dyads.Values)
            {
                held.LastRead = now;
            }

            return image.Dyads.ToDictionary(d => d.Key, d => d.Value.Record);
        }
        finally
        {
            image.Gate.Release();
            MakeRoom();
        }
    }

    private Workspace Named(string workspace, Method method) => workspaces.GetOrAdd((workspace, method.Id), _ => new Workspace());

    private async Task Advance(string workspace, Workspace image, long known, Method method, CancellationToken cancel)
    {
        if (image.Head >= known)
        {
            return;
        }

        if (!image.Complete && (image.Dyads.IsEmpty || known - image.Head > MostToCatchUp))
        {
            image.Dyads.Clear();
            image.Head = known;
            return;
        }

        var change = await ledger.Between(workspace, image.Head, known, method, cancel);
        var openers = image.Dyads.Values.SelectMany(d => d.Record.Openers)
            .Concat(change.Added.SelectMany(a => a.Value).Where(r => r.Impulse.Opens).Select(r => r.Impulse.Incident))
            .Distinct()
            .ToList();
        var closers = await ledger.Closers(workspace, openers, known, cancel);
        var next = new Dictionary<Dyad, Held>();
        foreach (var (dyad, held) in image.Dyads)
        {
            var added = change.Added.GetValueOrDefault(dyad) ?? [];
            if (added.Count > 0 || change.EndedIn.Contains(dyad) || held.Record.IsClosedOtherwise(closers))
            {
                next[dyad] = new Held(held.Record.With(added, change.Ended, closers)) { LastRead = held.LastRead };
            }
        }

        foreach (var (dyad, added) in image.Complete ? change.Added.Where(a => !image.Dyads.ContainsKey(a.Key)) : [])
        {
            next[dyad] = new Held(new DyadRecord(added, closers));
        }

        foreach (var (dyad, held) in next)
        {
            image.Dyads[dyad] = held;
        }

        image.Head = known;
    }

    /// <summary>Throws away what was read least recently. A workspace that somebody is loading is left alone.</summary>
    private void MakeRoom()
    {
        var all = workspaces.Values.Sum(w => w.Dyads.Values.Sum(d => (long)d.Record.Count));
        foreach (var (image, dyad, held) in all <= Most ? [] : workspaces.Values
            .SelectMany(w => w.Dyads.Select(d => (Image: w, d.Key, d.Value)))
            .OrderBy(d => d.Value.LastRead)
            .ToList())
        {
            if (image.Gate.Wait(0))
            {
                image.Complete = false;
                all -= image.Dyads.TryRemove(dyad, out _) ? held.Record.Count : 0;
                image.Gate.Release();
            }

            if (all <= Most)
            {
                return;
            }
        }
    }

    private sealed class Held(DyadRecord record)
    {
        public DyadRecord Record { get; } = record;

        public long LastRead { get; set; }
    }

    private sealed class Workspace
    {
        private long head;

        public SemaphoreSlim Gate { get; } = new(1);

        public ConcurrentDictionary<Dyad, Held> Dyads { get; } = [];

        /// <summary>Position up to which all dyads are complete.</summary>
        public long Head
        {
            get => Volatile.Read(ref head);
            set => Volatile.Write(ref head, value);
        }

        /// <summary>Whether every dyad of the workspace is here.</summary>
        public bool Complete { get; set; }
    }
}
