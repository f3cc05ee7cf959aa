using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Alerts;

/// <summary>Reads what was recorded of a relationship while an alert on it was open.</summary>
public sealed class EpisodeReader(NpgsqlDataSource database, LogReader log, IncidentReader incidents)
{
    /// <summary>The log positions after its opening, up to its end or to K, and K.</summary>
    /// <param name="facts">Of the alert.</param>
    public static (long From, long To, long Known) Stretch(Alert alert, IEnumerable<LogEntry> facts, long known)
    {
        var end = facts.LastOrDefault(f => f.Fact is AlertResolved or AlertRecalled { WasOpen: true });
        return (alert.FiredAtPosition.Position, end?.Position ?? known, known);
    }

    /// <param name="happenedBy">V: facts of incidents that happened later are left out.</param>
    /// <returns>The last first.</returns>
    public async Task<IReadOnlyList<EpisodeFact>> Facts(string workspace, Dyad dyad, (long From, long To, long Known) stretch, DateTimeOffset happenedBy, int limit, CancellationToken cancel)
    {
        var changes = new Dictionary<long, ChangeClass>();
        await using (var command = database.CreateCommand(
            "select distinct position, change from geo.ledger where workspace = $1 and dyad = $2 and position > $3 and position <= $4 and tau <= $5 order by position desc limit $6"))
        {
            foreach (var value in (object[])[workspace, dyad.ToString(), stretch.From, stretch.To, happenedBy.UtcDateTime, (long)limit])
            {
                command.Parameters.Add(new() { Value = value });
            }

            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                changes[reader.GetInt64(0)] = (ChangeClass)reader.GetInt16(1);
            }
        }

        var entries = await log.OfPositions(workspace, changes.Keys, cancel);
        var known = await incidents.Load(workspace, [.. entries.Select(e => e.Stream).Distinct()], stretch.Known, cancel);
        return
        [
            .. from entry in entries.Reverse()
               let content = known[entry.Stream].Content
               select new EpisodeFact(entry.Position, entry.RecordedAt, entry.User, FactTypes.NameOf(entry.Fact), changes[entry.Position], content.Id, content.Title),
        ];
    }
}
