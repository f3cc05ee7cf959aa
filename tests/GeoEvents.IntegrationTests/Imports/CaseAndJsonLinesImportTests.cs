using System.Text;
using GeoEvents.Imports.Formats;
using GeoEvents.IntegrationTests.Relationships;
using Npgsql;

namespace GeoEvents.IntegrationTests.Imports;

public class CaseAndJsonLinesImportTests(GeoEventsHost host)
{
    private const string Line = """{"id":"a","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""";

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task A_case_brings_its_sources_and_actors_and_the_same_case_again_changes_nothing()
    {
        var file = await ConformanceTests.SampleCase();
        var import = await workspace.Import(file);
        (import["format"].GetString(), import["state"].GetString(), import["rejected"].GetInt32()).ShouldBe(("case", "completed", 0));
        import["taken"].GetInt32().ShouldBe(import["total"].GetInt32());
        import.Json.TryGetProperty("notes", out _).ShouldBeFalse("nothing of it was passed over");
        (await workspace.Get("sources")).Items.ShouldNotBeEmpty();

        var position = await workspace.Position();
        var again = await workspace.Import(file, "?format=case");
        (again["known"].GetInt32(), again["total"].GetInt32()).ShouldBe((import["total"].GetInt32(), import["total"].GetInt32()));
        (await workspace.Position()).ShouldBe(position);
    }

    [Fact]
    public async Task What_came_in_by_a_file_is_backfill_and_names_its_import()
    {
        var import = await workspace.Import(Line);

        import["format"].GetString().ShouldBe("jsonl");
        var read = (await workspace.Get("incidents/a")).ShouldBe(200);
        (read["changeClass"].GetString(), read["import"].GetString()).ShouldBe(("backfill", import["id"].GetString()));
    }

