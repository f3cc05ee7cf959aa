using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.IntegrationTests.Durability;

/// <summary>Looks at the tables behind the service.</summary>
internal sealed class StoredRecord(string connectionString)
{
    private readonly string connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <summary>Ledger and recording as the service left them are what a rebuild makes of the log, row by row and byte by byte.</summary>
    public async Task ShouldEqualItsRebuild(CancellationToken cancel)
    {
        var live = (Ledger: await Ledger(cancel), Recording: await Recording(cancel));
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            (await new LedgerRebuild(database).Run(cancel)).ShouldBe(live.Ledger.Length);
        }

        ShouldEqual(await Ledger(cancel), live.Ledger);
        ShouldEqual(await Recording(cancel), live.Recording);

        // Every fact of an incident has its row, at its position, and nothing else has. The first fact may stand in a stream that many incidents share.
        (await Number(
            """
            select count(*) from (
                select tenant_id, seq_id, position from (
                    select tenant_id, seq_id, type, row_number() over (partition by tenant_id order by seq_id) as position from geo.mt_events
                ) numbered where type like 'incident%' or type like 'report%'
                except all select workspace, seq, position from geo.ledger where link = 0) as missing
            """, cancel)).ShouldBe(0);
        (await Number("select count(*) from geo.ledger where link = 0", cancel)).ShouldBe(
            await Number("select count(*) from geo.mt_events where type like 'incident%' or type like 'report%'", cancel));
        (await Number(
            """
            select count(*) from geo.mt_events e join geo.ledger l on l.workspace = e.tenant_id and l.seq = e.seq_id
            where e.type <> 'incident_logged' and l.incident <> e.stream_id
            """, cancel)).ShouldBe(0);

        // Streams are numbered without gaps, and the last position of every commit is on record.
        (await Number("select count(*) from (select 1 from geo.mt_events group by tenant_id, stream_id having count(*) <> max(version)) as torn", cancel)).ShouldBe(0);
        (await Number("select count(*) from (select tenant_id, count(*), max(seq_id) as head from geo.mt_events group by 1 except select workspace, max(position), max(seq) from geo.recording group by 1) as unseen", cancel))
            .ShouldBe(0);
    }

    /// <summary>How often each incident was logged, by id.</summary>
    public async Task<Dictionary<string, long>> Logged(string workspace, CancellationToken cancel)
    {
        await using var connection = await Open(cancel);
        await using var command = new NpgsqlCommand(
            "select data -> 'content' ->> 'id', count(*) from geo.mt_events where type = 'incident_logged' and tenant_id = $1 group by 1", connection);
        command.Parameters.Add(new() { Value = workspace });
        var logged = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            logged[reader.GetString(0)] = reader.GetInt64(1);
        }

        return logged;
    }

    public async Task<long> Number(string sql, CancellationToken cancel)
    {
        await using var connection = await Open(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private Task<string[]> Ledger(CancellationToken cancel) => Dump("select * from geo.ledger order by workspace, incident, position, link", cancel);

    private Task<string[]> Recording(CancellationToken cancel) => Dump("select * from geo.recording order by workspace, position", cancel);

    private async Task<string[]> Dump(string query, CancellationToken cancel)
    {
        await using var connection = await Open(cancel);
        using var export = await connection.BeginTextExportAsync($"copy ({query}) to stdout", cancel);
        return (await export.ReadToEndAsync(cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static void ShouldEqual(string[] rebuilt, string[] live)
    {
        rebuilt.Length.ShouldBe(live.Length);
        foreach (var (one, other) in rebuilt.Zip(live))
        {
            one.ShouldBe(other);
        }
    }

    private async Task<NpgsqlConnection> Open(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }
}
