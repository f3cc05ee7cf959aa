using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Tests.Properties;

/// <summary>A random history as the service keeps it in memory, dyad by dyad.</summary>
internal static class DyadRecords
{
    /// <summary>All that was ever known of a dyad.</summary>
    public static DyadRecord RecordOf(this History history, Dyad dyad, Method method) => new(
        [.. from r in history.Ledger
            where r.Dyad == dyad && !r.Retracted
            select new Revision(
                Impulse.Of(
                    new LedgerEntry(
                        r.Incident, r.Link, r.Forward, r.Attribution, r.Tau, r.Type, r.Cameo, r.Credibility, r.Deaths, r.Harmed, r.Deliberate, r.Opens, ClosedAt: null),
                    method),
                r.Position,
                r.Until,
                r.Change)],
        (from r in history.Ledger
         where r.Closes is not null && !r.Retracted && r.Link == 0
         select new ClosingRevision(r.Incident, r.Closes!.Value, r.Tau, r.Position, r.Until)).ToLookup(c => c.Closes));

    public static BeliefDiff Diff(this History history, Dyad dyad, BeliefPoint from, BeliefPoint to)
    {
        var record = history.RecordOf(dyad, from.Method);
        var (low, high) = (Math.Min(from.Known, to.Known), Math.Max(from.Known, to.Known));
        return BeliefDiff.Between(
            record, history.RecordOf(dyad, to.Method), from, to, record.EndingsBetween(low, high).ToDictionary(p => p, history.ChangeAt));
    }

    private static ChangeClass ChangeAt(this History history, long position) => history.Ledger.First(r => r.Position == position).Change;
}
