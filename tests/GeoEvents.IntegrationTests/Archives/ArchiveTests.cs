using System.Text;
using GeoEvents.Archives;
using Npgsql;

namespace GeoEvents.IntegrationTests.Archives;

public class ArchiveTests(GeoEventsHost host)
{
    private static readonly string[] Points = ["2025-03-01T12:00:00Z", "2025-06-01", "2026-01-01"];

    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_workspace_answers_every_V_and_K_as_before_and_has_the_same_archive()
    {
        await Story();
        var archive = await Archive(workspace);
        var copy = host.NewWorkspace();

        (await Restore(copy, archive)).ShouldBe(await workspace.Position());
        (await Archive(copy)).ShouldBe(archive);
        (await copy.Get("log/head")).Text.ShouldBe((await workspace.Get("log/head")).Text);
        (await copy.Get("log/verification"))["intact"].GetBoolean().ShouldBeTrue();
        for (var known = 0L; known <= await workspace.Position(); known++)
        {
            foreach (var valid in Points)
            {
                (await Everything(copy, valid, known)).ShouldBe(await Everything(workspace, valid, known), $"V {valid}, K {known}");
            }
        }
    }

    [Fact]
    public async Task A_restored_workspace_goes_on_like_any_other()
    {
        await Story();
        var copy = host.NewWorkspace();
        await Restore(copy, await Archive(workspace));

        (await copy.Post("incidents/a/corrections", new { reason = "x", changes = new { title = "Goes on" } }, ifMatch: "*")).ShouldBe(200)["position"].GetInt64()
            .ShouldBe(await workspace.Position() + 1);
        (await copy.Log(Example.Incident("new")))["version"].GetInt64().ShouldBe(1);
        (await copy.Get("log/verification"))["intact"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_archive_as_of_a_position_is_the_log_up_to_it()
    {
        await Story();
        var whole = (await Archive(workspace)).Split('\n');
        var early = (await workspace.Get("log/archive?knownAsOf=3")).ShouldBe(200).Text.Split('\n');

        early[..4].ShouldBe(whole[..4]);
        early[4].ShouldStartWith("{\"facts\":3,");
        (await Restore(host.NewWorkspace(), string.Join('\n', early))).ShouldBe(3);
    }

    [Fact]
    public async Task An_imported_workspace_is_restored_too()
    {
        var file = string.Join('\n', Enumerable.Range(0, 600).Select(i => System.Text.Json.JsonSerializer.Serialize(Example.Incident($"feed:{i}", title: $"Row {i}"))));
        await workspace.Import(file);
        await workspace.Post("incidents/feed:3/retraction", Example.Reason(), ifMatch: "*");
        var archive = await Archive(workspace);
        var copy = host.NewWorkspace();

        (await Restore(copy, archive)).ShouldBe(601);
        (await Archive(copy)).ShouldBe(archive);
        (await copy.Import(file))["known"].GetInt64().ShouldBe(600);
        (await copy.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(599);
    }

    [Fact]
    public async Task An_empty_workspace_has_an_empty_archive()
    {
        var archive = await Archive(workspace);

        archive.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        (await Restore(host.NewWorkspace(), archive)).ShouldBe(0);
        (await workspace.Get("log/head"))["head"].GetString().ShouldBe($"0:{new string('0', 64)}");
        (await workspace.Get("log/verification"))["intact"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_archive_that_was_cut_altered_or_reordered_is_refused_and_nothing_is_restored()
    {
        await Story();
        var lines = (await Archive(workspace)).TrimEnd('\n').Split('\n');
        var copy = host.NewWorkspace();

        (await Refused(copy, lines[..^1])).ShouldContain("it was cut");
        (await Refused(copy, [.. lines[..3], .. lines[4..]])).ShouldContain("Line 4");
        (await Refused(copy, [.. lines[..2], lines[3], lines[2], .. lines[4..]])).ShouldContain("does not follow");
        (await Refused(copy, [.. lines.Select(l => l.Replace("Title a", "Title z"))])).ShouldContain("altered");
        (await Refused(copy, [.. lines.Select(l => l.Replace("\"user\":\"amina\"", "\"user\":\"boris\""))])).ShouldContain("altered");
        (await Refused(copy, lines[1..])).ShouldContain("Not an archive");
        (await Refused(copy, [.. lines, "more"])).ShouldContain("more after the last line");
        (await copy.Position()).ShouldBe(0);
        (await Refused(workspace, lines)).ShouldContain("has a record");
    }

    [Fact]
    public async Task A_fact_that_was_altered_removed_inserted_or_moved_is_named()
    {
        await using var service = await host.StartService();
        var own = service.InWorkspace("own");
        await Story(own);
        var head = (await own.Get("log/head"))["head"].GetString()!;
        (await own.Get($"log/verification?head={head}"))["intact"].GetBoolean().ShouldBeTrue();
        await using var database = NpgsqlDataSource.Create(service.Database);

        await Harmed("update geo.mt_events set data = jsonb_set(data, '{content,title}', '\"Forged\"') where seq_id = 3", "altered", 3);
        await Harmed("update geo.mt_events set user_name = 'nobody' where seq_id = 4", "altered", 4);
        await Harmed("update geo.mt_events set timestamp = timestamp - interval '1 day' where seq_id = 3", "altered", 3);
        await Harmed("delete from geo.mt_events where seq_id = 5", "removed", 5);
        await Harmed("update geo.mt_events set seq_id = case seq_id when 3 then -4 else -3 end where seq_id in (3, 4); update geo.mt_events set seq_id = -seq_id where seq_id < 0", "reordered", 3);
        await Harmed("insert into geo.mt_events select 1000000, gen_random_uuid(), stream_id, 99, data, type, timestamp, tenant_id from geo.mt_events where seq_id = 3", "inserted", null, columns: true);
        await Harmed("delete from geo.chain where position = (select max(position) from geo.chain); delete from geo.mt_events where seq_id = (select max(seq_id) from geo.mt_events)", "head-differs", null);
        await Harmed("update geo.chain set digests = set_byte(digests, 0, 7) where position = 3", "chain-altered", 3);

        async Task Harmed(string sql, string kind, long? position, bool columns = false)
        {
            await using var connection = await database.OpenConnectionAsync(Cancel);
            await using (var save = new NpgsqlCommand("drop table if exists public.e, public.c; create table public.e as table geo.mt_events; create table public.c as table geo.chain", connection))
            {
                await save.ExecuteNonQueryAsync(Cancel);
            }

            sql = columns ? sql.Replace("insert into geo.mt_events", "insert into geo.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)") : sql;
            await using (var harm = new NpgsqlCommand(sql, connection))
            {
                await harm.ExecuteNonQueryAsync(Cancel);
            }

            var found = (await own.Get($"log/verification?head={head}")).ShouldBe(200);
            found["intact"].GetBoolean().ShouldBeFalse(sql);
            var fault = found["faults"].EnumerateArray().First(f => f.GetProperty("kind").GetString() == kind);
            if (position is { } at)
            {
                fault.GetProperty("position").GetInt64().ShouldBe(at, sql);
            }

            await using var mend = new NpgsqlCommand(
                "delete from geo.mt_events; insert into geo.mt_events select * from public.e; delete from geo.chain; insert into geo.chain select * from public.c", connection);
            await mend.ExecuteNonQueryAsync(Cancel);
            (await own.Get($"log/verification?head={head}"))["intact"].GetBoolean().ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("31")]
    [InlineData("x:00")]
    [InlineData("3:0011")]
    public async Task A_head_that_is_none_is_refused(string head) =>
        (await workspace.Get($"log/verification?head={head}")).ShouldBeProblem(400, "invalid-request", "head malformed");

    private Task Story() => Story(workspace);

    /// <summary>A bit of everything that can be recorded of incidents.</summary>
    private static async Task Story(Workspace workspace)
    {
        await workspace.Register("wire");
        await workspace.Post("actors", new { code = "OTS", name = "Çırağan «bloc»" });
        await workspace.Log(Example.Incident("a", title: "Title a", type: "economic-sanctions", measure: new { opens = true }, reports: [new { source = "wire", credibility = 1 }]));
        await workspace.Post("incidents", Example.Incident("b", title: "Title b", recipient: "OTS"), user: "amina");
        await workspace.Log(Example.Incident("c", occurred: "2025-05", title: "Title c", measure: new { closes = "a" }));
        await workspace.Post("incidents/a/corrections", new { reason = "number", changes = new { deaths = 3, links = new[] { new { actor = "AZE", recipient = "RUS", attribution = 0.70 } } } }, ifMatch: "*");
        await workspace.Post("incidents/b/merge", new { into = "a", reason = "same" }, ifMatch: "*");
        await workspace.Post("incidents/b/unmerge", Example.Reason(), ifMatch: "*");
        await workspace.Post("incidents/c/split", new { reason = "two", parts = new[] { Example.Incident("c1"), Example.Incident("c2", type: "visit", measure: new { closes = "a" }) } }, ifMatch: "*");
        await workspace.Post("incidents/a/grade", new { credibility = 0.123456789, reason = "x" }, ifMatch: "*");
        await workspace.Post("sources/wire/grade", new { reliability = "E", reason = "x" }, ifMatch: "*");
        await workspace.Post("actors/OTS/amendments", new { name = "Other", reason = "x" }, ifMatch: "*");
        await workspace.Post("methods", new { id = "m", reason = "x", parameters = new { saturation = 1e-3 } });
        await workspace.Post("methods/m/adoption", Example.Reason());
    }

    private static async Task<string> Archive(Workspace of) => (await of.Get("log/archive")).ShouldBe(200).Text;

    private async Task<long> Restore(Workspace into, string archive)
    {
        await using var database = NpgsqlDataSource.Create(host.Service.Database);
        return await new ArchiveRestore(database, TimeProvider.System).Restore(into.Name, new MemoryStream(Encoding.UTF8.GetBytes(archive)), Cancel);
    }

    private async Task<string> Refused(Workspace into, IEnumerable<string> lines) =>
        (await Should.ThrowAsync<UnreadableArchiveException>(() => Restore(into, string.Join('\n', lines) + '\n'))).Message;

    private static async Task<string> Everything(Workspace of, string valid, long known)
    {
        var texts = new List<string>();
        foreach (var path in (string[])["incidents?retracted=include&", "issues?", "actors/RUS?", "sources?", "methods?", "relationships?", "relationships/AZE-RUS?", "relationships/AZE-OTS/timeline?",
            "relationships/AZE-RUS/contributions?", "relationships/AZE-RUS/measures?", "relationships/AZE-RUS/series?step=P1M&from=2025-01-01&"])
        {
            texts.Add((await of.Get($"{path}validAsOf={valid}&knownAsOf={known}")).ShouldBe(200).Text);
        }

        return string.Join('\n', texts);
    }
}
