namespace GeoEvents.IntegrationTests.Incidents;

public class MergeAndSplitTests(GeoEventsHost host)
{
    private const string At = "validAsOf=2025-03-02";

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_merged_incident_counts_no_more_and_its_sources_speak_for_the_other()
    {
        await Duplicates();
        var merged = (await Merge("b", "a")).ShouldBe(200);

        (merged["standing"].GetString(), merged["mergedInto"].GetString(), merged["changeClass"].GetString()).ShouldBe(("merged", "a", "merge"));
        var a = (await workspace.Get("incidents/a")).ShouldBe(200);
        a["reports"].EnumerateArray().Select(r => r.GetProperty("id").GetString()).ShouldBe(["r1", "b.r1"]);
        a["reports.1.from"].GetString().ShouldBe("b");
        a["merged.0"].GetString().ShouldBe("b");
        var odds = Math.Log(0.9 / 0.1) + Math.Log(0.7 / 0.3);
        a["credibility.value"].GetDouble().ShouldBe(1 / (1 + Math.Exp(-Math.Min(3, odds))), 1e-9);
        (await workspace.Get($"relationships/AZE-RUS?{At}"))["incidents"].GetInt32().ShouldBe(1);
        (await workspace.Get("incidents")).Ids.ShouldBe(["a"]);
        (await workspace.Get("incidents/b/history")).ShouldBe(200)["entries"].GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Undoing_a_merge_brings_back_contributions_links_and_reports_exactly_also_after_later_edits()
    {
        await Duplicates();
        var (relationship, contributions, b) = (await Numbers("AZE-RUS"), await Contributions(), await Content("b"));
        await Merge("b", "a");
        (await workspace.Post("incidents/a/corrections", new { reason = "x", changes = new { title = "Renamed meanwhile" } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a/reports/b.r1/withdrawal", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await Numbers("AZE-RUS")).ShouldNotBe(relationship);

        var back = (await workspace.Post("incidents/b/unmerge", Example.Reason("two after all"), ifMatch: "*")).ShouldBe(200);
        back["standing"].GetString().ShouldBe("on-record");
        (await Content("b")).ShouldBe(b);
        (await Numbers("AZE-RUS")).ShouldBe(relationship);
        (await Contributions()).ShouldBe(contributions.Replace("Title a", "Renamed meanwhile"));
        (await workspace.Get("incidents/a"))["reports"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_closes_a_merged_incident_closes_the_one_that_goes_on()
    {
        await workspace.Log(Example.Incident("ban", occurred: "2025-01-01", type: "economic-sanctions", measure: new { opens = true }));
        await workspace.Log(Example.Incident("same-ban", occurred: "2025-01-01", type: "economic-sanctions", measure: new { opens = true }));
        await workspace.Log(Example.Incident("lifted", occurred: "2025-02-01", type: "visit", measure: new { closes = "same-ban" }));
        (await Measures()).ShouldBe(["ban"]);

        await Merge("same-ban", "ban");
        (await Measures()).ShouldBeEmpty();
        await workspace.Post("incidents/same-ban/unmerge", Example.Reason(), ifMatch: "*");
        (await Measures()).ShouldBe(["ban"]);
    }

    [Fact]
    public async Task Merges_of_merges_are_undone_in_order()
    {
        await Duplicates();
        await workspace.Log(Example.Incident("c", title: "Title c"));
        await Merge("b", "a");
        await Merge("a", "c");

        (await workspace.Get("incidents/c"))["reports"].EnumerateArray().Select(r => r.GetProperty("id").GetString()).ShouldBe(["a.r1", "a.b.r1"]);
        (await Merge("c", "a")).ShouldBeProblem(409, "incident-merged");
        (await Merge("c", "b")).ShouldBeProblem(409, "incident-merged");
        (await workspace.Post("incidents/b/unmerge", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-merged");
        (await workspace.Post("incidents/a/unmerge", Example.Reason(), ifMatch: "*")).ShouldBe(200)["reports"].GetArrayLength().ShouldBe(2);
        (await workspace.Post("incidents/b/unmerge", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Get("incidents")).Ids.ShouldBe(["a", "b", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task Merging_twice_is_merging_once_and_a_merged_incident_is_changed_at_the_other()
    {
        await Duplicates();
        await Merge("b", "a");
        var position = await workspace.Position();

        (await Merge("b", "a")).ShouldBe(200);
        (await workspace.Position()).ShouldBe(position);
        (await workspace.Post("incidents/b/corrections", new { reason = "x", changes = new { title = "y" } }, ifMatch: "*")).ShouldBeProblem(409, "incident-merged");
        (await workspace.Post("incidents/b/retraction", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-merged");
        (await workspace.Post("incidents/a/unmerge", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-not-merged");
        (await workspace.Post("incidents/b/merge", new { into = "a", reason = "x" })).ShouldBeProblem(428, "precondition-required");
    }

    [Theory]
    [InlineData("""{ "into": "b", "reason": "x" }""", "/into contradiction")]
    [InlineData("""{ "into": "nobody", "reason": "x" }""", "/into unknown-incident")]
    [InlineData("""{ "reason": "x" }""", "/into required")]
    [InlineData("""{ "into": "a" }""", "/reason required")]
    public async Task A_merge_names_another_incident_and_why(string draft, string fault)
    {
        await Duplicates();

        (await workspace.PostRaw("incidents/b/merge", draft, ifMatch: "*")).ShouldBeProblem(400, "invalid-request", fault);
    }

    [Fact]
    public async Task A_split_incident_goes_on_as_its_parts()
    {
        await Duplicates();
        var split = (await Split("a")).ShouldBe(200);

        (split["standing"].GetString(), split["changeClass"].GetString()).ShouldBe(("split", "split"));
        split["splitInto"].EnumerateArray().Select(p => p.GetString()).ShouldBe(["a-1", "a-2"]);
        var part = (await workspace.Get("incidents/a-1")).ShouldBe(200);
        (part["partOf"].GetString(), part["changeClass"].GetString(), part["reports.0.source"].GetString()).ShouldBe(("a", "split", "wire-a"));
        (await workspace.Get("incidents")).Ids.ShouldBe(["a-1", "a-2", "b"], ignoreOrder: true);
        (await workspace.Get($"relationships/ARM-RUS?{At}"))["incidents"].GetInt32().ShouldBe(1);
        var position = await workspace.Position();
        (await Split("a")).ShouldBe(200);
        (await workspace.Position()).ShouldBe(position, "splitting twice is splitting once");
    }

    [Fact]
    public async Task Undoing_a_split_brings_back_the_whole_exactly_also_after_later_edits()
    {
        await Duplicates();
        var (relationship, contributions, a) = (await Numbers("AZE-RUS"), await Contributions(), await Content("a"));
        await Split("a");
        (await workspace.Post("incidents/a-1/corrections", new { reason = "x", changes = new { deaths = 3 } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a-2/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

        (await workspace.Post("incidents/a/unsplit", Example.Reason("one after all"), ifMatch: "*")).ShouldBe(200)["standing"].GetString().ShouldBe("on-record");
        (await Content("a")).ShouldBe(a);
        (await Numbers("AZE-RUS")).ShouldBe(relationship);
        (await Contributions()).ShouldBe(contributions);
        (await workspace.Get("incidents/a-1"))["standing"].GetString().ShouldBe("dissolved");
        (await workspace.Post("incidents/a-1/corrections", new { reason = "x", changes = new { title = "y" } }, ifMatch: "*")).ShouldBeProblem(409, "incident-dissolved");
        (await workspace.Get($"relationships/ARM-RUS?{At}"))["observation"].GetString().ShouldBe("unobserved");
    }

    [Fact]
    public async Task A_part_that_was_merged_holds_the_split_until_that_is_undone()
    {
        await Duplicates();
        await Split("a");
        await Merge("a-1", "b");

        (await workspace.Post("incidents/a/unsplit", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-merged");
        (await workspace.Post("incidents/a/merge", new { into = "b", reason = "x" }, ifMatch: "*")).ShouldBeProblem(409, "incident-split");
        (await workspace.Post("incidents/a-1/unmerge", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a/unsplit", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a/unsplit", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-not-split");
    }

    [Fact]
    public async Task A_part_that_goes_on_for_another_holds_the_split_too()
    {
        await Duplicates();
        await workspace.Log(Example.Incident("bare", title: "Without a report"));
        await Split("a");
        await Merge("bare", "a-1");

        (await workspace.Get("incidents/a-1"))["merged.0"].GetString().ShouldBe("bare");
        (await workspace.Post("incidents/a/unsplit", Example.Reason(), ifMatch: "*")).ShouldBeProblem(409, "incident-absorbed");
        (await workspace.Post("incidents/bare/unmerge", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/a/unsplit", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await workspace.Get("incidents")).Ids.ShouldBe(["a", "b", "bare"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_report_that_was_attached_to_both_stays_with_the_one_that_went_on()
    {
        await Duplicates();
        await Merge("b", "a");
        (await workspace.Post("incidents/a/reports", new { source = "wire-b", credibility = 2 })).ShouldBe(200);

        await workspace.Post("incidents/b/unmerge", Example.Reason(), ifMatch: "*");
        foreach (var (id, sources) in new[] { ("a", new[] { "wire-a", "wire-b" }), ("b", ["wire-b"]) })
        {
            (await workspace.Get($"incidents/{id}"))["reports"].EnumerateArray().Select(r => r.GetProperty("source").GetString()!).ShouldBe(sources);
        }
    }

    [Theory]
    [InlineData("""{ "reason": "x", "parts": [ ] }""", "/parts required")]
    [InlineData("""{ "reason": "x", "parts": [ { "id": "a" }, { } ] }""", "/parts/0/id repeated")]
    [InlineData("""{ "reason": "x", "parts": [ { "occurred": "2025-03-01", "title": "t", "type": "visit", "links": [ { "actor": "AZE", "recipient": "RUS" } ] }, { "occurred": "soon" } ] }""",
        "/parts/1/occurred malformed-date")]
    public async Task Every_part_has_to_be_an_incident(string draft, string fault)
    {
        await Duplicates();

        var reply = await workspace.PostRaw("incidents/a/split", draft, ifMatch: "*");
        reply.Code.ShouldBe(400);
        reply.Faults.ShouldContain(fault);
        (await workspace.Get("incidents/a")).ETag.ShouldBe("\"1\"");
    }

    /// <summary>Two incidents that are the same, each with a source of its own.</summary>
    private async Task Duplicates()
    {
        await workspace.Register("wire-a");
        await workspace.Register("wire-b");
        await workspace.Log(Example.Incident("a", title: "Title a", reports: [new { source = "wire-a", credibility = 1 }]));
        await workspace.Log(Example.Incident("b", title: "Title b", reports: [new { source = "wire-b", credibility = 2 }]));
    }

    private Task<Reply> Merge(string id, string into) => workspace.Post($"incidents/{id}/merge", new { into, reason = "the same" }, ifMatch: "*");

    private Task<Reply> Split(string id) => workspace.Post(
        $"incidents/{id}/split",
        new { reason = "two", parts = new[] { Example.Incident($"{id}-1", title: "First"), Example.Incident($"{id}-2", title: "Second", actor: "ARM") } },
        ifMatch: "*");

    private async Task<List<string?>> Measures() =>
        [.. (await workspace.Get($"relationships/AZE-RUS?{At}")).ShouldBe(200)["measures"].EnumerateArray().Select(m => m.GetProperty("id").GetString())];

    /// <summary>All that is said of a relationship but the point of the record.</summary>
    private async Task<string> Numbers(string dyad) => WithoutPoint((await workspace.Get($"relationships/{dyad}?{At}")).ShouldBe(200));

    private async Task<string> Contributions() => WithoutPoint((await workspace.Get($"relationships/AZE-RUS/contributions?{At}")).ShouldBe(200));

    /// <summary>All that is said of an incident but which fact was its last.</summary>
    private async Task<string> Content(string id) => WithoutPoint((await workspace.Get($"incidents/{id}")).ShouldBe(200), "version", "position", "recordedAt", "changeClass");

    private static string WithoutPoint(Reply reply, params string[] more) => string.Join(
        '\n', reply.Json.EnumerateObject().Where(p => p.Name is not ("knownAsOf" or "shown") && !more.Contains(p.Name)).Select(p => $"{p.Name}: {p.Value.GetRawText()}"));
}
