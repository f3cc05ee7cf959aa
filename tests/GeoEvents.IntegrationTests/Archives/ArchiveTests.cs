using System.Text;
using System.Text.RegularExpressions;
using GeoEvents.Archives;
using GeoEvents.IntegrationTests.Whole;
using Npgsql;

namespace GeoEvents.IntegrationTests.Archives;

public class ArchiveTests(GeoEventsHost host)
{
    private static readonly string[] Points = ["2025-06-27T12:00:00Z", "2025-07-04", "2100-01-01"];

    private const string AsRecorded = "replay?clock=known";

    private static readonly string[] AllReads = [.. WholeReads.Documents, .. WholeReads.Pages, $"relationships/AZE-RUS/{AsRecorded}", "relationships/AZE-RUS/replay?clock=occurred"];

    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_workspace_answers_every_V_and_K_as_before_and_has_the_same_archive()
    {
        await workspace.Fill();
        await workspace.ChangeEverything();
        var archive = await Archive(workspace);
        var (copy, head) = (host.NewWorkspace(), await workspace.Position());

        (await Restore(copy, archive)).ShouldBe(head);
        (await Archive(copy)).ShouldBe(archive);
        (await copy.Get("log/head")).Text.ShouldBe((await workspace.Get("log/head")).Text);
        (await copy.Get("log/verification"))["intact"].GetBoolean().ShouldBeTrue();
        foreach (var valid in Points)
        {
            await AnswersAlike(copy, AllReads, valid, head);
        }

        // Which reads and which V go with a K changes from one to the next, so that each meets each.
        for (var known = 0; known <= head; known++)
        {
            await AnswersAlike(copy, AllReads.Where((_, i) => (i + known) % 11 == 0), Points[known % Points.Length], known);
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

    /// <summary>A bit of everything that can be recorded of incidents.</summary>
    private async Task Story()
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

    /// <summary>Whether the workspace and its copy answer the same to reads of a point.</summary>
    private async Task AnswersAlike(Workspace copy, IEnumerable<string> reads, string valid, long known)
    {
        var differing = new List<string>();
        foreach (var read in reads)
        {
            var at = read.With(read.EndsWith(AsRecorded, StringComparison.Ordinal) ? $"knownAsOf={known}" : $"validAsOf={valid}&knownAsOf={known}");
            var (original, restored) = (await Said(workspace, at), await Said(copy, at));
            differing.AddRange(restored == original ? [] : [$"{at}\n{restored}\n{original}"]);
        }

        differing.ShouldBeEmpty();
    }

    /// <summary>An answer and the page after it. Cursors are left out: they carry ids of the store.</summary>
    private static async Task<string> Said(Workspace of, string read)
    {
        var first = await of.Get(read);
        if (first.Code != 200)
        {
            return $"{first.Code} {first.Problem}";
        }

        var second = first.Link is { } next ? (await of.Get(next.Split('<', '>')[1])).ShouldBe(200).Text : "";
        return Regex.Replace($"{first.Text}\n{second}", "\"next\":\"[^\"]*\"", "");
    }
}
