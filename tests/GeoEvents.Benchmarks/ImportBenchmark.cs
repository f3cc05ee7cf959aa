using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks;

/// <summary>Import of a generated GDELT file until every view is current, beside a bare binary COPY of the events that came of it; and what analysts notice of it.</summary>
public static class ImportBenchmark
{
    private const int IdlePosts = 300;

    public static int Rows => Comparison.Scaled(1_000_000);

    public static async Task Run(BenchServer server)
    {
        var connectionString = await server.CreateDatabase();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await BareStore.Execute(database, "create table bare_copy (id bigint primary key, data jsonb not null)");
        await using var service = await RunningService.Start(connectionString);
        var path = GdeltGenerator.Write(Path.Combine(Path.GetTempPath(), $"geoevents-bench-{Environment.ProcessId}.tsv"), Rows);
        try
        {
            var workspace = 0;
            await Comparison.Run($"import of {Rows.ToString("N0", CultureInfo.InvariantCulture)} rows, {new FileInfo(path).Length >> 20} MiB", "events", [
                new("GeoEvents, from file until every view is current", async () =>
                {
                    var before = service.ProcessorTime;
                    var sample = await Comparison.Whole(async () => (await service.Import($"w{++workspace}", path)).Total);
                    Console.Error.WriteLine($"service: {(service.ProcessorTime - before).TotalMicroseconds / Rows:N1} µs of processor per row, at most {service.PeakMemory >> 20} MiB so far");
                    return sample;
                }),
                new("bare binary COPY of the same events", async () =>
                {
                    var facts = await Facts(database, $"w{workspace}");
                    await BareStore.Execute(database, "truncate bare_copy");
                    return await Comparison.Whole(() => Copy(database, facts));
                }),
            ]);

            await Disk(database, workspace);
            await Analysts(service, $"w{workspace}", path);
        }
        finally
        {
            File.Delete(path);
        }

        await service.RefuseCompilers();
    }

    /// <summary>The facts of a workspace as JSON, in the order of the log.</summary>
    public static async Task<List<byte[]>> Facts(NpgsqlDataSource database, string workspace)
    {
        await using var command = database.CreateCommand("select data from geo.mt_events where tenant_id = $1 order by seq_id");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = workspace });
        var facts = new List<byte[]>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            facts.Add(reader.GetFieldValue<byte[]>(0));
        }

        return facts;
    }

    private static async Task<double> Copy(NpgsqlDataSource database, List<byte[]> facts)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync("copy bare_copy (id, data) from stdin (format binary)");
        for (var i = 0; i < facts.Count; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync((long)i, NpgsqlDbType.Bigint);
            await copy.WriteAsync(facts[i], NpgsqlDbType.Jsonb);
        }

        await copy.CompleteAsync();
        return facts.Count;
    }

    /// <summary>Everything in the schema of the service, beside the COPY table with the last workspace's events.</summary>
    private static async Task Disk(NpgsqlDataSource database, int workspaces)
    {
        var ours = await BareStore.Count(
            database, "select sum(pg_total_relation_size(c.oid))::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'geo' and c.relkind = 'r'");
        var copy = await BareStore.Count(database, "select pg_total_relation_size('bare_copy')");
        var incidents = await BareStore.Count(database, "select count(*) from (select distinct workspace, incident from geo.ledger) i");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Disk: {ours / incidents:N0} bytes per incident in all tables and indexes, {(double)ours / workspaces / copy:N2} times the COPY table with its key.\n"));
        await using var command = database.CreateCommand(
            "select c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'geo' and c.relkind = 'r' order by 2 desc limit 4");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Console.Error.WriteLine($"{reader.GetString(0)}: {reader.GetInt64(1) / incidents} + {reader.GetInt64(2) / incidents} bytes per incident");
        }
    }

    /// <summary>One analyst logs one incident after the other, first with nothing else going on, then while a file loads.</summary>
    private static async Task Analysts(RunningService service, string workspace, string path)
    {
        var drafts = (await GdeltSample.Drafts(GdeltSample.Repeated(Comparison.Scaled(200_000) + 10_000))).Select(GdeltSample.Json).GetEnumerator();
        Task Post()
        {
            drafts.MoveNext();
            return service.Post($"/api/v1/{workspace}/incidents", drafts.Current);
        }

        await Comparison.Clients(1, IdlePosts, _ => Post());
        var idle = await Comparison.Clients(1, IdlePosts, _ => Post());
        var import = service.Import("beside", path);
        var busy = new List<double>();
        while (!import.IsCompleted && busy.Count < 20_000)
        {
            busy.AddRange((await Comparison.Clients(1, 10, _ => Post())).Latencies);
        }

        await import;
        var (before, during) = (Comparison.Quantile(idle.Latencies, 0.99), Comparison.Quantile(busy, 0.99));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"One analyst logging: p99 {before:N1} ms idle, {during:N1} ms while {Rows:N0} rows load ({busy.Count:N0} posts), {during / before:N1} times; p50 {Comparison.Quantile(idle.Latencies, 0.5):N1} and {Comparison.Quantile(busy, 0.5):N1} ms.\n"));
    }
}
