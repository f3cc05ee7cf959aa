using System.Text.Json;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using Marten;
using Npgsql;

namespace GeoEvents.IntegrationTests.Recording;

/// <summary>Facts are put into Marten's tables without Marten, so what it has there and what it would put there is held to here.</summary>
public sealed class EventTablesTests(GeoEventsHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_have_the_columns_that_were_there_when_this_was_written()
    {
        await using var service = await host.StartService();
        (await Rows(
            service.Database,
            """
            select table_name || ': ' || string_agg(column_name || ' ' || data_type || case is_nullable when 'NO' then '!' else '' end, ', ' order by ordinal_position)
            from information_schema.columns where table_schema = 'geo' and table_name in ('mt_streams', 'mt_events') group by table_name order by 1
            """)).ShouldBe(
        [
            "mt_events: seq_id bigint!, id uuid!, stream_id uuid, version bigint!, data jsonb!, bdata bytea, type character varying!, timestamp timestamp with time zone!, "
                + "tenant_id character varying, mt_dotnet_type character varying, user_name character varying, is_archived boolean",
            "mt_streams: tenant_id character varying!, id uuid!, type character varying, version bigint, timestamp timestamp with time zone!, "
                + "created timestamp with time zone!, compacted_version bigint!, is_archived boolean",
        ]);
    }

    [Fact]
    public async Task Facts_stand_in_the_tables_as_Marten_would_have_put_them_there_and_Marten_reads_them_and_goes_on()
    {
        await using var service = await host.StartService();
        var workspace = service.NewWorkspace();
        var links = new[] { new { actor = "AZE", recipient = "RUS" } };
        await workspace.Log(new { id = "ours", occurred = "2025-03-01", title = "Envoy summoned", type = "diplomatic-protest", links });
        (await workspace.Post("incidents/ours/retraction", new { reason = "Hoax." }, ifMatch: "*")).ShouldBe(200);
        var row = JsonSerializer.SerializeToUtf8Bytes(new { id = "copied", occurred = "2025-03-01", title = "Envoy summoned", type = "diplomatic-protest", links }, GeoJson.Options);
        await workspace.Import(row);

        using var store = DocumentStore.For(options =>
        {
            options.Connection(service.Database);
            options.AddRecord();
        });
        var (ours, theirs) = (StreamKey.Incident("ours").In(workspace.Name), Guid.CreateVersion7());
        await using (var session = store.LightweightSession(workspace.Name))
        {
            session.LastModifiedBy = "anonymous";
            var facts = await session.Events.FetchStreamAsync(ours, token: Cancel);
            facts.Select(f => (f.Version, f.Data.GetType())).ShouldBe([(1, typeof(IncidentLogged)), (2, typeof(IncidentRetracted))]);
            session.Events.StartStream<Incident>(theirs, facts[0].Data);
            await session.SaveChangesAsync(Cancel);
            session.Events.Append(theirs, facts[1].Data);
            await session.SaveChangesAsync(Cancel);
        }

        const string Events = "select (to_jsonb(e) - '{seq_id,id,stream_id,timestamp}'::text[])::text from geo.mt_events e where stream_id = '{0}' order by version";
        const string Streams = "select (to_jsonb(s) - '{id,timestamp,created}'::text[])::text from geo.mt_streams s where id = '{0}'";
        (await Rows(service.Database, Events.Replace("{0}", $"{ours}"))).ShouldBe(await Rows(service.Database, Events.Replace("{0}", $"{theirs}")));
        (await Rows(service.Database, Streams.Replace("{0}", $"{ours}"))).ShouldBe(await Rows(service.Database, Streams.Replace("{0}", $"{theirs}")));

        // What was copied differs from what was inserted in what it says, and in nothing else.
        const string Bare = "select distinct (to_jsonb(e) - '{seq_id,id,stream_id,timestamp,data}'::text[])::text from geo.mt_events e where type = 'incident_logged'";
        (await Rows(service.Database, "select count(*)::text from geo.mt_events where type = 'incident_logged'")).ShouldBe(["3"]);
        (await Rows(service.Database, Bare)).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Marten_reads_a_stream_that_was_copied()
    {
        var workspace = host.NewWorkspace();
        var links = new[] { new { actor = "AZE", recipient = "RUS" } };
        await workspace.Import(string.Concat(Enumerable.Range(0, 30).Select(i =>
            JsonSerializer.Serialize(new { id = $"i{i}", occurred = "2024-05-06", title = $"Visit → {i}, überall", type = "visit", links }) + "\n")), "?format=jsonl");

        var store = (DocumentStore)host.Service.Services.GetRequiredService<IDocumentStore>();
        store.Events.AggregateAliasFor(typeof(Incident)); // A store knows the name of a type once it was asked for.
        await using var session = store.QuerySession(workspace.Name);
        var events = await session.Events.QueryAllRawEvents().Where(e => e.EventTypeName == "incident_logged").OrderBy(e => e.Sequence).ToListAsync(Cancel);
        var stream = events.Select(e => e.StreamId).Distinct().ShouldHaveSingleItem();
        var state = (await session.Events.FetchStreamStateAsync(stream, Cancel))!;

        (await session.Events.FetchStreamAsync(stream, token: Cancel)).Select(e => ((IncidentLogged)e.Data).Content.Id).ShouldBe(Enumerable.Range(0, 30).Select(i => $"i{i}"));
        (state.Version, state.AggregateType).ShouldBe((30, typeof(Incident)));
        events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, 30).Select(i => (long)i));
    }

    private static async Task<string[]> Rows(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }
}
