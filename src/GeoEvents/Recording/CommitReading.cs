using GeoEvents.Coding;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Takes the lock that orders all commits, and reads what decisions look at, in one round trip.</summary>
public static class CommitReading
{
    public static async Task<CommitWork> Read(NpgsqlConnection connection, IReadOnlyList<Decision> decisions, TimeProvider clock)
    {
        var workspaces = decisions.Select(d => d.Call.Workspace).Distinct().ToArray();
        var streams = new Dictionary<(string Workspace, Guid Id), StreamKey>();
        var ids = new Dictionary<(string Workspace, StreamKey Stream), Guid>();
        foreach (var decision in decisions)
        {
            foreach (var stream in decision.Streams)
            {
                if (ids.TryAdd((decision.Call.Workspace, stream), default))
                {
                    var id = stream.In(decision.Call.Workspace);
                    streams[(decision.Call.Workspace, id)] = stream;
                    ids[(decision.Call.Workspace, stream)] = id;
                }
            }
        }

        var keys = decisions.Where(d => d.Call.Idempotency is not null).Select(d => (d.Call.Workspace, d.Call.Idempotency!.Key)).Distinct().ToArray();
        var wanted = streams.ToLookup(s => s.Value.IsIncident, s => s.Key);

        // `offset 0` and `link < 1` leave one way: each by its key. See LoggingConnections.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = CommitLog.LockKey } } },
                new("select case when is_called then last_value else 0 end, (select recorded_at from geo.recording order by recorded_at desc limit 1) from geo.mt_events_sequence"),
                new("""
                    select w.name, r.position, r.recorded_at, c.hash from unnest($1) as w(name)
                    cross join lateral (select position, recorded_at from geo.recording where workspace = w.name order by recorded_at desc limit 1) r
                    left join lateral (select hash from geo.chain where workspace = w.name and position = r.position offset 0) c on true
                    """)
                { Parameters = { new() { Value = workspaces } } },
                // The facts of an incident are those at which the ledger has a revision of it: its first may stand in a stream that it shares with others.
                new("""
                    select e.tenant_id, l.incident, e.type, e.data, e.timestamp, l.position, e.stream_id from geo.ledger l
                    cross join lateral (select * from geo.mt_events where seq_id = l.seq offset 0) e
                    where l.incident = any($1) and l.link < 1 order by l.seq
                    """)
                { Parameters = { new() { Value = wanted[true].Select(k => k.Id).ToArray() } } },
                new("""
                    select e.tenant_id, e.stream_id, e.type, e.data, e.timestamp, 0::bigint, e.stream_id from unnest($1, $2) as k(workspace, stream)
                    cross join lateral (select * from geo.mt_events where tenant_id = k.workspace and stream_id = k.stream offset 0) e
                    order by e.seq_id
                    """)
                { Parameters = { new() { Value = wanted[false].Select(k => k.Workspace).ToArray() }, new() { Value = wanted[false].Select(k => k.Id).ToArray() } } },
            },
        };
        if (keys.Length > 0)
        {
            batch.BatchCommands.Add(new("select i.* from unnest($1, $2) as k(workspace, key) join geo.idempotency i using (workspace, key)")
            {
                Parameters = { new() { Value = keys.Select(k => k.Workspace).ToArray() }, new() { Value = keys.Select(k => k.Key).ToArray() } },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var now = Microseconds.Floor(clock.GetUtcNow());
        await reader.ReadAsync();
        if (!reader.IsDBNull(1) && reader.GetFieldValue<DateTimeOffset>(1) is var last && now <= last)
        {
            now = last.AddMicroseconds(1);
        }

        var work = new CommitWork(reader.GetInt64(0), now, ids);
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var hash = reader.IsDBNull(3) ? HashChain.Beginning : reader.GetFieldValue<byte[]>(3);
            work.Heads[reader.GetString(0)] = new LogHead(new LogPosition(reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)), hash);
        }

        foreach (var _ in (string[])["incidents", "others"])
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                var (workspace, stream) = (reader.GetString(0), reader.GetGuid(1));
                var fact = FactTypes.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
                work.Apply(workspace, streams[(workspace, stream)], fact, reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5), own: reader.GetGuid(6) == stream);
            }
        }

        if (keys.Length > 0)
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                work.Answers[(reader.GetString(0), reader.GetString(1))] = (
                    reader.GetString(2),
                    new Answer(
                        reader.GetInt16(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetString(6)));
            }
        }

        return work;
    }
}
