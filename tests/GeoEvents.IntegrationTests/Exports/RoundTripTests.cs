using System.Text.Json;
using GeoEvents.IntegrationTests.Imports;
using GeoEvents.IntegrationTests.Relationships;

namespace GeoEvents.IntegrationTests.Exports;

/// <summary>Export, import into an empty workspace, export: the same bytes, and the same numbers.</summary>
public class RoundTripTests(GeoEventsHost host)
{
    private static readonly string[] Numbers =
    [
        "hostilityFast", "hostilitySlow", "cooperationFast", "cooperationSlow", "tension", "warmth", "asymmetry", "pressure", "materialShare", "rung", "incidents",
    ];

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task The_sample_case_comes_back_as_it_was()
    {
        await workspace.Import(await ConformanceTests.SampleCase());

        await Copied("", validAsOf: "2025-07-02");
    }

    [Fact]
    public async Task Whatever_a_record_can_hold_comes_back_as_it_was()
    {
        await workspace.FillWithEverything();

        var copy = await Copied("", validAsOf: "2025-03-12");

        var export = await workspace.Export();
        export.Lines.Count.ShouldBe(11, "twelve were logged and one is retracted");
        Ids(export).ShouldBe(["multi", "ban", "ban-lifted", "zoned", "coded", "graded", "graded-at-once", "graded-and-back", "corrected", "back-again", "regraded"]);
        var graded = await copy.Get("incidents/graded");
        (graded["credibility.value"].GetDouble(), graded["credibility.rule"].GetString()).ShouldBe((0.35, "set-by-analyst"));
        graded["credibility.computed"].GetDouble().ShouldBe((await workspace.Get("incidents/graded"))["credibility.computed"].GetDouble());
        var facts = (await copy.Get("incidents/graded/history"))["entries"].EnumerateArray().ToList();
        facts.Select(e => e.GetProperty("kind").GetString()).ShouldBe(["incident_logged", "incident_graded"], "an analyst's grade is a fact of its own");
        facts[1].GetProperty("fact").GetProperty("reason").GetString().ShouldBe("Один источник; \"сомнительный\"");
        (await copy.Get("actors/PMC2"))["affiliation"].GetString().ShouldBe("WAGNER", "who belongs to whom is registered along");
        (await copy.Get("actors/OTS"))["members"].EnumerateArray().Select(m => m.GetString()).ShouldBe(["AZE", "KAZ", "UZB"]);
        (await copy.Get("sources/ots-press"))["reliability"].GetString().ShouldBe("B");
    }

