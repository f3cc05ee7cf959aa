using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Alerts;

/// <summary>Writes <c>geo.alert</c>, by which lists of alerts are found: a row for what each fact made of its alert, in the transaction of the fact.</summary>
/// <remarks>
/// A list is filtered, sorted and counted at any K. Folding all alerts of the log for that takes seconds for a hundred thousand of them; by this table a page takes
/// milliseconds. Like the ledger it holds nothing that the log does not, and is made anew with it.
/// </remarks>
public static class AlertRows
{
    private const string Columns = "workspace, alert, position, until, id, rule, dyad, one, other, state, severity, fired, fired_at, silenced, acknowledged, assignee, decided_at";

    private const long Open = long.MaxValue;

    private const int Together = 1_000;

    private static readonly string InsertRows = InsertStatement();

    private sealed record Row(string Workspace, Guid Stream, long Position, long Until, Alert Alert);

    /// <summary>The statements for some facts of one commit, if any of them is of an alert.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Record(IEnumerable<DecidedFact> facts)
    {
        var ended = new List<(string Workspace, Guid Stream, long Position)>();
        var rows = new List<Row>();
        foreach (var alert in facts.Where(f => f.State is Alert).GroupBy(f => (f.Workspace, f.StreamId)))
        {
            var own = alert.ToList();
            if (own[0].Version > 1)
            {
                ended.Add((own[0].Workspace, own[0].StreamId, own[0].Position));
            }

            rows.AddRange(own.Select((f, i) => new Row(f.Workspace, f.StreamId, f.Position, i + 1 < own.Count ? own[i + 1].Position : Open, (Alert)f.State)));
        }

        if (ended.Count > 0)
        {
            yield return new("update geo.alert a set until = e.position from unnest($1, $2, $3) as e(workspace, alert, position) where a.workspace = e.workspace and a.alert = e.alert and a.until = $4")
            {
                Parameters =
                {
                    new() { Value = ended.Select(e => e.Workspace).ToArray() },
                    new() { Value = ended.Select(e => e.Stream).ToArray() },
                    new() { Value = ended.Select(e => e.Position).ToArray() },
                    new() { Value = Open },
                },
            };
        }

        if (rows.Count > 0)
        {
            yield return Insert(rows);
        }
    }

    /// <summary>Makes all rows anew from the log, on a connection that holds the writers' lock.</summary>
    public static async Task Rebuild(NpgsqlConnection connection, CancellationToken cancel)
    {
        var rows = new List<Row>();
        var current = new Dictionary<(string Workspace, Guid Stream), int>();
        await using (var command = new NpgsqlCommand(
            """
            select e.tenant_id, e.stream_id, e.type, e.data, e.timestamp, r.position - (r.seq - e.seq_id) from geo.mt_events e
            cross join lateral (select position, seq from geo.recording where workspace = e.tenant_id and seq >= e.seq_id order by seq limit 1) r
            where e.type = any($1) order by e.seq_id
            """, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = FactTypes.ByName.Where(t => t.Value.IsAssignableTo(typeof(AlertEvent))).Select(t => t.Key).ToArray() } },
        })
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                var (key, position) = ((reader.GetString(0), reader.GetGuid(1)), reader.GetInt64(5));
                var fact = (AlertEvent)FactTypes.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
                Alert? before = null;
                if (current.TryGetValue(key, out var at))
                {
                    before = rows[at].Alert;
                    rows[at] = rows[at] with { Until = position };
                }

                current[key] = rows.Count;
                rows.Add(new Row(key.Item1, key.Item2, position, Open, Alert.After(before, fact, reader.GetFieldValue<DateTimeOffset>(4), position)));
            }
        }

        await using var writing = new NpgsqlBatch(connection) { BatchCommands = { new("delete from geo.alert") }, Timeout = 0 };
        foreach (var some in rows.Chunk(Together))
        {
            writing.BatchCommands.Add(Insert(some));
        }

        await writing.ExecuteNonQueryAsync(cancel);
    }

    /// <remarks>A decision sees its streams without their positions, so where an alert fired is what its first row says.</remarks>
    private static NpgsqlBatchCommand Insert(IReadOnlyList<Row> rows)
    {
        var command = new NpgsqlBatchCommand(InsertRows);
        Column(r => r.Workspace);
        Column(r => r.Stream);
        Column(r => r.Position);
        Column(r => r.Until);
        Column(r => r.Alert.Id);
        Column(r => r.Alert.Rule);
        Column(r => r.Alert.Dyad.ToString());
        Column(r => r.Alert.Dyad.First.ToString());
        Column(r => r.Alert.Dyad.Second.ToString());
        Column(r => (short)r.Alert.State);
        Column(r => (short)r.Alert.Severity);
        Column(r => r.Alert.FiredAtPosition.Position);
        Column(r => r.Alert.FiredAt.UtcDateTime);
        Column(r => r.Alert.Silence is not null);
        Column(r => r.Alert.AcknowledgedBy is not null);
        Column(r => r.Alert.Assignee);
        Column(r => r.Alert.DecidedAt.UtcDateTime);
        return command;

        void Column<T>(Func<Row, T> value) => command.Parameters.Add(new() { Value = rows.Select(value).ToArray() });
    }

    private static string InsertStatement()
    {
        var columns = Columns.Split(", ");
        var values = columns.Select(c => c == "fired" ? "coalesce((select known.fired from geo.alert known where known.workspace = r.workspace and known.alert = r.alert limit 1), r.fired)" : $"r.{c}");
        return $"insert into geo.alert ({Columns}) select {string.Join(", ", values)} from unnest({string.Join(", ", columns.Select((_, i) => $"${i + 1}"))}) as r({Columns})";
    }
}
