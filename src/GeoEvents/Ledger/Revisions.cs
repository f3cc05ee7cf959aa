using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Ledger;

/// <summary>What facts that have their positions do to the ledger.</summary>
/// <param name="Ended">Incidents whose revision on record holds no longer, and the position from which on it does not.</param>
public sealed record Revisions(
    IReadOnlyList<(string Workspace, LedgerRow Row)> Rows, IReadOnlyList<(string Workspace, Guid Incident, long Position)> Ended)
{
    public static Revisions Of(IEnumerable<DecidedFact> facts)
    {
        var rows = new List<(string, LedgerRow)>();
        var ended = new List<(string, Guid, long)>();
        foreach (var incident in facts.Where(f => f.State is Incident).GroupBy(f => (f.Workspace, f.StreamId)))
        {
            var (workspace, id) = incident.Key;
            var revisions = incident.OrderBy(f => f.Position).ToList();
            if (revisions[0].Version > 1)
            {
                ended.Add((workspace, id, revisions[0].Position));
            }

            for (var i = 0; i < revisions.Count; i++)
            {
                var until = i + 1 < revisions.Count ? revisions[i + 1].Position : LedgerRow.Open;
                foreach (var row in LedgerRow.Of(workspace, id, (Incident)revisions[i].State, revisions[i].Position, until, revisions[i].Sequence))
                {
                    rows.Add((workspace, row));
                }
            }
        }

        return new Revisions(rows, ended);
    }
}
