using GeoEvents.Hosting;
using GeoEvents.Ledger;
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
        var work = await CommitReading.Read(connection, decisions, clock, ((DocumentStore)store).Events.BuildEvent);

        var outcomes = new List<(int Index, Decision Decision, List<DecidedFact> Facts)>();
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

        var facts = outcomes.SelectMany(o => o.Facts).ToList();
        var copied = facts.Where(f => f.Shared is not null).ToList();
        await EventCopy.Number(connection, copied);
        await Append(transaction, facts.Where(f => f.Shared is null).ToList(), [.. outcomes.Select(o => o.Decision).Where(d => d.HasDocuments)]);
        var revisions = Task.Run(() => Revisions.Of(facts));
        await EventCopy.Write(connection, copied);
        if (facts.Count > 0)
        {
            await LedgerWriter.Record(connection, work.RecordedAt, facts, await revisions);
        }

        var results = Results(outcomes, facts, work);
        await Keep(connection, results.Select(r => (decisions[r.Index].Call, r.Result.Outcome!.Answer)), work.RecordedAt);
        await transaction.CommitAsync();
        results.ForEach(r => report(r.Index, r.Result));
    }

    private static List<(int Index, Result Result)> Results(
        List<(int Index, Decision Decision, List<DecidedFact> Facts)> outcomes, List<DecidedFact> facts, CommitWork work)
    {
        var heads = facts.GroupBy(f => f.Workspace).ToDictionary(g => g.Key, g => new LogPosition(g.Max(f => f.Position), work.RecordedAt));
        var positions = facts
            .GroupBy(f => f.Workspace)
            .ToDictionary(g => g.Key, g => g.ToDictionary(f => (f.Stream, f.Version), f => f.Position));
        var results = new List<(int, Result)>();
        foreach (var (index, decision, own) in outcomes)
        {
            var head = own.Count > 0
                ? new LogPosition(own.Max(f => f.Position), work.RecordedAt)
                : heads.GetValueOrDefault(decision.Call.Workspace, work.HeadOf(decision.Call.Workspace));
            var recorded = new Recorded(
                head.Position,
                head.RecordedAt ?? work.RecordedAt,
                [.. own.Select(f => new RecordedFact(f.Stream, f.Position, f.Event.Data, f.State))],
                positions.GetValueOrDefault(decision.Call.Workspace, []));
            results.Add((index, new Result(new Outcome(recorded, decision.Answer(recorded), Repeated: false), null)));
        }

        return results;
    }

    private async Task Append(NpgsqlTransaction transaction, List<DecidedFact> facts, List<Decision> withDocuments)
    {
        if (facts.Count == 0 && withDocuments.Count == 0)
        {
            return;
        }

        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        foreach (var stream in facts.GroupBy(f => (f.Workspace, f.Event.StreamId)))
        {
            var tenant = session.ForTenant(stream.Key.Workspace);
            var events = stream.Select(f => (object)f.Event).ToArray();
            if (stream.First().Event.Version == 1)
            {
                tenant.Events.StartStream(stream.First().State.GetType(), stream.Key.StreamId, events);
            }
            else
            {
                tenant.Events.Append(stream.Key.StreamId, events);
            }
        }

        withDocuments.ForEach(d => d.Store(session.ForTenant(d.Call.Workspace)));
        await session.SaveChangesAsync();
    }

    /// <summary>Keeps the answers to requests that carried an Idempotency-Key, and throws away those of yesterday.</summary>
    private static async Task Keep(NpgsqlConnection connection, IEnumerable<(Call Call, Answer? Answer)> answers, DateTimeOffset recordedAt)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (call, answer) in answers)
        {
            if (call.Idempotency is { } idempotency && answer is not null)
            {
                batch.BatchCommands.Add(new(
                    "insert into geo.idempotency (workspace, key, fingerprint, status, location, etag, body, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
                {
                    Parameters =
                    {
                        new() { Value = call.Workspace },
                        new() { Value = idempotency.Key },
                        new() { Value = idempotency.Fingerprint },
                        new() { Value = (short)answer.Status },
                        new() { Value = (object?)answer.Location ?? DBNull.Value },
                        new() { Value = (object?)answer.ETag ?? DBNull.Value },
                        new() { Value = answer.Json },
                        new() { Value = recordedAt.UtcDateTime },
                    },
                });
            }
        }

        if (batch.BatchCommands.Count > 0)
        {
            batch.BatchCommands.Add(new("delete from geo.idempotency where recorded_at < $1")
            {
                Parameters = { new() { Value = (recordedAt - KeepAnswers).UtcDateTime } },
            });
            await batch.ExecuteNonQueryAsync();
        }
    }
}
