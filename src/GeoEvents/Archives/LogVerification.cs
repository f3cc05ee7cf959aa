using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Archives;

/// <summary>What is wrong at one place of the log.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<LogFaultKind>))]
public enum LogFaultKind { Altered, Removed, Inserted, Reordered, TimesAltered, ChainAltered, HeadDiffers }

/// <param name="Position">Of the place; null for an event that has none.</param>
/// <param name="Stream">Of the fact that is there, as in <c>incident/yekaterinburg-raid</c>; null if there is none.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record LogFault(LogFaultKind Kind, long? Position, string? Stream, string Detail);

/// <summary>What came of checking a log against its chain.</summary>
/// <param name="Facts">How many the chain has.</param>
/// <param name="Hash">Of the chain after the last of them, lower-case hexadecimal.</param>
/// <param name="Faults">At most <see cref="LogVerification.MostFaults"/>; none if the log is as it was recorded.</param>
public sealed record LogVerified(bool Intact, long Facts, string Hash, IReadOnlyList<LogFault> Faults);

/// <summary>A point of the chain that somebody kept.</summary>
public sealed record ChainPoint(long Position, byte[] Hash)
{
    /// <summary>Reads <c>31:9f86…</c>.</summary>
    public static bool TryParse(string text, out ChainPoint? point)
    {
        point = text.Split(':') is [var position, var hash]
            && long.TryParse(position, System.Globalization.NumberStyles.None, null, out var at)
            && hash.Length == 2 * HashChain.Size && hash.All(char.IsAsciiHexDigit)
                ? new ChainPoint(at, Convert.FromHexString(hash))
                : null;
        return point is not null;
    }
}

/// <summary>Recomputes every digest of a log and its chain, and names each fact that was altered, removed, inserted or moved.</summary>
public sealed class LogVerification(LogWalk walk)
{
    public const int MostFaults = 1_000;

    /// <summary>Of facts that differ, so many are tried at one another's places, to tell a moved fact from an altered one.</summary>
    private const int MostTried = 200;

    /// <param name="kept">A head that was kept elsewhere; null if there is none. Without one, a log that was cut off together with its chain looks whole.</param>
    public async Task<LogVerified> Verify(string workspace, ChainPoint? kept, CancellationToken cancel)
    {
        var faults = new List<LogFault>();
        var differing = new List<(long Position, byte[] Digest, StoredEvent Event)>();
        var (position, hash) = (0L, HashChain.Beginning);
        var keptFound = kept is null || (kept.Position == 0 && kept.Hash.AsSpan().SequenceEqual(hash));
        await using var log = await walk.Begin(workspace, cancel);
        await foreach (var place in log.Places(upTo: null, Follow, cancel))
        {
            switch (place)
            {
                case { Digest: null, Event: { } extra }:
                    faults.Add(new LogFault(LogFaultKind.Inserted, null, $"{extra.Stream}", $"Event {extra.Id} ({extra.Kind}) is in the store, and the chain has no place for it."));
                    break;
                case { Event: null }:
                    faults.Add(new LogFault(LogFaultKind.Removed, place.Position, null, "The fact that was recorded here is not in the store."));
                    break;
                case { Digest: { } digest, Event: { } there } when !HashChain.Digest(there.LineAt(place.Position)).AsSpan().SequenceEqual(digest):
                    differing.Add((place.Position, digest, there));
                    break;
            }
        }

        faults.AddRange(differing.Select(Named));
        faults.AddRange(from at in await log.TimesThatDiffer(MostFaults, cancel)
                        where !faults.Exists(f => f.Position == at)
                        select new LogFault(LogFaultKind.TimesAltered, at, null, "The index of recorded times says otherwise than the facts of this commit. A rebuild makes it anew."));
        if (!keptFound)
        {
            faults.Add(new LogFault(LogFaultKind.HeadDiffers, kept!.Position, null, kept.Position > position
                ? $"The log ends at {position}, before the position of the kept head."
                : "The chain has another hash there than the one that was kept: what was recorded up to it has been replaced."));
        }

        return new LogVerified(
            faults.Count == 0, position, Convert.ToHexStringLower(hash), [.. faults.OrderBy(f => f.Position ?? long.MaxValue).Take(MostFaults)]);

        void Follow(ChainRow row)
        {
            if (row.Position - row.Count != position)
            {
                faults.Add(new LogFault(LogFaultKind.ChainAltered, row.Position, null, $"A commit of the chain is missing between {position} and {row.Position - row.Count}."));
            }

            for (var i = 0; i < row.Count; i++)
            {
                hash = HashChain.Next(hash, row.DigestOf(i));
                keptFound |= kept is not null && kept.Position == row.Position - row.Count + 1 + i && kept.Hash.AsSpan().SequenceEqual(hash);
            }

            position = row.Position;
            if (!hash.AsSpan().SequenceEqual(row.Hash) || row.Digests.Length % HashChain.Size != 0)
            {
                faults.Add(new LogFault(LogFaultKind.ChainAltered, row.Position, null, "The hash of the chain does not follow from the digests before it."));
                hash = row.Hash;
            }
        }

        LogFault Named((long Position, byte[] Digest, StoredEvent Event) found)
        {
            var from = differing.Take(MostTried).FirstOrDefault(d => HashChain.Digest(found.Event.LineAt(d.Position)).AsSpan().SequenceEqual(d.Digest)).Position;
            return from > 0
                ? new LogFault(LogFaultKind.Reordered, found.Position, $"{found.Event.Stream}", $"The fact that was recorded at {from} stands here ({found.Event.Kind}).")
                : new LogFault(LogFaultKind.Altered, found.Position, $"{found.Event.Stream}", $"The fact ({found.Event.Kind}) is not the one that was recorded.");
        }
    }
}
