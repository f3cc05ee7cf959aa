using Marten;
using Npgsql;

namespace GeoEvents.IntegrationTests.Recording;

/// <summary>Facts that we copy into the event store's tables are to it as if it had written them.</summary>
public class EventCopyTests(GeoEventsHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fact_that_was_copied_fills_the_columns_that_the_event_store_fills()
    {
        var workspace = host.NewWorkspace();
        await workspace.Log(Incident("appended"));
        await workspace.Import(System.Text.Json.JsonSerializer.Serialize(Incident("copied")) + "\n", "?format=jsonl");

        foreach (var (table, key) in new[] { ("mt_events", "data -> 'content' ->> 'id'"), ("mt_streams", "id") })
        {
            var filled = new List<string>();
            await using var database = NpgsqlDataSource.Create(host.Service.Database);
            await using var command = database.CreateCommand(
                table == "mt_events"
                    ? $"select * from geo.mt_events where tenant_id = $1 and type = 'incident_logged' order by {key}"
                    : "select s.* from geo.mt_streams s join geo.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id where s.tenant_id = $1 and e.type = 'incident_logged' order by e.data -> 'content' ->> 'id'");
            command.Parameters.Add(new() { Value = workspace.Name });
            await using var reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
            {
                filled.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Where(i => !reader.IsDBNull(i)).Select(reader.GetName)));
            }

            filled.Count.ShouldBe(2);
            filled[1].ShouldBe(filled[0], table);
        }
    }

    [Fact]
    public async Task The_event_store_reads_a_stream_that_was_copied()
    {
        var workspace = host.NewWorkspace();
        await workspace.Import(string.Concat(Enumerable.Range(0, 30).Select(i => System.Text.Json.JsonSerializer.Serialize(Incident($"i{i}")) + "\n")), "?format=jsonl");

        await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession(workspace.Name);
        var events = await session.Events.QueryAllRawEvents().Where(e => e.EventTypeName == "incident_logged").OrderBy(e => e.Sequence).ToListAsync(Cancel);
        var stream = events.Select(e => e.StreamId).Distinct().ShouldHaveSingleItem();
        var state = (await session.Events.FetchStreamStateAsync(stream, Cancel))!;

        (await session.Events.FetchStreamAsync(stream, token: Cancel)).Select(e => ((GeoEvents.Incidents.IncidentLogged)e.Data).Content.Id).ShouldBe(Enumerable.Range(0, 30).Select(i => $"i{i}"));
        (state.Version, state.AggregateType).ShouldBe((30, typeof(GeoEvents.Incidents.Incident)));
        events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, 30).Select(i => (long)i));
    }

    private static object Incident(string id) => new
    {
        id,
        occurred = "2024-05-06",
        title = $"Visit → {id}, überall",
        type = "visit",
        links = new[] { new { actor = "AZE", recipient = "RUS" } },
    };
}
