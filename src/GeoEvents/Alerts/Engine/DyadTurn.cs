using System.Runtime.InteropServices;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>A fact of the log as one relationship takes it: of an incident, or a check.</summary>
/// <param name="Turn">Null for a check.</param>
public readonly record struct DyadTurn(long Position, ChangeClass Change, PlaybackTurn? Turn)
{
    /// <summary>
    /// Whether what happened is told in full only by the next turn: a split, or its undoing, is a fact of the whole and one of each part, at one time, and so are an incident and
    /// its grade that are logged together. Rules look at them together, so that nothing counts twice, or as nobody meant it, in between.
    /// </summary>
    public bool IsCompletedByNext { get; init; }

    /// <summary>Whether it breaks a silence.</summary>
    public bool Attends => Turn is not { } turn || (turn.Touches && Change != ChangeClass.Backfill);

    private bool GoesOnWith(in DyadTurn next) =>
        (Change == ChangeClass.Split && next.Change == ChangeClass.Split) || (Turn is { } turn && next.Turn is { } other && turn.Incident == other.Incident && next.Position == Position + 1);

    /// <summary>Gives it to the engine at the instant it counts at.</summary>
    public IReadOnlyList<AlertEvent> Give(DyadEngine engine, DateTimeOffset at) =>
        Turn is { } turn ? engine.Take(turn, Position, Change, at, isComplete: !IsCompletedByNext) : engine.TakeCheck(at, Position);

    /// <summary>Turns that follow each other, with the times at which they were recorded.</summary>
    public static IEnumerable<(DateTimeOffset At, DyadTurn Turn)> Timed(IReadOnlyList<DyadTurn> turns, Func<long, DateTimeOffset> timeOf)
    {
        for (var i = 0; i < turns.Count; i++)
        {
            var at = timeOf(turns[i].Position);
            var goesOn = i + 1 < turns.Count && turns[i].GoesOnWith(turns[i + 1]) && timeOf(turns[i + 1].Position) == at;
            yield return (at, goesOn ? turns[i] with { IsCompletedByNext = true } : turns[i]);
        }
    }
}

/// <summary>Reads the turns of a relationship as they were recorded.</summary>
public sealed class DyadTurns(LedgerReader ledger)
{
    /// <param name="record">Complete up to <paramref name="upTo"/>.</param>
    /// <param name="checks">Positions of checks of the relationship, among others or not.</param>
    /// <param name="after">Positions from here on, this one excluded.</param>
    public async Task<IReadOnlyList<DyadTurn>> Of(
        string workspace, Dyad dyad, DyadRecord record, IEnumerable<long> checks, long after, long upTo, CancellationToken cancel)
    {
        var retracted = record.Count == 0 ? [] : await ledger.Retracted(workspace, dyad, upTo, cancel);
        return await Of(record, retracted, checks, after, upTo, positions => ledger.Changes(workspace, positions, cancel));
    }

    /// <param name="retracted">Revisions of the relationship's incidents in which they do not count.</param>
    /// <param name="changes">Reads the change classes of positions.</param>
    public static async Task<IReadOnlyList<DyadTurn>> Of(
        DyadRecord record,
        IReadOnlyCollection<RetractedRevision> retracted,
        IEnumerable<long> checks,
        long after,
        long upTo,
        Func<IReadOnlyCollection<long>, Task<IReadOnlyDictionary<long, ChangeClass>>> changes)
    {
        var turns = new List<DyadTurn>();
        var unknown = new List<long>();
        foreach (var turn in PlaybackTurn.AsRecorded(record, retracted, after, upTo))
        {
            turns.Add(new DyadTurn(turn.Step, turn.Change ?? ChangeClass.Correction, turn));
            if (turn.Change is null)
            {
                unknown.Add(turn.Step);
            }
        }

        if (unknown.Count > 0)
        {
            var found = await changes(unknown);
            foreach (ref var turn in CollectionsMarshal.AsSpan(turns))
            {
                turn = found.TryGetValue(turn.Position, out var change) ? turn with { Change = change } : turn;
            }
        }

        var looked = checks.Where(p => after < p && p <= upTo).Select(p => new DyadTurn(p, ChangeClass.Live, null)).ToList();
        return looked.Count == 0 ? turns : [.. turns.Concat(looked).OrderBy(t => t.Position)];
    }
}
