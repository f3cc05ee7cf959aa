using GeoEvents.Hosting;
using GeoEvents.Ledger;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace GeoEvents.Recording;

/// <summary>One commit to the log: lock, read, decide, append, ledger, durable.</summary>
public sealed class CommitLog(IDocumentStore store, LoggingConnections logging, TimeProvider clock)
{
    /// <summary>Key of the advisory lock that orders all commits of a database; any constant will do.</summary>
    public const long LockKey = 0x67656F6576656E74; // "geoevent"

    private static readonly TimeSpan KeepAnswers = TimeSpan.FromHours(24);

    /// <param name="report">Called with the index and result of each decision. If this method throws, nothing was recorded.</param>
    public async Task Commit(IReadOnlyList<Decision> decisions, Action<int, Result> report)
    {
        await using var connection = await logging.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var work = await CommitReading.Read(connection, decisions, clock);

        var outcomes = new List<(int Index, Decision Decision, List<DecidedFact> Facts)>();
        foreach (var i in Enumerable.Range(0, decisions.Count).OrderBy(i => decisions[i].Call.Workspace, StringComparer.Ordinal))
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
        await Store(transaction, [.. outcomes.Select(o => o.Decision).Where(d => d.HasDocuments)]);
        await using var writing = new NpgsqlBatch(connection);
        if (facts.Count > 0)
        {
            writing.BatchCommands.Add(EventInsert.Draw(work.Sequence));
        }

        var copied = facts.Where(f => f.Shared is not null).ToList();
        if (copied.Count < facts.Count)
        {
            AddAll(writing, EventInsert.Of([.. facts.Where(f => f.Shared is null)]));
        }

        if (copied.Count > 0)
        {
            var working = Task.Run(() => (Revisions.Of(facts), HashChain.Links(facts, work.HeadOf)));
            await Execute(writing);
            await EventCopy.Write(connection, copied);
            var (revisions, links) = await working;
            AddAll(writing, LedgerWriter.Record(work.RecordedAt, facts, revisions));
            AddAll(writing, links.Select(HashChain.Insert));
            await Execute(writing);
            await using var copy = await LedgerWriter.Copy(connection, "ledger", CancellationToken.None);
            await LedgerWriter.Write(copy, revisions.Rows, CancellationToken.None);
            await copy.Complete(CancellationToken.None);
        }
        else if (facts.Count > 0)
        {
            var revisions = Revisions.Of(facts);
            AddAll(writing, LedgerWriter.Record(work.RecordedAt, facts, revisions));
            AddAll(writing, HashChain.Links(facts, work.HeadOf).Select(HashChain.Insert));
            if (revisions.Rows.Count > 0)
            {
                writing.BatchCommands.Add(LedgerWriter.Insert(revisions.Rows));
            }
        }

        var results = Results(outcomes, facts, work);
        AddAll(writing, Keep(results.Select(r => (decisions[r.Index].Call, r.Result.Outcome!.Answer)), work.RecordedAt));
        AddAll(writing, LogSignal.Notify(facts.Select(f => f.Workspace)));
        writing.BatchCommands.Add(new("commit"));
        await writing.ExecuteNonQueryAsync();
        results.ForEach(r => report(r.Index, r.Result));
    }

    private static async Task Execute(NpgsqlBatch batch)
    {
        await batch.ExecuteNonQueryAsync();
        batch.BatchCommands.Clear();
    }

    private static void AddAll(NpgsqlBatch batch, IEnumerable<NpgsqlBatchCommand> commands)
    {
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }
    }

    private static List<(int Index, Result Result)> Results(
        List<(int Index, Decision Decision, List<DecidedFact> Facts)> outcomes, List<DecidedFact> facts, CommitWork work)
    {
        var heads = facts.GroupBy(f => f.Workspace).ToDictionary(g => g.Key, g => new LogPosition(g.Max(f => f.Position), work.RecordedAt));
        var results = new List<(int, Result)>();
        foreach (var (index, decision, own) in outcomes)
        {
            var head = own.Count > 0
                ? new LogPosition(own.Max(f => f.Position), work.RecordedAt)
                : heads.GetValueOrDefault(decision.Call.Workspace, work.HeadOf(decision.Call.Workspace).At);
            var recorded = new Recorded(
                head.Position,
                head.RecordedAt ?? work.RecordedAt,
                [.. own.Select(f => new RecordedFact(f.Stream, f.Sequence, f.Position, f.Fact, f.State))]);
            results.Add((index, new Result(new Outcome(recorded, decision.Call.Idempotency is null ? null : decision.Answer(recorded), Repeated: false), null)));
        }

        return results;
    }

    private async Task Store(NpgsqlTransaction transaction, List<Decision> withDocuments)
    {
        if (withDocuments.Count > 0)
        {
            await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
            withDocuments.ForEach(d => d.Store(session.ForTenant(d.Call.Workspace)));
            await session.SaveChangesAsync();
        }
    }

    /// <summary>Keeps the answers to requests that carried an Idempotency-Key, and throws away those of yesterday.</summary>
    private static IEnumerable<NpgsqlBatchCommand> Keep(IEnumerable<(Call Call, Answer? Answer)> answers, DateTimeOffset recordedAt)
    {
        var kept = false;
        foreach (var (call, answer) in answers)
        {
            if (call.Idempotency is { } idempotency && answer is not null)
            {
                kept = true;
                yield return new(
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
                };
            }
        }

        if (kept)
        {
            yield return new("delete from geo.idempotency where recorded_at < $1") { Parameters = { new() { Value = (recordedAt - KeepAnswers).UtcDateTime } } };
        }
    }
}
