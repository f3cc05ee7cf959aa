using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Context;

/// <summary>Reads stakes, and the incidents that touch them.</summary>
public sealed class StakeReader(StateReader states, NpgsqlDataSource database, IncidentReader incidents)
{
    /// <summary>Stakes on record at K, by id.</summary>
    public async Task<IReadOnlyList<Stake>> All(string workspace, long known, CancellationToken cancel) =>
        [.. (await states.All<Stake, StakeEvent>(workspace, known, cancel)).OrderBy(s => s.Content.Id, StringComparer.Ordinal)];

    /// <exception cref="RefusedException">It was not on record then (404).</exception>
    public async Task<Stake> Read(string workspace, string id, long known, CancellationToken cancel) =>
        await states.Find<Stake>(workspace, StreamKey.Stake(id), known, cancel) ?? throw RefusedException.NotFound("stake", id);

    /// <summary>What touches a stake by a tag or by name, as known at K, with τ ≤ V.</summary>
    /// <param name="most">How many of them are named.</param>
    public async Task<Touching> TouchingOf(string workspace, Stake stake, AsOf asOf, int most, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select incident, count(*) over () from geo.ledger
            where workspace = $1 and link = 0 and position <= $2 and until > $2 and not retracted and tau <= $3 and (issues && $4 or incident = any($5))
            order by tau desc, incident limit $6
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = asOf.Known.Position });
        command.Parameters.Add(new() { Value = asOf.Valid.UtcDateTime });
        command.Parameters.Add(new() { Value = stake.Tags.ToArray() });
        command.Parameters.Add(new() { Value = stake.Content.Incidents.Select(i => StreamKey.Incident(i).In(workspace)).ToArray() });
        command.Parameters.Add(new() { Value = most });
        var (found, count) = (new List<Guid>(), 0L);
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                found.Add(reader.GetGuid(0));
                count = reader.GetInt64(1);
            }
        }

        var named = await incidents.Load(workspace, found, asOf.Known.Position, cancel);
        return new Touching(count, [.. found.Select(i => IncidentBrief.Of(named[i]))]);
    }
}