    [Fact]
    public async Task A_feed_comes_back_as_it_was()
    {
        await workspace.Import(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "20180101000000.export.CSV"), TestContext.Current.CancellationToken));

        await Copied("", validAsOf: "2018-01-03");
    }

    [Theory]
    [InlineData("gdelt/20110601.export.CSV", "2011-06-03")]
    [InlineData("icews/events.2018.sample.tab", "2018-12-31")]
    public async Task Feeds_that_are_not_shipped_come_back_as_they_were(string path, string validAsOf)
    {
        var folder = Environment.GetEnvironmentVariable("GEOEVENTS_TEST_FEEDS");
        Assert.SkipWhen(folder is null, $"Set GEOEVENTS_TEST_FEEDS to the folder in which {path} lies.");
        await workspace.Import(await File.ReadAllBytesAsync(Path.Combine(folder!, path), TestContext.Current.CancellationToken));

        await Copied("", validAsOf);
    }

    [Fact]
    public async Task What_was_known_on_a_day_comes_back_as_it_was_known_then()
    {
        await workspace.FillWithEverything();
        var then = await workspace.Position();
        var before = await Everything("");
        await workspace.Log(Example.Incident("later", "2025-03-01", "Logged later", actor: "AZE", recipient: "WAGNER"));
        foreach (var (path, body) in new (string, object)[]
        {
            ("incidents/multi/corrections", new { reason = "x", changes = new { title = "Leaked" } }),
            ("incidents/graded/grade", new { reason = "Leaked", credibility = 0.9 }),
            ("incidents/zoned/retraction", Example.Reason("Leaked")),
            ("incidents/retracted/reinstatement", Example.Reason("Leaked")),
            ("actors/WAGNER/amendments", new { reason = "x", name = "Leaked", affiliation = "BLR" }),
            ("sources/azertac/grade", new { reason = "x", reliability = "E", affiliation = "TUR" }),
        })
        {
            (await workspace.Post(path, body, ifMatch: "*")).ShouldBe(200);
        }

        foreach (var (format, file) in await Everything($"knownAsOf={then}"))
        {
            file.Text.ShouldNotContain("Leaked");
            file.Bytes.ShouldBe(before[format].Bytes, format);
            file.ETag.ShouldBe(before[format].ETag);
            (await workspace.Export($"format={format}")).ETag.ShouldNotBe(file.ETag);
        }

        var copy = await Copied($"knownAsOf={then}", validAsOf: "2025-03-12", knownAsOf: then);
        (await copy.Get("actors/WAGNER"))["affiliation"].GetString().ShouldBe("RUS");

        async Task<Dictionary<string, ExportFile>> Everything(string asOf)
        {
            var files = new Dictionary<string, ExportFile>();
            foreach (var format in Exporting.Formats)
            {
                files[format] = await workspace.Export($"format={format}&{asOf}");
            }

            return files;
        }
    }

    [Fact]
    public async Task A_selection_stands_alone()
    {
        await workspace.FillWithEverything();

        var file = await workspace.Export("actor=WAGNER&validAsOf=2025-03-06");

        Ids(file).ShouldBe(["multi"]);
        file.Name.ShouldBe($"{workspace.Name}-incidents-selected-at-{await workspace.Position()}-until-20250306T000000Z.jsonl");
        Ids(await workspace.Export("dyad=RUS-AZE&from=2025-03-05&text=ban")).ShouldBe(["ban-lifted"]);
        await Copied("dyad=AZE-RUS&to=2025-03-05", validAsOf: null);
    }

    [Fact]
    public async Task What_closed_a_merged_incident_closes_in_the_copy_the_one_that_goes_on()
    {
        foreach (var id in new[] { "ban", "same-ban", "again" })
        {
            await workspace.Log(Example.Incident(id, occurred: "2025-01-01", type: "economic-sanctions", measure: new { opens = true }));
        }

        await workspace.Log(Example.Incident("lifted", occurred: "2025-02-01", type: "visit", measure: new { closes = "again" }));
        (await workspace.Post("incidents/again/merge", new { into = "same-ban", reason = "x" }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/same-ban/merge", new { into = "ban", reason = "x" }, ifMatch: "*")).ShouldBe(200);

        var copy = await Copied("", validAsOf: "2025-03-01");
        (await copy.Get("relationships/AZE-RUS/measures?validAsOf=2025-03-01"))["items.0.closed"].GetString().ShouldBe("2025-02-01T00:00:00Z");
        (await workspace.Get("incidents/lifted"))["measure.closes"].GetString().ShouldBe("again", "the record itself says what was logged");
    }

    /// <summary>What is logged by a request begins as what is imported does.</summary>
    [Fact]
    public async Task A_line_can_be_logged_by_a_request_and_the_grade_is_part_of_what_tells_it_from_another()
    {
        await workspace.FillWithEverything();
        var line = (await workspace.Export()).Lines.Single(l => l.StartsWith("{\"id\":\"graded-at-once\"", StringComparison.Ordinal));
        var other = host.NewWorkspace();

        var logged = (await other.PostRaw("incidents", line)).ShouldBe(201);
        (logged["version"].GetInt32(), logged["credibility.set"].GetDouble()).ShouldBe((2, 0.123456789012345));
        (await other.PostRaw("incidents", line)).ShouldBe(200)["version"].GetInt32().ShouldBe(2);
        (await other.PostRaw("incidents", line.Replace("0.1234", "0.2345"))).ShouldBeProblem(409, "incident-exists", "/id incident-exists");
        (await other.PostRaw("incidents", line.Replace("Seen", "Not seen"))).ShouldBeProblem(409, "incident-exists");
        (await other.Import(line, "?format=jsonl"))["known"].GetInt32().ShouldBe(1);
        (await other.Export()).Lines.ShouldBe([line]);
    }

    [Theory]
    [InlineData("""{"credibility":2,"reason":"x"}""", "/grade/credibility out-of-range")]
    [InlineData("""{"reason":"x"}""", "/grade/credibility required")]
    [InlineData("""{"credibility":0.5}""", "/grade/reason required")]
    public async Task A_grade_that_is_none_is_refused(string grade, string fault)
    {
        var line = ImportJobsTests.Line("a")[..^1] + $",\"grade\":{grade}}}";

        (await workspace.PostRaw("incidents", line)).ShouldBeProblem(400, "invalid-request", fault);
        var import = await workspace.Import(line, "?format=jsonl");
        import["rejected"].GetInt32().ShouldBe(1);
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items.Single().GetProperty("column").GetString().ShouldBe(fault.Split(' ')[0]);
    }

    [Fact]
    public async Task A_grade_that_changed_upstream_becomes_a_grade_and_spares_what_an_analyst_set_besides()
    {
        string Line(string more, string title = "One") => ImportJobsTests.Line("feed:1")[..^1].Replace("\"occurred\"", $"\"summary\":\"{title}\",\"occurred\"") + more + "}";
        const string Half = ""","grade":{"credibility":0.5,"reason":"half"}""";
        await workspace.Import(Line(Half), "?format=jsonl");

        (await workspace.Import(Line(Half), "?format=jsonl"))["known"].GetInt32().ShouldBe(1);
        (await workspace.Import(Line(Half.Replace("0.5", "0.6")), "?format=jsonl"))["changed"].GetInt32().ShouldBe(1);
        await SetIs(0.6);
        (await workspace.Post("incidents/feed:1/grade", new { credibility = 0.7, reason = "mine" }, ifMatch: "*")).ShouldBe(200);
        await workspace.Import(Line(Half.Replace("0.5", "0.6"), "Two"), "?format=jsonl");
        await SetIs(0.7);
        await workspace.Import(Line("", "Two"), "?format=jsonl");
        (await workspace.Get("incidents/feed:1"))["credibility"].TryGetProperty("set", out _).ShouldBeFalse("the origin took it back after that");

        async Task SetIs(double credibility) => (await workspace.Get("incidents/feed:1"))["credibility.set"].GetDouble().ShouldBe(credibility);
    }

    [Fact]
    public async Task What_was_exported_under_an_overlay_is_not_taken_for_the_record()
    {
        var line = ImportJobsTests.Line("a")[..^1] + ",\"counterfactual\":\"no-raid\"}";

        (await workspace.PostRaw("incidents", line)).ShouldBeProblem(400, "invalid-request", "/counterfactual counterfactual");
        var import = await workspace.Import(line, "?format=jsonl");
        (import["taken"].GetInt32(), import["rejected"].GetInt32()).ShouldBe((0, 1));
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items.Single().GetProperty("reason").GetString()!.ShouldContain("overlay 'no-raid'");
    }

    /// <summary>Exports, imports elsewhere, exports there, and compares bytes and numbers.</summary>
    /// <param name="validAsOf">The point at which numbers are compared; null compares none.</param>
    private async Task<Workspace> Copied(string query, string? validAsOf, long? knownAsOf = null)
    {
        var first = await workspace.Export(query);
        first.Lines.ShouldNotBeEmpty();
        var copy = host.NewWorkspace();
        var import = await copy.Import(first.Bytes, $"?name={first.Name}");
        (import["state"].GetString(), import["format"].GetString(), import["taken"].GetInt32(), import["rejected"].GetInt32())
            .ShouldBe(("completed", "jsonl", first.Lines.Count, 0), import.Text);

        var second = await copy.Export();

        for (var line = 0; line < first.Lines.Count; line++)
        {
            second.Lines[line].ShouldBe(first.Lines[line]);
        }

        second.Bytes.ShouldBe(first.Bytes);
        if (validAsOf is not null)
        {
            var known = knownAsOf is null ? "" : $"&knownAsOf={knownAsOf}";
            var dyads = (await workspace.Get($"relationships?validAsOf={validAsOf}{known}&limit=20")).ShouldBe(200).Items.Select(d => d.GetProperty("dyad").GetString()!).ToList();
            dyads.ShouldNotBeEmpty();
            foreach (var dyad in dyads)
            {
                var here = (await workspace.Get($"relationships/{dyad}?validAsOf={validAsOf}{known}")).ShouldBe(200);
                var there = (await copy.Get($"relationships/{dyad}?validAsOf={validAsOf}")).ShouldBe(200);
                foreach (var number in Numbers)
                {
                    there[number].GetDouble().ShouldBe(here[number].GetDouble(), 1e-9, $"{number} of {dyad}");
                }
            }
        }

        return copy;
    }

    private static IEnumerable<string> Ids(ExportFile file) => file.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()!);
}
