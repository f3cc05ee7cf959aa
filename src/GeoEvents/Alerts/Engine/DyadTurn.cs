using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>A fact of the log as one relationship takes it: of an incident, or a check.</summary>
/// <param name="Turn">Null for a check.</param>
public readonly record struct DyadTurn(long Position, ChangeClass Change, PlaybackTurn? Turn)
{
    /// <summary>Whether it breaks a silence.</summary>
    public bool Attends => Turn is not { } turn || (turn.Touches && Change != ChangeClass.Backfill);

    /// <summary>Gives it to the engine at the instant it counts at.</summary>
    public IReadOnlyList<AlertEvent> Give(DyadEngine engine, DateTimeOffset at) =>
        Turn is { } turn ? engine.Take(turn, Position, Change, at) : engine.TakeCheck(at, Position);
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
        var begun = new Dictionary<long, ChangeClass>();
        foreach (var (position, change) in record.Revisions.Select(r => (r.Position, r.Change)).Concat(retracted.Select(r => (r.Position, r.Change))))
        {
            if (after < position && position <= upTo)
            {
                begun[position] = change;
            }
        }

        var turns = PlaybackTurn.AsRecorded(record, [.. retracted.Select(r => (r.Incident, r.Position, r.Until))], after, upTo).ToList();
        var others = await changes([.. turns.Select(t => t.Step).Where(p => !begun.ContainsKey(p))]);
        return [.. turns
            .Select(t => new DyadTurn(t.Step, begun.TryGetValue(t.Step, out var change) ? change : others.GetValueOrDefault(t.Step, ChangeClass.Correction), t))
            .Concat(checks.Where(p => after < p && p <= upTo).Select(p => new DyadTurn(p, ChangeClass.Live, null)))
            .OrderBy(t => t.Position)];
    }
}
