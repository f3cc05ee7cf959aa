using Npgsql;

namespace GeoEvents.Recording;

/// <summary>A fact as it stands in the log.</summary>
/// <param name="Stream">Of the incident, actor or source that it is of.</param>
public sealed record LogEntry(Guid Stream, long Position, object Fact, DateTimeOffset RecordedAt, string? User);

/// <summary>Reads the log of one workspace up to a position.</summary>
public sealed class LogReader(NpgsqlDataSource database)
{
    /// <summary>The workspace's last position; 0 before its first fact.</summary>
    public async Task<LogPosition> Head(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select position, recorded_at from geo.recording where workspace = $1 order by recorded_at desc limit 1");
        command.Parameters.Add(new() { Value = workspace });
        return await One(command, cancel);
    }

    /// <summary>The workspace's last position and the hash of the chain after it.</summary>
    public async Task<LogHead> ChainHead(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select r.position, r.recorded_at, c.hash from geo.recording r join geo.chain c using (workspace, position)
            where r.workspace = $1 order by r.position desc limit 1
            """);
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new LogHead(new LogPosition(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)), reader.GetFieldValue<byte[]>(2))
            : LogHead.Empty;
    }

    /// <summary>The last position recorded at or before an instant that has passed.</summary>
    /// <remarks>
    /// A commit takes its time before it is durable. So for an instant that a commit under way could bear, this waits until none is under way;
    /// whatever is recorded after that bears a later time.
    /// </remarks>
    public async Task<LogPosition> At(string workspace, DateTimeOffset instant, bool recent, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (recent)
        {
            await using var settled = new NpgsqlCommand("select pg_advisory_xact_lock_shared($1)", connection) { Parameters = { new() { Value = CommitLog.LockKey } } };
            await settled.ExecuteNonQueryAsync(cancel);
        }

        await using var command = new NpgsqlCommand(
            "select position, recorded_at from geo.recording where workspace = $1 and recorded_at <= $2 order by recorded_at desc limit 1", connection);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = instant.UtcDateTime });
        return await One(command, cancel);
    }

    /// <summary>A position and when it was recorded. Null if the record has not come to it yet.</summary>
    public async Task<LogPosition?> At(string workspace, long position, CancellationToken cancel)
    {
        if (position == 0)
        {
            return default(LogPosition);
        }

        await using var command = database.CreateCommand(
            "select recorded_at from geo.recording where workspace = $1 and position >= $2 order by position limit 1");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = position });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new LogPosition(position, reader.GetFieldValue<DateTimeOffset>(0)) : null;
    }

    /// <summary>The facts of some incidents, in order. The ledger has a revision at the position of each.</summary>
    public async Task<IReadOnlyList<LogEntry>> OfIncidents(string workspace, IReadOnlyCollection<Guid> incidents, long upTo, CancellationToken cancel)
    {
        if (incidents.Count == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(
            """
            select l.incident, l.position, e.type, e.data, e.timestamp, e.user_name
            from geo.ledger l join geo.mt_events e on e.seq_id = l.seq
            where l.incident = any($1) and l.position <= $2 and l.link = 0 and e.tenant_id = $3
            order by l.position
            """);
        command.Parameters.Add(new() { Value = incidents.ToArray() });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = workspace });
        return await All(command, cancel);
    }

    /// <summary>When each commit of a workspace after one position, up to another, was recorded: its last position, in order.</summary>
    public async Task<IReadOnlyList<(long Position, DateTimeOffset RecordedAt)>> Times(string workspace, long after, long upTo, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select position, recorded_at from geo.recording where workspace = $1 and position > $2 and position <= $3 order by position");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        var times = new List<(long, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            times.Add((reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return times;
    }

    /// <summary>The ids of incidents, by their streams.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> IdsOf(string workspace, IReadOnlyCollection<Guid> incidents, CancellationToken cancel)
    {
        var ids = new Dictionary<Guid, string>(incidents.Count);
        if (incidents.Count == 0)
        {
            return ids;
        }

        await using var command = database.CreateCommand(
            """
            select l.incident, e.data -> 'content' ->> 'id' from geo.ledger l join geo.mt_events e on e.seq_id = l.seq
            where l.incident = any($1) and l.workspace = $2 and l.link < 1 and e.type = 'incident_logged'
            """);
        command.Parameters.Add(new() { Value = incidents.ToArray() });
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            ids[reader.GetGuid(0)] = reader.GetString(1);
        }

        return ids;
    }

    /// <summary>The facts of incidents at some positions, in order.</summary>
    public async Task<IReadOnlyList<LogEntry>> OfPositions(string workspace, IReadOnlyCollection<long> positions, CancellationToken cancel)
    {
        if (positions.Count == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(
            """
            select l.incident, l.position, e.type, e.data, e.timestamp, e.user_name
            from geo.ledger l join geo.mt_events e on e.seq_id = l.seq
            where l.workspace = $1 and l.position = any($2) and l.link = 0
            order by l.position
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = positions.ToArray() });
        return await All(command, cancel);
    }

    /// <summary>The facts of one stream that stands by itself, in order.</summary>
    public Task<IReadOnlyList<LogEntry>> OfStream(string workspace, StreamKey stream, long upTo, CancellationToken cancel) =>
        OfStreams(workspace, [stream.In(workspace)], upTo, cancel);

    /// <summary>The facts of some streams that stand by themselves, in order.</summary>
    /// <param name="streams">Their ids in the store.</param>
    public async Task<IReadOnlyList<LogEntry>> OfStreams(string workspace, IReadOnlyCollection<Guid> streams, long upTo, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select e.stream_id, r.position - (r.seq - e.seq_id), e.type, e.data, e.timestamp, e.user_name from geo.mt_events e
            cross join lateral (select position, seq from geo.recording where workspace = $1 and seq >= e.seq_id order by seq limit 1) r
            where e.tenant_id = $1 and e.stream_id = any($2) and r.position - (r.seq - e.seq_id) <= $3
            order by e.seq_id
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = streams.ToArray() });
        command.Parameters.Add(new() { Value = upTo });
        return await All(command, cancel);
    }

    /// <summary>The facts of some kinds, in order.</summary>
    public Task<IReadOnlyList<LogEntry>> OfTypes(string workspace, IReadOnlyCollection<Type> types, long upTo, CancellationToken cancel) =>
        OfTypes(workspace, types, after: 0, upTo, cancel);

    /// <summary>The facts of some kinds after one position and up to another, in order.</summary>
    /// <remarks>Bounds on the sequence are there for the index by kind: without them each fact of a kind that there ever was would be looked up.</remarks>
    public async Task<IReadOnlyList<LogEntry>> OfTypes(string workspace, IReadOnlyCollection<Type> types, long after, long upTo, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select e.stream_id, r.position - (r.seq - e.seq_id), e.type, e.data, e.timestamp, e.user_name from geo.mt_events e
            cross join lateral (select position, seq from geo.recording where workspace = $1 and seq >= e.seq_id order by seq limit 1) r
            where e.tenant_id = $1 and e.type = any($2) and r.position - (r.seq - e.seq_id) > $3 and r.position - (r.seq - e.seq_id) <= $4
              and e.seq_id > coalesce((select seq from geo.recording where workspace = $1 and position <= $3 order by position desc limit 1), 0)
              and e.seq_id <= coalesce((select seq from geo.recording where workspace = $1 and position >= $4 order by position limit 1), 9223372036854775807)
            order by e.seq_id
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = FactTypes.ByName.Where(t => types.Contains(t.Value)).Select(t => t.Key).ToArray() });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        return await All(command, cancel);
    }

    private static async Task<LogPosition> One(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new LogPosition(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : default;
    }

    private static async Task<IReadOnlyList<LogEntry>> All(NpgsqlCommand command, CancellationToken cancel)
    {
        var entries = new List<LogEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            entries.Add(new LogEntry(
                reader.GetGuid(0),
                reader.GetInt64(1),
                FactTypes.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3)),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return entries;
    }
}
