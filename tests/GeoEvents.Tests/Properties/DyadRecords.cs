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
                        r.Incident, r.Link, r.Forward, r.Attribution, r.Tau, r.Type, r.Cameo, r.Credibility, r.Deaths, r.Harmed, r.Deliberate, r.Opens, ClosedAt: null)
                    {
                        RespondsTo = r.RespondsTo,
                        ReportedAt = r.ReportedAt,
                    },
                    method),
                r.Position,
                r.Until,
                r.Change)],
        (from r in history.Ledger
         where r.Closes is not null && !r.Retracted && r.Link == 0
         from meant in history.Merges().Meant(r.Closes!.Value, r.Position, r.Until)
         select new ClosingRevision(r.Incident, meant.Incident, r.Tau, meant.From, meant.Until)).ToLookup(c => c.Closes));

    public static IReadOnlyCollection<RetractedRevision> Retracted(this History history, Dyad dyad) =>
        [.. history.Ledger.Where(r => r.Dyad == dyad && r.Retracted).Select(r => new RetractedRevision(dyad, r.Incident, r.Position, r.Until, r.Change)).Distinct()];

    private static Merges Merges(this History history) => new(
        from r in history.Ledger where r.Link == 0 && r.MergedInto is not null select new Merging(r.Incident, r.MergedInto!.Value, r.Position, r.Until));

    public static BeliefDiff Diff(this History history, Dyad dyad, BeliefPoint from, BeliefPoint to)
    {
        var record = history.RecordOf(dyad, from.Method);
        var (low, high) = (Math.Min(from.Known, to.Known), Math.Max(from.Known, to.Known));
        return BeliefDiff.Between(
            record, history.RecordOf(dyad, to.Method), from, to, record.EndingsBetween(low, high).ToDictionary(p => p, history.ChangeAt), history.Undoing());
    }

    private static HashSet<long> Undoing(this History history) =>
        [.. history.Log.Select((f, i) => (f.Fact, Position: i + 1L)).Where(f => f.Fact is IncidentUnmerged or IncidentReleased or IncidentUnsplit or IncidentDissolved).Select(f => f.Position)];

    public static ChangeClass ChangeAt(this History history, long position) => history.Ledger.First(r => r.Position == position).Change;
}