    [Fact]
    public async Task A_case_with_an_unknown_source_rejects_the_row_that_names_it_and_takes_the_others()
    {
        var import = await workspace.Import(
            $$"""
            { "case": "x",
              "sources": [ { "id": "wire" } ],
              "incidents": [
                {{Line}},
                {{Line.Replace("\"a\"", "\"b\"").Replace("}]}", "}],\"reports\":[{\"source\":\"wire\"},{\"source\":\"nobody\"}]}")}}
              ] }
            """);

        (import["taken"].GetInt32(), import["rejected"].GetInt32()).ShouldBe((1, 1));
        var rejection = (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items.Single();
        (rejection.GetProperty("line").GetInt32(), rejection.GetProperty("column").GetString()).ShouldBe((5, "/incidents/1/reports/1/source"));
    }

    /// <summary>Wrong by shape, by itself, by the record, and as a whole.</summary>
    [Fact]
    public async Task A_case_in_one_line_says_of_a_wrong_incident_which_it_is()
    {
        var import = await workspace.Import(
            $$"""{"incidents":[{{Line}},{{Line.Replace("\"One\"", "1")}},{{Line.Replace("visit", "feast")}},{{Line.Replace("}]}", "}],\"reports\":[{\"source\":\"nobody\"}]}")}},7]}""");

        (import["format"].GetString(), import["taken"].GetInt32(), import["rejected"].GetInt32()).ShouldBe(("case", 1, 4), import.Text);
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items
            .Select(r => $"{r.GetProperty("line").GetInt32()} {r.GetProperty("column").GetString()}")
            .ShouldBe(["1 /incidents/1/title", "1 /incidents/2/type", "1 /incidents/3/reports/0/source", "1 /incidents/4"], ignoreOrder: true);
        (await (await workspace.Api.GetAsync(workspace.At($"imports/{import["id"].GetString()}/rejected-file"), TestContext.Current.CancellationToken))
            .Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"rejected\":\"/type: ", customMessage: "in the new file it stands elsewhere");
    }

    [Fact]
    public async Task Wrong_lines_are_rejected_by_field_and_the_others_are_taken()
    {
        var import = await workspace.Import(string.Join('\n',
            Line,
            """{"id":"b","occurred":"2025-03-01","title":"Two","type":"visit","links":[{"actor":"AZE","recipient":"AZE"}]}""",
            """{"id":"c","occurred":"2025-03-01","title":"Three","colour":"red","links":[]}""",
            """{"id":"d","occurred":"2025-03-01","title":"Four","links":[null]}""",
            """{"id":"e","occur""",
            "[]",
            "null",
            """{"id":"f","occurred":"2025-03-01","title":"NUL\u0000","type":"visit\u0000","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            """{"id":"g","occurred":"2025-03-01","title":"Six","type":"visit","bad\u0000":1,"links":[{"actor":"AZE","recipient":"RUS"}]}""",
            """{"id":"h","occurred":"2025-03-01","zone":"a\u0000b","title":"Seven","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            $$"""{"id":"i","occurred":"2025-03-01","title":"Eight","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}],"reports":[{"source":"{{new string('s', 500_000)}}"}]}""",
            $$"""{"id":"j","occurred":"2025-03-01","title":"{{new string('x', 3_958)}}😀😀😀","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            """{"id":"k","occurred":"2025-03-01","title":"Nine \ud800","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            $$"""{"id":"{{new string('z', 900_000)}}","occurred":"2025-03-01","title":"Ten","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""",
            Line.Replace("\"a\"", "\"last\"")), "?format=jsonl");

        import["state"].GetString().ShouldBe("completed");
        (import["total"].GetInt32(), import["taken"].GetInt32(), import["rejected"].GetInt32()).ShouldBe((15, 2, 13), import.Text);
        (await workspace.Get($"imports/{import["id"].GetString()}/rejections")).Items
            .Select(r => $"{r.GetProperty("line").GetInt32()} {r.GetProperty("column").GetString()}").ShouldBe(
            [
                "2 /links/0/recipient", "3 /colour", "4 /links/0", "5 ", "6 ", "7 ", "8 /title", "9 /bad\uFFFD", "10 /zone", "11 /reports/0/source", "12 /title", "13 /title", "14 /id",
            ]);
    }

    [Theory]
    [InlineData("""{"id":"b","occurred":"20""")]
    [InlineData("{}")]
    [InlineData("garbage")]
    public async Task A_first_line_that_is_wrong_is_one_rejected_row_of_a_file_that_is_named_as_JSON_Lines(string first)
    {
        var import = await workspace.Import(first + "\n" + Line, "?name=mine.jsonl");

        (import["format"].GetString(), import["rejected"].GetInt32(), import["taken"].GetInt32()).ShouldBe(("jsonl", 1, 1), import.Text);
    }

    [Fact]
    public async Task A_line_without_an_id_is_known_again_by_its_content()
    {
        var line = Line.Replace("\"id\":\"a\",", "");

        (await workspace.Import(line))["taken"].GetInt32().ShouldBe(1);
        (await workspace.Import(line))["known"].GetInt32().ShouldBe(1);
    }

    /// <summary>The row leaves nothing to score together with what an analyst took away.</summary>
    [Fact]
    public async Task A_change_upstream_that_would_leave_no_incident_is_rejected()
    {
        var line = Line.Replace("\"type\":\"visit\"", "\"type\":\"visit\",\"cameo\":\"042\"");
        await workspace.Import(line);
        (await workspace.Post("incidents/a/corrections", new { reason = "only the code is sure", changes = new { type = (string?)null } }, ifMatch: "*")).ShouldBe(200);

        (await workspace.Import(Line))["rejected"].GetInt32().ShouldBe(1);
        (await workspace.Get("relationships/AZE-RUS")).ShouldBe(200)["incidents"].GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("hello", "")]
    [InlineData("a,b,c\n1,2,3", "")]
    [InlineData("", "")]
    [InlineData(Line, "?format=xml")]
    public async Task A_file_of_no_known_format_is_refused(string file, string query) =>
        (await workspace.PostRaw($"imports{query}", file, mediaType: "text/plain")).ShouldBeProblem(400, "invalid-request", "format unknown-format");

    [Theory]
    [InlineData("", false, true)]
    [InlineData("?format=jsonl", false, true)]
    [InlineData("?format=jsonl", false, false)]
    [InlineData("?mapping=acled", true, true)]
    [InlineData("?format=case", true, false)]
    public async Task A_file_in_UTF_16_is_refused_and_it_says_how_to_save_it(string query, bool bigEndian, bool marked)
    {
        var encoding = new UnicodeEncoding(bigEndian, marked);

        (await workspace.PostRaw($"imports{query}", [.. encoding.Preamble, .. encoding.GetBytes(Line)], mediaType: "text/plain"))
            .ShouldBeProblem(400, "invalid-request", " not-utf-8")["detail"].GetString().ShouldBe("This looks like UTF-16. Save the file as UTF-8.");
    }

    [Fact]
    public async Task A_file_of_which_nothing_can_be_unpacked_is_refused_as_that() =>
        (await workspace.PostRaw("imports", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])).ShouldBeProblem(400, "invalid-request", "format unknown-format")["detail"]
            .GetString()!.ShouldStartWith("The file is packed, and nothing can be read from it: it is damaged, or empty within.");

    [Theory]
    [InlineData("{ \"incidents\": [")]
    [InlineData("{ \"incidents\": {} }")]
    [InlineData("{ \"incidents\": [], \"colour\": 1 }")]
    [InlineData("{ \"sources\": [ { \"id\": \"NO\" } ], \"incidents\": [] }")]
    [InlineData("{ \"sources\": [ null ], \"incidents\": [] }")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task A_document_that_cannot_be_read_fails_whole_and_says_where(string file)
    {
        var import = await workspace.Import(file, "?format=case");

        (import["state"].GetString(), import["total"].GetInt32()).ShouldBe(("failed", 0));
        import["failure"].GetString().ShouldNotBeNullOrWhiteSpace();
        (await workspace.Position()).ShouldBe(0);
    }

    [Fact]
    public async Task A_broken_character_fails_a_document()
    {
        byte[] file = [.. "{ \"case\": \""u8, 0xC3, 0x28, .. "\", \"incidents\": [] }"u8];

        (await workspace.Import(file, "?format=case"))["state"].GetString().ShouldBe("failed");
    }

    [Fact]
    public async Task Imports_that_are_not_there_are_not_found()
    {
        (await workspace.Get($"imports/{Guid.Empty}")).ShouldBeProblem(404, "import-not-found");
        (await workspace.Get($"imports/{Guid.Empty}/rejections")).ShouldBeProblem(404, "import-not-found");
        foreach (var at in new[] { "", "/events", "/rejections", "/rejected-file", "/gone" })
        {
            (await workspace.Get($"imports/first{at}")).ShouldBeProblem(404, "import-not-found");
        }

        (await workspace.Post("imports/first/cancel", new { })).ShouldBeProblem(404, "import-not-found");
        (await workspace.Post("imports/first/resume", new { })).ShouldBeProblem(404, "import-not-found");
        (await workspace.Delete("imports/first/file")).ShouldBeProblem(404, "import-not-found");
        (await workspace.PostRaw("imports?name=%01", Line)).ShouldBeProblem(400, "invalid-request", "name control-character");
    }

    /// <summary>The service stops while a file is being loaded; the next one on the same database goes on with it.</summary>
    [Fact]
    public async Task An_import_goes_on_where_a_stop_interrupted_it()
    {
        const int Rows = 20_000;
        var file = new StringBuilder();
        for (var i = 0; i < Rows; i++)
        {
            file.Append(Line.Replace("\"a\"", $"\"n{i}\"")).Append('\n');
        }

        var database = await host.CreateDatabase();
        string id;
        await using (var first = await host.StartService(database: database))
        {
            var started = (await first.InWorkspace("w").PostRaw("imports", file.ToString(), mediaType: "application/x-ndjson")).ShouldBe(202);
            id = started["id"].GetString()!;
            while ((await first.InWorkspace("w").Get($"imports/{id}"))["taken"].GetInt32() == 0)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand($"select data ->> 'state' || ' ' || (data ->> 'taken') from geo.mt_doc_import where id = '{id}'");
        var stopped = ((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).Split(' ');
        (stopped[0], int.Parse(stopped[1], null) is > 0 and < Rows).ShouldBe(("running", true));

        await using var second = await host.StartService(database: database);
        var workspace = second.InWorkspace("w");
        var ended = await workspace.Ended(id);
        (ended["state"].GetString(), ended["total"].GetInt32(), ended["taken"].GetInt32(), ended["known"].GetInt32()).ShouldBe(("completed", Rows, Rows, 0));
        (await workspace.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(Rows);
    }

    [Fact]
    public async Task An_id_that_comes_twice_with_other_content_is_rejected_and_loading_again_changes_nothing()
    {
        var file = $"{Line}\n{Line.Replace("One", "Two")}\n";
        var first = await workspace.Import(file, "?format=jsonl");
        (first["taken"].GetInt32(), first["rejected"].GetInt32()).ShouldBe((1, 1));
        (await workspace.Get($"imports/{first["id"].GetString()}/rejections"))["items.0.column"].GetString().ShouldBe("/id");

        var position = await workspace.Position();
        var again = await workspace.Import(file, "?format=jsonl");
        (again["known"].GetInt32(), again["changed"].GetInt32(), again["rejected"].GetInt32()).ShouldBe((1, 0, 1));
        (await workspace.Position()).ShouldBe(position);
    }

    [Fact]
    public async Task An_incident_that_was_logged_is_not_overwritten_by_a_file()
    {
        var logged = Example.Incident(id: "a", title: "Logged by hand");
        await workspace.Log(logged);

        (await workspace.Import(Line))["rejected"].GetInt32().ShouldBe(1);

        (await workspace.Get("incidents/a"))["title"].GetString().ShouldBe("Logged by hand");
        (await workspace.Post("incidents", logged)).ShouldBe(200);
    }

    [Fact]
    public async Task What_an_analyst_attached_stays_when_upstream_changes()
    {
        await workspace.Import(Line);
        (await workspace.Post("incidents/a/reports", new { source = "desk", credibility = 1, register = new { sources = new[] { new { id = "desk", reliability = "A" } } } }))
            .ShouldBe(200);

        (await workspace.Import(Line.Replace("One", "Two")))["changed"].GetInt32().ShouldBe(1);

        var read = await workspace.Get("incidents/a");
        (read["title"].GetString(), read["reports"].GetArrayLength()).ShouldBe(("Two", 1));
        read["credibility"].GetProperty("value").GetDouble().ShouldBe(0.9, 1e-9);
    }

    [Fact]
    public void Every_format_can_be_asked_for_by_name() => ImportFormats.Names.ShouldBe(["jsonl", "gdelt2", "gdelt1", "icews", "case", "csv"]);
}
