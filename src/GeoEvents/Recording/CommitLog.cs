using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Ledger;
using JasperFx.Events;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace GeoEvents.Recording;

/// <summary>One commit to the log: lock, read, decide, append, ledger, durable.</summary>
public sealed class CommitLog(IDocumentStore store, NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Key of the advisory lock that orders all commits of a database; any constant will do.</summary>
    public const long LockKey = 0x67656F6576656E74; // "geoevent"

    private static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(24);

    /// <param name="report">Called with the index and result of each decision. If this method throws, nothing was recorded.</param>
    public async Task Commit(IReadOnlyList<Decision> decisions, Action<int, Result> report)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var work = await Begin(connection, decisions);

        var outcomes = new List<(int Index, Decision Decision, List<(StreamKey Stream, IEvent Event, object State)> Facts)>();
        for (var i = 0; i < decisions.Count; i++)
        {
            if (work.Repeated(decisions[i]) is { } repeated)
            {
                report(i, repeated);
                continue;
            }

            try
            {
                await decisions[i].Check(connection);
                outcomes.Add((i, decisions[i], work.Decide(decisions[i])));
            }
            catch (Exception e) when (e is RefusedException or InvalidRequestException or OvertakenException)
            {
                report(i, new Result(null, e));
            }
        }

        var appended = outcomes.SelectMany(o => o.Facts.Select(f => (o.Decision.Call.Workspace, f.Stream, f.Event, f.State))).ToList();
        if (appended.Count > 0 || outcomes.Any(o => o.Decision.HasDocuments))
        {
            await Append(transaction, appended, [.. outcomes.Select(o => o.Decision).Where(d => d.HasDocuments)]);
        }

        if (appended.Count > 0)
        {
            await WriteLedger(connection, work.RecordedAt, appended);
        }

        var heads = appended.GroupBy(f => f.Workspace).ToDictionary(g => g.Key, g => new LogPosition(g.Max(f => f.Event.Sequence), work.RecordedAt));
        var positions = appended
            .GroupBy(f => f.Workspace)
            .ToDictionary(g => g.Key, g => g.ToDictionary(f => (f.Stream, f.Event.Version), f => f.Event.Sequence));
        await using var keep = new NpgsqlBatch(connection);
        var results = new List<(int Index, Result Result)>();
        foreach (var (index, decision, facts) in outcomes)
        {
            var head = facts.Count > 0
                ? new LogPosition(facts[^1].Event.Sequence, work.RecordedAt)
                : heads.GetValueOrDefault(decision.Call.Workspace, work.HeadOf(decision.Call.Workspace));
            var recorded = new Recorded(
                head.Position, head.RecordedAt ?? work.RecordedAt, [.. facts.Select(f => new RecordedFact(f.Stream, f.Event.Sequence, f.Event.Data, f.State))],
                positions.GetValueOrDefault(decision.Call.Workspace, []));
            var answer = decision.Answer(recorded);
            if (decision.Call.Idempotency is { } idempotency && answer is not null)
            {
                keep.BatchCommands.Add(Keep(decision.Call.Workspace, idempotency, answer, work.RecordedAt));
            }

            results.Add((index, new Result(new Outcome(recorded, answer, Repeated: false), null)));
        }

        if (keep.BatchCommands.Count > 0)
        {
            keep.BatchCommands.Add(new NpgsqlBatchCommand("delete from geo.idempotency where recorded_at < $1")
            {
                Parameters = { new() { Value = (work.RecordedAt - KeepAnswers).UtcDateTime } },
            });
            await keep.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        results.ForEach(r => report(r.Index, r.Result));
    }

    /// <summary>Takes the lock and reads all that the decisions look at, in one round trip.</summary>
    private async Task<Work> Begin(NpgsqlConnection connection, IReadOnlyList<Decision> decisions)
    {
        var workspaces = decisions.Select(d => d.Call.Workspace).Distinct().ToArray();
        var streams = decisions
            .SelectMany(d => d.Streams.Select(s => (d.Call.Workspace, Stream: s)))
            .Distinct()
            .ToDictionary(k => (k.Workspace, Id: k.Stream.In(k.Workspace)), k => k.Stream);
        var keys = decisions.Where(d => d.Call.Idempotency is not null).Select(d => (d.Call.Workspace, d.Call.Idempotency!.Key)).Distinct().ToArray();

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = LockKey } } },
                new("select recorded_at from geo.recording order by position desc limit 1"),
                new("""
                    select w.name, r.position, r.recorded_at from unnest($1) as w(name)
                    cross join lateral (select position, recorded_at from geo.recording where workspace = w.name order by recorded_at desc limit 1) r
                    """)
                { Parameters = { new() { Value = workspaces } } },
                new("""
                    select e.tenant_id, e.stream_id, e.type, e.data, e.timestamp, e.seq_id from unnest($1, $2) as k(workspace, stream)
                    join geo.mt_events e on e.tenant_id = k.workspace and e.stream_id = k.stream
                    order by e.seq_id
                    """)
                {
                    Parameters =
                    {
                        new() { Value = streams.Keys.Select(k => k.Workspace).ToArray() },
                        new() { Value = streams.Keys.Select(k => k.Id).ToArray() },
                    },
                },
            },
        };
        if (keys.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "select i.* from unnest($1, $2) as k(workspace, key) join geo.idempotency i using (workspace, key)")
            {
                Parameters = { new() { Value = keys.Select(k => k.Workspace).ToArray() }, new() { Value = keys.Select(k => k.Key).ToArray() } },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var now = Microseconds.Floor(clock.GetUtcNow());
        if (await reader.ReadAsync() && reader.GetFieldValue<DateTimeOffset>(0) is var last && now <= last)
        {
            now = last.AddMicroseconds(1);
        }

        var work = new Work(now, ((DocumentStore)store).Events.BuildEvent);
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            work.Heads[reader.GetString(0)] = new LogPosition(reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2));
        }

        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            var workspace = reader.GetString(0);
            var fact = FactTypes.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
            work.Apply(workspace, streams[(workspace, reader.GetGuid(1))], fact, reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5));
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

    private async Task Append(
        NpgsqlTransaction transaction, List<(string Workspace, StreamKey Stream, IEvent Event, object State)> appended, List<Decision> withDocuments)
    {
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        foreach (var stream in appended.GroupBy(f => (f.Workspace, f.Stream)))
        {
            var tenant = session.ForTenant(stream.Key.Workspace);
            var id = stream.Key.Stream.In(stream.Key.Workspace);
            var events = stream.Select(f => (object)f.Event).ToArray();
            if (stream.First().Event.Version == 1)
            {
                tenant.Events.StartStream(stream.First().State.GetType(), id, events);
            }
            else
            {
                tenant.Events.Append(id, events);
            }
        }

        withDocuments.ForEach(d => d.Store(session.ForTenant(d.Call.Workspace)));
        await session.SaveChangesAsync();
    }

    private static async Task WriteLedger(
        NpgsqlConnection connection, DateTimeOffset recordedAt, List<(string Workspace, StreamKey Stream, IEvent Event, object State)> appended)
    {
        var rows = new List<(string Workspace, LedgerRow Row)>();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var workspace in appended.GroupBy(f => f.Workspace))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into geo.recording (position, first, workspace, recorded_at) values ($1, $2, $3, $4)")
            {
                Parameters =
                {
                    new() { Value = workspace.Max(f => f.Event.Sequence) },
                    new() { Value = workspace.Min(f => f.Event.Sequence) },
                    new() { Value = workspace.Key },
                    new() { Value = recordedAt.UtcDateTime },
                },
            });

            var ended = new List<(Guid, long)>();
            foreach (var incident in workspace.Where(f => f.State is Incident).GroupBy(f => f.Stream))
            {
                var revisions = incident.OrderBy(f => f.Event.Sequence).ToList();
                if (((Incident)revisions[0].State).Version > 1)
                {
                    ended.Add((revisions[0].Event.StreamId, revisions[0].Event.Sequence));
                }

                for (var i = 0; i < revisions.Count; i++)
                {
                    var until = i + 1 < revisions.Count ? revisions[i + 1].Event.Sequence : LedgerRow.Open;
                    rows.AddRange(LedgerRow.Of(workspace.Key, revisions[i].Event.StreamId, (Incident)revisions[i].State, revisions[i].Event.Sequence)
                        .Select(row => (workspace.Key, row with { Until = until })));
                }
            }

            if (ended.Count > 0)
            {
                batch.BatchCommands.Add(LedgerWriter.End(workspace.Key, ended));
            }
        }

        await batch.ExecuteNonQueryAsync();
        if (rows.Count > 0)
        {
            await LedgerWriter.Write(connection, rows, CancellationToken.None);
        }
    }

    private static NpgsqlBatchCommand Keep(string workspace, IdempotencyKey idempotency, Answer answer, DateTimeOffset recordedAt) => new(
        "insert into geo.idempotency (workspace, key, fingerprint, status, location, etag, body, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
    {
        Parameters =
        {
            new() { Value = workspace },
            new() { Value = idempotency.Key },
            new() { Value = idempotency.Fingerprint },
            new() { Value = (short)answer.Status },
            new() { Value = (object?)answer.Location ?? DBNull.Value },
            new() { Value = (object?)answer.ETag ?? DBNull.Value },
            new() { Value = answer.Json },
            new() { Value = recordedAt.UtcDateTime },
        },
    };

    /// <summary>What a commit has read, kept up to date while its decisions are made one after the other.</summary>
    private sealed class Work(DateTimeOffset recordedAt, Func<object, IEvent> build)
    {
        private readonly Dictionary<string, Dictionary<StreamKey, object>> states = [];
        private readonly Dictionary<(string Workspace, StreamKey Stream), long> versions = [];

        public DateTimeOffset RecordedAt { get; } = recordedAt;

        public Dictionary<string, LogPosition> Heads { get; } = [];

        public Dictionary<(string Workspace, string Key), (string Fingerprint, Answer? Answer)> Answers { get; } = [];

        public LogPosition HeadOf(string workspace) => Heads.GetValueOrDefault(workspace);

        public object Apply(string workspace, StreamKey stream, object fact, DateTimeOffset at, long position)
        {
            var ofWorkspace = StatesOf(workspace);
            versions[(workspace, stream)] = versions.GetValueOrDefault((workspace, stream)) + 1;
            return ofWorkspace[stream] = RecordView.After(ofWorkspace.GetValueOrDefault(stream), fact, at, position);
        }

        public Result? Repeated(Decision decision)
        {
            if (decision.Call.Idempotency is not { } idempotency || !Answers.TryGetValue((decision.Call.Workspace, idempotency.Key), out var earlier))
            {
                if (decision.Call.Idempotency is not null)
                {
                    Answers[(decision.Call.Workspace, decision.Call.Idempotency.Key)] = (decision.Call.Idempotency.Fingerprint, null);
                }

                return null;
            }

            return (earlier.Fingerprint == idempotency.Fingerprint, earlier.Answer) switch
            {
                (false, _) => new Result(null, RefusedException.KeyReused()),
                (true, null) => new Result(null, new RefusedException(
                    "idempotency-key-in-use", "A request with this Idempotency-Key is under way. Repeat it in a moment.")),
                (true, { } answer) => new Result(new Outcome(null, answer, Repeated: true), null),
            };
        }

        public List<(StreamKey Stream, IEvent Event, object State)> Decide(Decision decision)
        {
            var facts = decision.Decide(new RecordView(StatesOf(decision.Call.Workspace)), RecordedAt);
            var decided = new List<(StreamKey, IEvent, object)>();
            foreach (var (stream, events) in facts)
            {
                foreach (var fact in events)
                {
                    var state = Apply(decision.Call.Workspace, stream, fact, RecordedAt, position: 0);
                    var wrapped = build(fact);
                    wrapped.Id = Guid.CreateVersion7(RecordedAt);
                    wrapped.StreamId = stream.In(decision.Call.Workspace);
                    wrapped.Version = versions[(decision.Call.Workspace, stream)];
                    wrapped.Timestamp = RecordedAt;
                    wrapped.UserName = decision.Call.User;
                    decided.Add((stream, wrapped, state));
                }
            }

            return decided;
        }

        private Dictionary<StreamKey, object> StatesOf(string workspace) =>
            states.TryGetValue(workspace, out var found) ? found : states[workspace] = [];
    }
}
