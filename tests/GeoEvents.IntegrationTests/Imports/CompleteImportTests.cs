namespace GeoEvents.IntegrationTests.Imports;

/// <summary>Files that say they hold all that their origin has.</summary>
public class CompleteImportTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task What_a_complete_file_lacks_is_flagged_once_and_counts_as_before_until_it_is_given_again()
    {
        await workspace.Import(File("feed:1", "feed:2", "feed:3", "other:1", "plain"));
        await workspace.Log(Example.Incident(id: "feed:logged"));

        var import = await workspace.Import(File("feed:1", "feed:4"), "?complete=true");

        (import["state"].GetString(), import["gone"].GetInt32(), import["total"].GetInt32(), import["taken"].GetInt32(), import["known"].GetInt32())
            .ShouldBe(("completed", 2, 2, 1, 1));
        var address = $"imports/{import["id"].GetString()}/gone";
        (await workspace.Get(address)).ShouldBe(200).Ids.ShouldBe(["feed:2", "feed:3"]);
        var first = await workspace.Get($"{address}?limit=1");
        first.Ids.ShouldBe(["feed:2"]);
        (await workspace.Get(first.Link!.Split('<', '>')[1])).Ids.ShouldBe(["feed:3"]);
        var missing = await workspace.Get("incidents/feed:2");
        (missing["missingUpstream.import"].GetString(), missing["retracted"].GetBoolean()).ShouldBe((import["id"].GetString(), false));
        missing["missingUpstream.since"].GetDateTimeOffset().ShouldBe(missing["recordedAt"].GetDateTimeOffset());
        foreach (var id in new[] { "feed:1", "feed:4", "other:1", "plain", "feed:logged" })
        {
            (await workspace.Get($"incidents/{id}")).Json.TryGetProperty("missingUpstream", out _).ShouldBeFalse(id);
        }

        var position = await workspace.Position();
        (await workspace.Import(File("feed:1", "feed:4"), "?complete=true"))["gone"].GetInt32().ShouldBe(0, "that is on record");
        (await workspace.Position()).ShouldBe(position);
        (await workspace.Import(File("feed:2"), ""))["known"].GetInt32().ShouldBe(1);
        var found = await workspace.Get("incidents/feed:2");
        found.Json.TryGetProperty("missingUpstream", out _).ShouldBeFalse();
        (await workspace.Get("incidents/feed:2/history"))["entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString())
            .ShouldBe(["incident_logged", "incident_missing_upstream", "incident_found_upstream"]);
        (await workspace.Import(File("feed:1", "feed:4"), "?complete=true"))["gone"].GetInt32().ShouldBe(1, "it is gone again");
        (await workspace.Get("incidents/feed:3")).ShouldBe(200)["version"].GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Where_a_row_was_rejected_nothing_is_flagged_and_a_note_says_so()
    {
        await workspace.Import(File("feed:1", "feed:2"));

        var import = await workspace.Import(File("feed:1", "feed:2").Replace("\"feed:2\",", "\"feed:2\",\"colour\":1,"), "?complete=true");

        (import["rejected"].GetInt32(), import["gone"].GetInt32(), import["notes"].GetArrayLength()).ShouldBe((1, 0, 1));
        (await workspace.Get("incidents/feed:2"))["version"].GetInt32().ShouldBe(1);
        (await workspace.PostRaw("imports?complete=yes", File("feed:1"))).ShouldBeProblem(400, "invalid-request", "complete malformed");
    }

    [Fact]
    public async Task Flagging_changes_no_number()
    {
        await workspace.Import(File("feed:1", "feed:2", "feed:3"));
        var before = await Numbers();

        (await workspace.Import(File("feed:1"), "?complete=true"))["gone"].GetInt32().ShouldBe(2);

        (await Numbers()).ShouldBe(before);

        async Task<string> Numbers()
        {
            var view = await workspace.Get("relationships/AZE-RUS?validAsOf=2025-03-02");
            return string.Join(' ', new[] { "tension", "warmth", "incidents", "posture" }.Select(n => view[n].GetRawText()));
        }
    }

    private static string File(params string[] ids) => string.Join('\n', ids.Select(ImportJobsTests.Line)) + "\n";
}
