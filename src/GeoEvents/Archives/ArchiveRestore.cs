using GeoEvents.Incidents;
using GeoEvents.Ledger;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Archives;

/// <summary>Restores an archive into an empty workspace: the same facts at the same positions and times, so that every (V, K) answers as it did.</summary>
/// <remarks>It sets recorded times, which no client may do, so there is no address for it: whoever runs the service runs it.</remarks>
public sealed class ArchiveRestore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Commits that log so many incidents are copied, as they were when they were imported.</summary>
    private const int Bulk = 50;

    /// <summary>Statements that are sent together.</summary>
    private const int Together = 500;

    /// <param name="archive">Read twice, so it can seek.</param>
    /// <returns>How many facts it has.</returns>
    /// <exception cref="UnreadableArchiveException">Nothing was restored.</exception>
    public async Task<long> Restore(string workspace, Stream archive, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var severalFacts = StreamsWithSeveralFacts(archive, now);
        archive.Position = 0;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var log = await Begin(connection, workspace, severalFacts, cancel);
        await using var pending = new NpgsqlBatch(connection) { Timeout = 0 };
        foreach (var commit in Commits(ArchiveReader.Read(archive, now)))
        {
            var bulk = commit.Count(f => f.Kind == Restoring.Logged) >= Bulk;
            var facts = log.Take(commit, bulk);
            var (revisions, links) = (Revisions.Of(facts), HashChain.Links(facts, _ => log.Head));
            log.Head = new LogHead(new LogPosition(links[0].Position, commit[0].RecordedAt), links[0].Hash);
            var own = facts.Where(f => f.Shared is null).ToList();
            Add(own.Count > 0 ? EventInsert.Of(own) : []);
            Add(LedgerWriter.Record(commit[0].RecordedAt, facts, revisions));
            Add(links.Select(HashChain.Insert));
            if (bulk)
            {
                await Send();
                await EventCopy.Write(connection, facts.Where(f => f.Shared is not null));
                await using var copy = await LedgerWriter.Copy(connection, "ledger", cancel);
                await LedgerWriter.Write(copy, revisions.Rows, cancel);
                await copy.Complete(cancel);
            }
            else if (revisions.Rows.Count > 0)
            {
                Add([LedgerWriter.Insert(revisions.Rows)]);
            }

            if (pending.BatchCommands.Count >= Together)
            {
                await Send();
            }
        }

        Add(log.Sequence > 0 ? [EventInsert.Draw(log.Sequence)] : []);
        await Send();
        await transaction.CommitAsync(cancel);
        return log.Head.At.Position;

        void Add(IEnumerable<NpgsqlBatchCommand> commands)
        {
            foreach (var command in commands)
            {
                pending.BatchCommands.Add(command);
            }
        }

        async Task Send()
        {
            if (pending.BatchCommands.Count > 0)
            {
                await pending.ExecuteNonQueryAsync(cancel);
                pending.BatchCommands.Clear();
            }
        }
    }

    /// <summary>Takes the lock of writers, and makes sure that there is nothing yet.</summary>
    private static async Task<Restoring> Begin(NpgsqlConnection connection, string workspace, HashSet<StreamKey> severalFacts, CancellationToken cancel)
    {
        await using (var locking = new NpgsqlCommand($"select pg_advisory_xact_lock({CommitLog.LockKey})", connection) { CommandTimeout = 0 })
        {
            await locking.ExecuteNonQueryAsync(cancel);
        }

        await using var looking = new NpgsqlCommand(
            "select exists (select 1 from geo.mt_events where tenant_id = $1), case when is_called then last_value else 0 end from geo.mt_events_sequence", connection)
        {
            Parameters = { new() { Value = workspace } },
        };
        await using var reader = await looking.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetBoolean(0)
            ? throw new UnreadableArchiveException($"Workspace '{workspace}' has a record already. An archive is restored into an empty workspace only.")
            : new Restoring(workspace, reader.GetInt64(1), severalFacts);
    }

    /// <summary>Reads the archive to its end, so that a bad one is refused before anything is done.</summary>
    private static HashSet<StreamKey> StreamsWithSeveralFacts(Stream archive, DateTimeOffset now)
    {
        var once = new HashSet<StreamKey>();
        var several = new HashSet<StreamKey>();
        foreach (var fact in ArchiveReader.Read(archive, now))
        {
            if (!once.Add(fact.StreamKey))
            {
                several.Add(fact.StreamKey);
            }
        }

        return several;
    }

    /// <summary>Facts that were recorded at one time were recorded together.</summary>
    private static IEnumerable<List<ArchivedFact>> Commits(IEnumerable<ArchivedFact> facts)
    {
        var commit = new List<ArchivedFact>();
        foreach (var fact in facts)
        {
            if (commit.Count > 0 && commit[0].RecordedAt != fact.RecordedAt)
            {
                yield return commit;
                commit = [];
            }

            commit.Add(fact);
        }

        if (commit.Count > 0)
        {
            yield return commit;
        }
    }

    /// <summary>The log as it is made anew.</summary>
    private sealed class Restoring(string workspace, long sequence, HashSet<StreamKey> severalFacts)
    {
        public static readonly string Logged = FactTypes.NameOf(typeof(IncidentLogged));

        private readonly Dictionary<StreamKey, (object State, long Facts, long Own)> streams = [];

        public LogHead Head { get; set; } = LogHead.Empty;

        /// <summary>The last number given out in the store.</summary>
        public long Sequence { get; private set; } = sequence;

        public List<DecidedFact> Take(List<ArchivedFact> commit, bool bulk)
        {
            var shared = StreamKey.ArchivePart(commit[0].Position).In(workspace);
            return [.. commit.Select(fact => Take(fact, bulk && fact.Kind == Logged ? shared : null))];
        }

        private DecidedFact Take(ArchivedFact archived, Guid? shared)
        {
            var (stream, data) = (archived.StreamKey, archived.DataBytes);
            var fact = FactTypes.Read(archived.Kind, data);
            var (before, facts, own) = streams.GetValueOrDefault(stream);
            var state = RecordView.After(before, fact, archived.RecordedAt, archived.Position);
            own += shared is null ? 1 : 0;
            if (severalFacts.Contains(stream))
            {
                streams[stream] = (state, facts + 1, own);
            }

            return new DecidedFact(
                archived.Id, ++Sequence, archived.Position, archived.RecordedAt, archived.User, workspace, stream, stream.In(workspace), facts + 1, own, shared, fact, data, state);
        }
    }
}
