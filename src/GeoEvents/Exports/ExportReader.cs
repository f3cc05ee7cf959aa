using System.Runtime.CompilerServices;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Exports;

/// <summary>Reads the incidents of an export some at a time: standing ones, as known at a position.</summary>
/// <remarks>What the ledger says of a position never changes, so that many short reads show one record, and no read lasts as long as a slow client.</remarks>
public sealed class ExportReader(NpgsqlDataSource database, LogReader log, IncidentReader reader)
{
    private const int ReadTogether = 500;

    /// <summary>So many that a plan which sorts all that meet the conditions is not made often, and so few that they take no memory to speak of.</summary>
    private const int FoundTogether = 20_000;

    /// <summary>All that meet the conditions, in the order in which they were first logged.</summary>
    /// <param name="besides">Those that are wanted in any case.</param>
    public async IAsyncEnumerable<IReadOnlyList<ExportedIncident>> Logged(
        string workspace, long known, LedgerConditions conditions, IReadOnlyCollection<Guid> besides, [EnumeratorCancellation] CancellationToken cancel)
    {
        var wanted = Wanted(conditions, besides);
        for (var (after, all) = (0L, false); !all;)
        {
            // Whether it is the first row of its incident is looked up by key, as is the row that holds at K. `link < 1`: see ledger.sql.
            var found = await Streams(
                $"""
                select incident, position from geo.ledger l
                where workspace = $1 and link < 1 and position > {after} and position <= $2
                  and not exists (select from geo.ledger where incident = l.incident and position < l.position)
                  and exists (
                    select from geo.ledger i where incident = l.incident and link = 0 and position <= $2 and until > $2 and not retracted and {wanted})
                order by position limit {FoundTogether}
                """,
                workspace, known, conditions, cancel);
            all = found.Count < FoundTogether;
            after = all ? after : found[^1].Position;
            foreach (var some in found.Chunk(ReadTogether))
            {
                yield return await Load(workspace, known, some, cancel);
            }
        }
    }

    /// <summary>Those that meet the conditions and were changed or logged last, latest first.</summary>
    /// <param name="besides">Those that are wanted even if they do not meet the conditions.</param>
    public async IAsyncEnumerable<IReadOnlyList<ExportedIncident>> Latest(
        string workspace, long known, LedgerConditions conditions, IReadOnlyCollection<Guid> besides, int limit, [EnumeratorCancellation] CancellationToken cancel)
    {
        var latest = await Streams(
            $"""
            select incident, position from geo.ledger i
            where workspace = $1 and link < 1 and position <= $2 and until > $2 and not retracted and {Wanted(conditions, besides)}
            order by position desc limit {limit}
            """,
            workspace, known, conditions, cancel);
        foreach (var some in latest.Chunk(ReadTogether))
        {
            yield return await Load(workspace, known, some, cancel);
        }
    }

    private static string Wanted(LedgerConditions conditions, IReadOnlyCollection<Guid> besides) =>
        besides.Count == 0 ? conditions.Sql : $"(({conditions.Sql}) or incident = any({conditions.Given(besides.ToArray())}))";

    private async Task<IReadOnlyList<(Guid Incident, long Position)>> Streams(
        string sql, string workspace, long known, LedgerConditions conditions, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        conditions.GiveTo(command, workspace, known);
        var found = new List<(Guid, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        return found;
    }

    private async Task<IReadOnlyList<ExportedIncident>> Load(
        string workspace, long known, (Guid Incident, long Position)[] streams, CancellationToken cancel)
    {
        var incidents = new Dictionary<Guid, ExportedIncident>(streams.Length);
        foreach (var entry in await log.OfIncidents(workspace, [.. streams.Select(s => s.Incident)], known, cancel))
        {
            var before = incidents.GetValueOrDefault(entry.Stream);
            var after = Incident.After(before?.Incident, (IncidentEvent)entry.Fact, entry.RecordedAt, entry.Position);
            incidents[entry.Stream] = new ExportedIncident(after, before?.LoggedAt ?? entry.RecordedAt);
        }

        var goesOn = await GoesOnFor(workspace, incidents.Values.Select(i => i.Content.Measure?.Closes).OfType<string>(), known, cancel);
        return [.. streams.Select(s => incidents[s.Incident]).Select(i => i.Content.Measure is { Closes: { } closed } && goesOn.TryGetValue(closed, out var meant) ? i.Closing(meant) : i)];
    }

    /// <summary>Of the incidents that are merged into others, the ids of those that go on for them. An export has only these, and what closes one closes the other.</summary>
    private async Task<IReadOnlyDictionary<string, string>> GoesOnFor(string workspace, IEnumerable<string> ids, long known, CancellationToken cancel)
    {
        var goesOn = new Dictionary<string, string>();
        for (var asked = ids.Distinct().ToDictionary(id => id); asked.Count > 0;)
        {
            var found = await reader.Load(workspace, [.. asked.Values.Distinct().Select(id => StreamKey.Incident(id).In(workspace))], known, cancel);
            var into = found.Values.Where(i => i.MergedInto is not null).ToDictionary(i => i.Content.Id, i => i.MergedInto!);
            asked = asked.Where(a => into.ContainsKey(a.Value)).ToDictionary(a => a.Key, a => into[a.Value]);
            foreach (var (closed, meant) in asked)
            {
                goesOn[closed] = meant;
            }
        }

        return goesOn;
    }
}
