using System.Runtime.CompilerServices;
using GeoEvents.Imports;
using GeoEvents.Imports.Formats;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.Watching;

/// <summary>One look at a feed: what has been published, what was missed, and taking it.</summary>
public sealed class FeedCheck(
    FeedStore feeds, FeedPlaces places, IDocumentStore store, NpgsqlDataSource database, IServiceScopeFactory scopes, FeedMetrics metrics, ILogger<FeedCheck> logger)
{
    /// <summary>Bytes.</summary>
    private const long LongestNewestList = 1 << 20;
    private const long LongestWholeList = 2L << 30;

    /// <summary>Files of one feed that wait in imports; more are not fetched before some of these are done.</summary>
    private const int MostUnfinished = 10;
    private const int FilesInOneChange = 5_000;

    /// <summary>Guessed by name, where nothing lists what was missed.</summary>
    private const int MostGuesses = 50_000;

    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(5);

    /// <summary>Looks, unless another node does, or it is not time. A database that is away is the caller's concern; all else that fails is kept with the feed.</summary>
    public async Task Run(string workspace, string name, CancellationToken cancel)
    {
        await using var guard = await feeds.Lock(workspace, name, cancel);
        if (guard is null || await feeds.Find(workspace, name, cancel) is not { } feed || !feed.IsDue(feeds.Now))
        {
            return;
        }

        try
        {
            var place = places.Of(feed);
            await Look(workspace, feed, place, cancel);
            var pause = await TakeAll(workspace, feed, place, cancel) ? TimeSpan.FromSeconds(feed.IntervalSeconds) : Shortly;
            var retry = await feeds.NextRetry(workspace, name, cancel);
            await feeds.Change(
                workspace,
                name,
                known => known is null ? null : Unless(known, known with { Failures = 0, NextAttempt = Earlier(feeds.Now + pause, retry) }),
                cancel);
            if (feed.Failures > 0)
            {
                logger.LogInformation("Feed {Feed} of {Workspace} is well again after {Failures} failures.", name, workspace, feed.Failures);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && !DatabaseAway.IsReason(e))
        {
            var (_, after) = await feeds.Change(workspace, name, known => known is null ? null : Unless(known, known.Failed(e.Message, feeds.Now, Random.Shared.NextDouble())), cancel);
            metrics.Failed(workspace, name);
            logger.Log(
                e is FeedException ? LogLevel.Warning : LogLevel.Error,
                e is FeedException ? null : e,
                "Feed {Feed} of {Workspace} failed; next attempt at {NextAttempt:u}. {Reason}", name, workspace, after?.NextAttempt, e.Message);
        }

        // Somebody who asked for a look while this one was under way is to have it.
        Feed Unless(Feed known, Feed after) => known.NextAttempt == feed.NextAttempt ? after : after with { NextAttempt = known.NextAttempt };

        DateTimeOffset Earlier(DateTimeOffset next, DateTimeOffset? retry) => retry < next ? Later(retry.Value, feeds.Now + Shortly) : next;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>Remembers every file that has been published since the last look.</summary>
    private async Task Look(string workspace, Feed feed, IFeedPlace place, CancellationToken cancel)
    {
        var listed = await Newest(feed, place, cancel);
        var all = listed ?? Listed(feed, place) ?? throw new FeedException($"There is no {FeedRules.NewestList} at {feed.Address}.");
        var newest = all.Max(f => f.PublishedAt);
        var from = feed.From ?? listed?.Min(f => f.PublishedAt);
        if (listed is not null && Missed(feed with { From = from }, listed) is { } isMissed)
        {
            logger.LogInformation("Feed {Feed} of {Workspace} looks for what it missed since {Since:u}.", feed.Name, workspace, feed.Cursor ?? from);
            await foreach (var some in CatchUp(feed, place, listed, isMissed, cancel))
            {
                await feeds.Change(workspace, feed.Name, known => known, cancel, some);
            }
        }

        await feeds.Change(
            workspace,
            feed.Name,
            known => known is null ? null : known with { From = known.From ?? from, Cursor = known.Cursor > newest ? known.Cursor : newest ?? known.Cursor, SeenAt = feeds.Now },
            cancel,
            [.. all.Where(f => f.PublishedAt is null || from is null || f.PublishedAt >= from)]);
    }

    /// <returns>Null if there is no <c>lastupdate.txt</c>.</returns>
    /// <exception cref="FeedException">It is not as it should be; it may be half written.</exception>
    private async Task<List<FeedFile>?> Newest(Feed feed, IFeedPlace place, CancellationToken cancel)
    {
        await using var opened = await place.Open(FeedRules.NewestList, cancel);
        if (opened is null)
        {
            return null;
        }

        await using var content = places.Read(opened, null, LongestNewestList);
        var lines = new List<FeedFile>();
        await foreach (var (number, file) in Lines(content, cancel))
        {
            lines.Add(file ?? throw new FeedException($"Line {number} of {FeedRules.NewestList} is not a size, an MD5 and the address of a file."));
        }

        var taken = lines.Where(f => IsTaken(feed, f)).ToList();
        return (lines.Count, taken.Count) switch
        {
            (0, _) => throw new FeedException($"{FeedRules.NewestList} is empty."),
            (_, 0) => throw new FeedException($"{FeedRules.NewestList} names no file that ends in {feed.Ending}."),
            _ => taken,
        };
    }

    /// <summary>What each line of a list announces; null where it is wrong.</summary>
    private static async IAsyncEnumerable<(long Number, FeedFile? File)> Lines(Stream list, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var some in FileLines.Read(list, cancel))
        {
            foreach (var line in some)
            {
                yield return (line.Number, FeedFile.Parse(line.Bytes.Span));
            }
        }
    }

    private static List<FeedFile>? Listed(Feed feed, IFeedPlace place) => place.List()?.Where(f => IsTaken(feed, f)).ToList();

    private static bool IsTaken(Feed feed, FeedFile file) => file.Name.EndsWith(feed.Ending, StringComparison.OrdinalIgnoreCase);

    /// <returns>Which files were published between those that are known and those that are listed; null if no time lies between them.</returns>
    private static Func<FeedFile, bool>? Missed(Feed feed, List<FeedFile> listed)
    {
        var oldest = listed.Min(f => f.PublishedAt);
        return feed switch
        {
            { Cursor: { } cursor } when oldest - cursor > FeedFile.Step => f => f.PublishedAt > cursor && f.PublishedAt < oldest,
            { Cursor: null, From: { } from } when oldest - from >= FeedFile.Step => f => f.PublishedAt >= from && f.PublishedAt < oldest,
            _ => null,
        };
    }

    /// <summary>From the list of all files, else from the folder, else by the names that they would have.</summary>
    private async IAsyncEnumerable<IReadOnlyCollection<FeedFile>> CatchUp(
        Feed feed, IFeedPlace place, List<FeedFile> listed, Func<FeedFile, bool> isMissed, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var opened = await place.Open(FeedRules.WholeList, cancel);
        if (opened is null)
        {
            var missed = Listed(feed, place)?.Where(isMissed) ?? listed.MinBy(f => f.PublishedAt)!.Before().TakeWhile(isMissed).Take(MostGuesses);
            foreach (var some in missed.Chunk(FilesInOneChange))
            {
                yield return some;
            }

            yield break;
        }

        await using var content = places.Read(opened, null, LongestWholeList);
        var found = new List<FeedFile>();
        await foreach (var (_, file) in Lines(content, cancel))
        {
            // The list of all files is long and old; a line that is wrong is passed over.
            if (file is not null && IsTaken(feed, file) && isMissed(file))
            {
                found.Add(file);
                if (found.Count == FilesInOneChange)
                {
                    yield return found;
                    found = [];
                }
            }
        }

        yield return found;
    }

    /// <returns>Whether all was tried that is due; else imports have to catch up first.</returns>
    private async Task<bool> TakeAll(string workspace, Feed feed, IFeedPlace place, CancellationToken cancel)
    {
        while (await feeds.NextFile(workspace, feed.Name, cancel) is { } file)
        {
            if (await feeds.Unfinished(workspace, feed.Name, cancel) >= MostUnfinished)
            {
                return false;
            }

            if (await feeds.Find(workspace, feed.Name, cancel) is not { State: FeedState.Running })
            {
                return true;
            }

            try
            {
                await Take(workspace, feed, file, place, cancel);
            }
            catch (FeedFileException e)
            {
                await feeds.Failed(workspace, feed.Name, file, Random.Shared.NextDouble(), cancel);
                await feeds.Change(
                    workspace, feed.Name, known => known is null ? null : known with { LastError = $"{file.Name}: {e.Message}", LastErrorAt = feeds.Now }, cancel);
                metrics.Failed(workspace, feed.Name);
                logger.LogWarning("Feed {Feed} of {Workspace}: {File} was not taken. {Reason}", feed.Name, workspace, file.Name, e.Message);
            }
            catch (FeedException e)
            {
                await feeds.Postpone(workspace, feed.Name, file, cancel);
                throw new FeedException($"{file.Name}: {e.Message}");
            }
        }

        return true;
    }

    private async Task Take(string workspace, Feed feed, FeedFile file, IFeedPlace place, CancellationToken cancel)
    {
        var now = feeds.Now;
        await using var opened = await place.Open(file.Name, cancel) ?? throw new FeedFileException("There is no such file.");
        if (opened.Length is { } length && file.Size is { } size && length != size)
        {
            throw new FeedFileException($"It has {length:N0} bytes, not {size:N0} as announced.");
        }

        await using var content = places.Read(opened, file, FeedFile.Largest);
        var import = new Import { Id = Guid.CreateVersion7(now), Format = feed.Format, Name = file.Name, User = feed.User, CreatedAt = now };
        await using var scope = scopes.CreateAsyncScope();
        var intake = scope.ServiceProvider.GetRequiredService<ImportIntake>();
        var bytes = await intake.Keep(workspace, import.Id, ReadOnlyMemory<byte>.Empty, content, cancel);
        await using var session = store.LightweightSession(workspace);
        if (await FeedStore.Claim(session, workspace, feed.Name, file, import.Id, content.Position, content.Md5!, now, cancel))
        {
            await intake.Start(workspace, import with { Size = bytes }, session, cancel);
            logger.LogInformation("Feed {Feed} of {Workspace}: {File}, {Bytes} bytes, goes to import {Import}.", feed.Name, workspace, file.Name, content.Position, import.Id);
        }
        else
        {
            await ImportFile.Delete(database, workspace, import.Id);
        }
    }
}
