using GeoEvents.Coding;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>Reads incidents as they were known at a position: the ledger finds them, the log says what they are.</summary>
public sealed class IncidentReader
{
    /// <summary>An interval longer than this is too vague to overlap with for a suggestion.</summary>
    private static readonly TimeSpan Vicinity = TimeSpan.FromDays(100);

    /// <summary>As in <c>ledger_vague</c>.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromDays(2);

    private const int MostCandidates = 50;

    private const int MostTogether = 64;

    private readonly LoggingConnections logging;

    private readonly LogReader log;

    private readonly Together<Neighbourhood, IReadOnlyList<Neighbour>> neighbours;

    public IncidentReader(LoggingConnections logging, LogReader log)
    {
        (this.logging, this.log) = (logging, log);
        neighbours = new(MostTogether, Neighbours);
    }

    private sealed record Neighbourhood(string Workspace, IReadOnlyList<Dyad> Dyads, ResolvedInterval Interval);

    private readonly record struct Neighbour(Guid Stream, string? Type, string? Cameo);

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
        var found = await neighbours.Ask(new Neighbourhood(workspace, dyads, interval)).WaitAsync(cancel);
        return [.. (await Load(workspace, [.. found.Where(n => suits(n.Type, n.Cameo)).Select(n => n.Stream)], long.MaxValue, cancel)).Values];
    }

    private async Task<IReadOnlyList<IReadOnlyList<Neighbour>>> Neighbours(IReadOnlyList<Neighbourhood> neighbourhoods)
    {
        await using var batch = logging.Database.CreateBatch();
        foreach (var neighbourhood in neighbourhoods)
        {
            batch.BatchCommands.Add(Neighbours(neighbourhood));
        }

        var all = new List<IReadOnlyList<Neighbour>>(neighbourhoods.Count);
        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            var found = new List<Neighbour>();
            while (await reader.ReadAsync())
            {
                found.Add(new Neighbour(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
            }

            all.Add(found);
        }
        while (await reader.NextResultAsync());

        return all;
    }

    /// <remarks>An incident dated to a few days lies near its τ; the few that are vaguer have an index of their own.</remarks>
    private static NpgsqlBatchCommand Neighbours(Neighbourhood around) => new(
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
        """)
    {
        Parameters =
        {
            new() { Value = around.Workspace },
            new() { Value = around.Dyads.Select(d => d.ToString()).ToArray() },
            new() { Value = Shift(around.Interval.Earliest, -Near) },
            new() { Value = Shift(around.Interval.Latest, Near) },
            new() { Value = Shift(around.Interval.Earliest, -Vicinity) },
            new() { Value = Shift(around.Interval.Latest, Vicinity) },
            new() { Value = around.Interval.Latest.UtcDateTime },
            new() { Value = around.Interval.Earliest.UtcDateTime },
        },
    };

    private static DateTime Shift(DateTimeOffset instant, TimeSpan by) =>
        new(Math.Clamp(instant.UtcTicks + by.Ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
