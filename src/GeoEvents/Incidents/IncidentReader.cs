using GeoEvents.Coding;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>Reads incidents as they were known at a position: the ledger finds them, the log says what they are.</summary>
public sealed class IncidentReader(NpgsqlDataSource database, LogReader log)
{
    /// <summary>An interval longer than this is too vague to overlap with for a suggestion.</summary>
    private static readonly TimeSpan Vicinity = TimeSpan.FromDays(100);

    /// <summary>As in <c>ledger_vague</c>.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromDays(2);

    private const int MostCandidates = 50;

    /// <returns>Null if it was not on record then.</returns>
    public async Task<Incident?> Find(string workspace, string id, long knownAsOf, CancellationToken cancel) =>
        (await Load(workspace, [StreamKey.Incident(id).In(workspace)], knownAsOf, cancel)).Values.FirstOrDefault();

    /// <summary>The incidents of some streams as known at a position; streams that were not there yet are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, Incident>> Load(
        string workspace, IReadOnlyCollection<Guid> streams, long knownAsOf, CancellationToken cancel)
    {
        var incidents = new Dictionary<Guid, Incident>(streams.Count);
        foreach (var entry in await log.OfIncidents(workspace, streams, knownAsOf, cancel))
        {
            incidents[entry.Stream] = Incident.After(
                incidents.GetValueOrDefault(entry.Stream), (IncidentEvent)entry.Fact, entry.RecordedAt, entry.Position);
        }

        return incidents;
    }

    /// <summary>Incidents on record now that have one of the dyads and overlap the interval.</summary>
    /// <param name="suits">Whether an incident of that type and CAMEO code is wanted; what is not is not read from the log.</param>
    public async Task<IReadOnlyCollection<Incident>> Overlapping(
        string workspace, IReadOnlyList<Dyad> dyads, ResolvedInterval interval, Func<string?, string?, bool> suits, CancellationToken cancel)
    {
        // An incident dated to a few days lies near its τ; the few that are vaguer have an index of their own.
        await using var command = database.CreateCommand(
            $"""
            select distinct incident, type, cameo from (
                select incident, type, cameo from geo.ledger
                where workspace = $1 and dyad = any($2) and tau > $3 and tau < $4 and earliest < $7 and latest > $8
                  and until = {long.MaxValue} and not retracted
                union all
                select incident, type, cameo from geo.ledger
                where workspace = $1 and dyad = any($2) and latest - earliest > interval '2 days' and tau > $5 and tau < $6 and earliest < $7 and latest > $8
                  and until = {long.MaxValue} and not retracted
            ) candidates
            limit {MostCandidates}
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = dyads.Select(d => d.ToString()).ToArray() });
        command.Parameters.Add(new() { Value = Shift(interval.Earliest, -Near) });
        command.Parameters.Add(new() { Value = Shift(interval.Latest, Near) });
        command.Parameters.Add(new() { Value = Shift(interval.Earliest, -Vicinity) });
        command.Parameters.Add(new() { Value = Shift(interval.Latest, Vicinity) });
        command.Parameters.Add(new() { Value = interval.Latest.UtcDateTime });
        command.Parameters.Add(new() { Value = interval.Earliest.UtcDateTime });
        var streams = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                if (suits(reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)))
                {
                    streams.Add(reader.GetGuid(0));
                }
            }
        }

        return [.. (await Load(workspace, streams, long.MaxValue, cancel)).Values];
    }

    private static DateTime Shift(DateTimeOffset instant, TimeSpan by) =>
        new(Math.Clamp(instant.UtcTicks + by.Ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
