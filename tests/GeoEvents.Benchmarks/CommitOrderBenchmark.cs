using System.Globalization;
using System.Threading.Channels;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Marten;
using Npgsql;
using SessionOptions = Marten.Services.SessionOptions;

namespace GeoEvents.Benchmarks;

/// <summary>What it costs that log positions are in commit order: every committer for itself, each under a lock, and many under one lock. See adr/0003.</summary>
public static class CommitOrderBenchmark
{
    private const int MostInOneCommit = 64;

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        using var store = await BareStore.Marten(connectionString);
        var facts = (await GdeltSample.Drafts(GdeltSample.Repeated(20_000))).Select(GdeltSample.Fact).ToList();
        var next = 0;
        IncidentLogged Next() => facts[(int)((uint)Interlocked.Increment(ref next) % (uint)facts.Count)];

        foreach (var (clients, operations) in new[] { (1, Comparison.Scaled(500)), (16, Comparison.Scaled(4000)) })
        {
            await Comparison.Run($"{clients} client(s)", "commits", [
                new("group commit under one lock", () => Grouped(store, database, clients, operations, Next)),
                new("a lock per commit", () => Comparison.Clients(clients, operations, _ => Commit(store, database, [Next()], locked: true))),
                new("no lock", () => Comparison.Clients(clients, operations, _ => Commit(store, database, [Next()], locked: false))),
            ]);
        }

        foreach (var locked in new[] { false, true })
        {
            using var stop = new CancellationTokenSource();
            var watching = LateArrivals(database, stop.Token);
            await Comparison.Clients(16, Comparison.Scaled(4000), _ => Commit(store, database, [Next()], locked));
            await stop.CancelAsync();
            var (late, reads) = await watching;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(locked ? "a lock per commit" : "no lock")}, 16 clients: of {Comparison.Scaled(4000):N0} facts, {late:N0} appeared below a position that a reader had already seen ({reads:N0} reads)"));
        }
    }

    private static async Task Commit(IDocumentStore store, NpgsqlDataSource database, IReadOnlyList<IncidentLogged> facts, bool locked)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (locked)
        {
            await using var locking = new NpgsqlCommand($"select pg_advisory_xact_lock({CommitLog.LockKey})", connection);
            await locking.ExecuteNonQueryAsync();
        }

        await using (var session = store.LightweightSession(SessionOptions.ForTransaction(transaction)))
        {
            foreach (var fact in facts)
            {
                session.ForTenant("main").Events.StartStream<Incident>(Guid.CreateVersion7(), fact);
            }

            await session.SaveChangesAsync();
        }

        await transaction.CommitAsync();
    }

    private static async Task<Sample> Grouped(IDocumentStore store, NpgsqlDataSource database, int clients, int operations, Func<IncidentLogged> next)
    {
        var waiting = Channel.CreateUnbounded<(IncidentLogged Fact, TaskCompletionSource Done)>(new() { SingleReader = true });
        var writer = Task.Run(async () =>
        {
            while (await waiting.Reader.WaitToReadAsync())
            {
                var group = new List<(IncidentLogged Fact, TaskCompletionSource Done)>();
                while (group.Count < MostInOneCommit && waiting.Reader.TryRead(out var one))
                {
                    group.Add(one);
                }

                await Commit(store, database, [.. group.Select(g => g.Fact)], locked: true);
                group.ForEach(g => g.Done.SetResult());
            }
        });
        var sample = await Comparison.Clients(clients, operations, async _ =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await waiting.Writer.WriteAsync((next(), done));
            await done.Task;
        });
        waiting.Writer.Complete();
        await writer;
        return sample;
    }

    /// <summary>Reads the log's end again and again, and counts facts that come in below the highest position seen before.</summary>
    private static async Task<(int Late, int Reads)> LateArrivals(NpgsqlDataSource database, CancellationToken stop)
    {
        const int Window = 500;
        var (highest, late, reads) = (await BareStore.Count(database, "select coalesce(max(seq_id), 0) from bare.mt_events"), 0, 0);
        var (begin, seen) = (highest, new HashSet<long>());
        while (!stop.IsCancellationRequested)
        {
            await using var command = database.CreateCommand("select seq_id from bare.mt_events where seq_id > $1");
            command.Parameters.Add(new() { Value = Math.Max(begin, highest - Window) });
            await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
            var end = highest;
            while (await reader.ReadAsync(CancellationToken.None))
            {
                var position = reader.GetInt64(0);
                late += seen.Add(position) && position < highest ? 1 : 0;
                end = Math.Max(end, position);
            }

            (highest, reads) = (end, reads + 1);
        }

        return (late, reads);
    }
}
