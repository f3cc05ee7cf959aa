using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Relationships.Diff;

/// <summary>Answers why a relationship reads otherwise at one point than at another.</summary>
/// <remarks>Lines are made of what is in memory; the log is read for those of one page.</remarks>
public sealed class BeliefDiffReader(LedgerImage image, LedgerReader ledger, LogReader log)
{
    /// <summary>Parts of a cursor: the later point, the earlier one, and where the page begins.</summary>
    public const int CursorParts = (2 * AsOf.PartsOfCursor) + 1;

    public async Task<BeliefDiffView> Read(string workspace, Dyad dyad, AsOf from, AsOf to, int limit, int skip, CancellationToken cancel)
    {
        var (low, high) = (Math.Min(from.Known.Position, to.Known.Position), Math.Max(from.Known.Position, to.Known.Position));
        var record = await image.Of(workspace, dyad, high, from.Method, cancel);
        var rescored = from.Method.Id == to.Method.Id ? record : await image.Of(workspace, dyad, high, to.Method, cancel);
        var endings = await ledger.Changes(workspace, record.EndingsBetween(low, high), cancel);
        var undoing = await ledger.Undoing(workspace, low, high, cancel);
        var diff = BeliefDiff.Between(record, rescored, PointOf(from), PointOf(to), endings, undoing);
        var page = diff.Lines.Skip(skip).Take(limit).ToList();
        var known = await log.OfIncidents(workspace, FactsOfLines.Streams(page), high, cancel);
        var others = FactsOfLines.Positions(page).Except(known.Select(e => e.Position)).ToList();
        var facts = new FactsOfLines(page, known, await log.OfPositions(workspace, others, cancel), to.Known.Position, from.Method);
        return new BeliefDiffView(
            dyad,
            PointView.Of(from),
            PointView.Of(to),
            BeliefView.Of(diff.Before, from.Method),
            BeliefView.Of(diff.After, to.Method),
            diff.Difference,
            diff.Totals,
            [.. page.Select(facts.View)],
            Effect.Sum(diff.Lines.Take(skip).Concat(diff.Lines.Skip(skip + limit))),
            skip + limit >= diff.Lines.Count ? null : Cursor.Write([.. to.CursorParts, .. from.CursorParts, $"{skip + limit}"]));
    }

    private static BeliefPoint PointOf(AsOf point) => new(point.Valid, point.Known.Position, point.Method);
}
