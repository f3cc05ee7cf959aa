using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using GeoEvents.IntegrationTests.Imports;
using GeoEvents.IntegrationTests.Relationships;
using Sylvan.Data.Csv;

namespace GeoEvents.IntegrationTests.Exports;

public class ExportTests(GeoEventsHost host)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("jsonl", "incidents", "jsonl", "application/x-ndjson")]
    [InlineData("csv", "incidents", "csv", "text/csv; charset=utf-8; header=present")]
    [InlineData("geojson", "incidents", "geojson", "application/geo+json")]
    [InlineData("atom", "incidents", "atom", "application/atom+xml; charset=utf-8")]
    [InlineData("stix", "incidents", "stix.json", "application/stix+json; version=2.1")]
    [InlineData("ical", "deadlines", "ics", "text/calendar; charset=utf-8")]
    public async Task A_file_says_by_name_and_media_type_what_it_is_and_is_not_sent_again_to_who_has_it(string format, string what, string ending, string mediaType)
    {
        await workspace.Log(Example.Incident("a"));
        var position = await workspace.Position();

        var file = await workspace.Export($"format={format}&dyad=RUS-AZE");

        file.Name.ShouldBe($"{workspace.Name}-{what}-AZE-RUS-at-{position}.{ending}");
        file.MediaType.ShouldBe(mediaType);
        file.Shows.ShouldStartWith($"Workspace {workspace.Name}, as known at position {position} (");
        file.Shows.ShouldEndWith(", method 2026.1, only dyad AZE-RUS");
        (await workspace.Export($"format={format}&dyad=RUS-AZE")).Bytes.ShouldBe(file.Bytes);
        (await Status($"format={format}&dyad=AZE-RUS", file.ETag!)).ShouldBe((HttpStatusCode.NotModified, 0));
        (await Status($"format={format}", file.ETag!)).Status.ShouldBe(HttpStatusCode.OK);
        await workspace.Log(Example.Incident("b"));
        (await Status($"format={format}&dyad=AZE-RUS", file.ETag!)).Status.ShouldBe(HttpStatusCode.OK);
        (await Status($"format={format}&dyad=AZE-RUS&knownAsOf={position}", file.ETag!)).Status.ShouldBe(HttpStatusCode.NotModified);

        async Task<(HttpStatusCode Status, int Bytes)> Status(string query, string etag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At($"exports/incidents?{query}"));
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"other\", {etag}");
            using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
            return (response.StatusCode, (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
        }
    }

    [Theory]
    [InlineData("format=xml", "format unknown-format")]
    [InlineData("format=", "format unknown-format")]
    [InlineData("colour=red", "colour unknown-parameter")]
    [InlineData("retracted=include", "retracted unknown-parameter")]
    [InlineData("format=csv&format=atom", "format repeated")]
    [InlineData("dyad=AZE", "dyad malformed")]
    [InlineData("format=ical&dyad=AZE", "dyad malformed")]
    [InlineData("format=geojson&bbox=1,2,3", "bbox malformed")]
    [InlineData("method=2025.1", "method unknown-method")]
    [InlineData("knownAsOf=1", "knownAsOf unknown-position")]
    [InlineData("validAsOf=soon", "validAsOf malformed")]
    [InlineData("format=csv&limit=3", "limit contradiction")]
    [InlineData("format=atom&limit=0", "limit out-of-range")]
    [InlineData("format=atom&limit=5001", "limit out-of-range")]
    [InlineData("format=ical&type=visit&issue=x", "issue contradiction")]
    public async Task A_wrong_question_is_refused_before_anything_is_sent(string query, string fault) =>
        (await workspace.Get($"exports/incidents?{query}")).ShouldBeProblem(400, "invalid-request", fault);

    [Fact]
    public async Task An_overlay_that_is_not_stored_is_not_found() =>
        (await workspace.Get("exports/incidents?overlay=no-raid")).ShouldBeProblem(404, "overlay-not-found");

    [Fact]
    public async Task An_overlay_that_does_not_fit_the_record_as_known_then_is_refused()
    {
        await workspace.Log(Example.Incident("a"));
        await workspace.Log(Example.Incident("b"));
        await workspace.Put("overlays/no-b", new { changes = new { drop = new[] { "b" } } });

        (await workspace.Export("overlay=no-b")).Lines.Count.ShouldBe(1);
        (await workspace.Get("exports/incidents?overlay=no-b&knownAsOf=1")).ShouldBeProblem(400, "invalid-request", "overlay unknown-incident");
    }

    /// <summary>What is supposed meets a filter if it would be found by it, had it been recorded.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("dyad=AZE-RUS")]
    [InlineData("dyad=AZE-USA")]
    [InlineData("actor=USA")]
    [InlineData("type=diplomatic-protest")]
    [InlineData("type=accusation")]
    [InlineData("issue=gas")]
    [InlineData("source=wire-a")]
    [InlineData("country=GRC")]
    [InlineData("bbox=20,30,30,40")]
    [InlineData("bbox=170,-90,-170,90")]
    [InlineData("from=2025-07-01")]
    [InlineData("to=2025-06-28")]
    [InlineData("validAsOf=2025-06-28")]
    [InlineData("text=egee")]
    [InlineData("format=atom&dyad=AZE-USA&limit=1")]
    public async Task Filters_hold_of_incidents_as_they_are_supposed_to_be(string query)
    {
        var other = host.NewWorkspace();
        await workspace.Import(await ConformanceTests.SampleCase());
        await other.Import(await ConformanceTests.SampleCase());
        var (links, added) = (new[] { new { actor = "AZE", recipient = "USA", attribution = 1 } }, Example.Incident(
            "added", "2025-07-03", "Incident en mer Égée", "visit", "TUR", "USA", reports: [new { source = "wire-a" }], issues: ["gas"], place: new { country = "GRC", latitude = 37.5, longitude = 25.1 }));
        (await workspace.Put("overlays/otherwise", new
        {
            changes = new
            {
                drop = new[] { "yekaterinburg-raid" },
                move = new[] { new { id = "sputnik-raid", occurred = "2025-01-01" } },
                recode = new[] { new { id = "forensic-accusation", type = "diplomatic-protest" } },
                reattribute = new[] { new { id = "us-encouragement", links } },
                add = new[] { added },
            },
        })).ShouldBe(201);
        (await other.Post("incidents/yekaterinburg-raid/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        (await other.Post("incidents/sputnik-raid/corrections", new { reason = "moved", changes = new { occurred = "2025-01-01" } }, ifMatch: "*")).ShouldBe(200);
        (await other.Post("incidents/forensic-accusation/corrections", new { reason = "recoded", changes = new { type = "diplomatic-protest" } }, ifMatch: "*")).ShouldBe(200);
        (await other.Post("incidents/us-encouragement/corrections", new { reason = "others", changes = new { links } }, ifMatch: "*")).ShouldBe(200);
        await other.Log(added);

        var supposed = await workspace.Export($"overlay=otherwise&{query}");

        if (!query.Contains("atom"))
        {
            Ids(supposed).ShouldBe(Ids(await other.Export(query)));
            supposed.Lines.ShouldAllBe(line => line.Contains("\"counterfactual\":\"otherwise\""));
        }
        else
        {
            supposed.Text.ShouldContain("us-encouragement");
            supposed.Text.ShouldNotContain("sputnik-raid");
        }

        (await workspace.Export($"overlay=otherwise&{query}")).Bytes.ShouldBe(supposed.Bytes, "the same export again");

        static List<string> Ids(ExportFile file) => [.. file.Lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()!)];
    }

    [Fact]
    public async Task A_workspace_without_a_record_gives_whole_and_empty_documents()
    {
        (await workspace.Export()).Bytes.ShouldBeEmpty();
        (await workspace.Export("format=csv")).Lines.Count.ShouldBe(1, "the header");
        (await workspace.Export("format=geojson")).Json.GetProperty("features").GetArrayLength().ShouldBe(0);
        var feed = XDocument.Parse((await workspace.Export("format=atom")).Text).Root!;
        feed.Elements(Atom + "entry").ShouldBeEmpty();
        feed.Elements().Select(e => e.Name.LocalName).ShouldBeSubsetOf(["id", "title", "subtitle", "updated", "link", "author", "generator"]);
        (await workspace.Export("format=stix")).Json.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("type").GetString())
            .ShouldBe(["identity", "extension-definition", "identity", "note"]);
        (await workspace.Export("format=ical")).Text.ShouldContain("BEGIN:VTIMEZONE", customMessage: "a calendar has at least one component");
    }

    [Fact]
    public async Task Csv_has_a_row_per_incident_and_link_and_no_formula()
    {
        await workspace.FillWithEverything();

        var rows = Rows(await workspace.Export("format=csv"));

        rows.Count.ShouldBe(13);
        rows.Where(r => r["id"] == "multi").Select(r => $"{r["link"]} {r["dyad"]} {r["actorName"]} {r["attribution"]}")
            .ShouldBe(["1 AZE-WAGNER ЧВК «Вагнер» 0.6", "2 AZE-RUS Russia 0.35", "3 OTS-RUS Russia 0.3333333333333333"]);
        var row = rows[0];
        row["title"].ShouldBe("'=Удар по колонне, 3 \"раненых\"");
        row["summary"].ShouldBe("Tab\there,\nand a second line; 日本語 🛰 \\ end");
        (row["deaths"], row["deathsLow"], row["deathsHigh"], row["detained"]).ShouldBe(("3", "2", "7", "0"));
        (row["latitude"], row["handling"], row["likelihoodWords"], row["supporting"]).ShouldBe(("39.8177", "amber-strict", "likely", "wire; ots-press"));
        (row["workspace"], row["method"], row["counterfactual"], row["knownAsOf"]).ShouldBe((workspace.Name, "2026.1", "", $"{await workspace.Position()}"));
        rows.Select(r => r["title"]).Where(t => t.Length > 0 && "=+-@".Contains(t[0])).ShouldBeEmpty();
        (await workspace.Export("format=csv")).Text.Split("\r\n").Length.ShouldBe(rows.Count + 2, "rows end by CR and LF, and only rows");
        rows.Single(r => r["id"] == "ban")["weight"].ShouldStartWith("-", customMessage: "a number stays a number");
    }

    [Fact]
    public async Task GeoJson_has_points_by_longitude_and_latitude_and_says_what_it_shows()
    {
        await workspace.FillWithEverything();

        var document = (await workspace.Export("format=geojson&actor=AZE&dyad=AZE-RUS")).Json;

        (document.GetProperty("type").GetString(), document.GetProperty("dyad").GetString(), document.GetProperty("method").GetString())
            .ShouldBe(("FeatureCollection", "AZE-RUS", "2026.1"));
        document.GetProperty("knownAsOf").GetInt64().ShouldBe(await workspace.Position());
        document.GetProperty("shows").GetString()!.ShouldContain("only dyad AZE-RUS, actor AZE");
        var features = document.GetProperty("features").EnumerateArray().ToDictionary(f => f.GetProperty("id").GetString()!);
        features["multi"].GetProperty("geometry").GetRawText().ShouldBe("""{"type":"Point","coordinates":[46.7528,39.8177]}""");
        features["zoned"].GetProperty("geometry").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        features["multi"].GetProperty("properties").GetProperty("actors").GetString().ShouldBe("WAGNER; RUS");
        features.Values.ShouldAllBe(f => f.GetProperty("type").GetString() == "Feature");
        features["graded"].GetProperty("properties").GetProperty("credibility").GetDouble().ShouldBe(0.35);
    }

    [Fact]
    public async Task Atom_has_the_latest_changes_first_under_ids_that_stay()
    {
        await workspace.FillWithEverything();
        var before = await Entries("");

        await workspace.Post("incidents/ban/corrections", new { reason = "x", changes = new { title = "Ban of <all> & imports" } }, ifMatch: "*");
        var after = await Entries("");

        after.Select(Id).ShouldBe([Id(before.Single(e => Id(e).EndsWith("/ban", StringComparison.Ordinal))), .. before.Select(Id).Where(id => !id.EndsWith("/ban", StringComparison.Ordinal))]);
        after[0].Element(Atom + "title")!.Value.ShouldBe("Ban of <all> & imports");
        Id(after[0]).ShouldBe($"tag:geoevents.local,2026:{workspace.Name}/incidents/ban");
        after.Select(e => DateTimeOffset.Parse(e.Element(Atom + "updated")!.Value, null)).ShouldBeInOrder(SortDirection.Descending);
        var incident = await workspace.Get("incidents/ban");
        after[0].Element(Atom + "updated")!.Value.ShouldBe(incident["recordedAt"].GetString());
        after[0].Elements(Atom + "category").Select(c => c.Attribute("term")!.Value).ShouldBe(["economic-sanctions", "AZE-RUS"]);
        var link = new Uri(after[0].Elements(Atom + "link").First(l => l.Attribute("rel")!.Value == "alternate").Attribute("href")!.Value);
        (await workspace.Get(link.PathAndQuery)).ShouldBe(200)["title"].GetString().ShouldBe("Ban of <all> & imports");
        var ofDyad = XDocument.Parse((await workspace.Export("format=atom&dyad=RUS-AZE&validAsOf=2025-03-06")).Text).Root!;
        Id(ofDyad).ShouldBe($"tag:geoevents.local,2026:{workspace.Name}/incidents?dyad=AZE-RUS", "another feed than that of all");
        ofDyad.Element(Atom + "link")!.Attribute("href")!.Value.ShouldEndWith("exports/incidents?format=atom&dyad=AZE-RUS&validAsOf=2025-03-06T00%3A00%3A00Z");
        (await Entries("&limit=3")).Select(Id).ShouldBe(after.Take(3).Select(Id));

        async Task<IReadOnlyList<XElement>> Entries(string more) => [.. XDocument.Parse((await workspace.Export($"format=atom{more}")).Text).Root!.Elements(Atom + "entry")];

        static string Id(XElement entry) => entry.Element(Atom + "id")!.Value;
    }

    /// <summary>More than are found at a time, with changes at the edges of what is read and found together, and one retracted.</summary>
    [Fact]
    public async Task Many_incidents_come_in_the_order_in_which_they_were_logged()
    {
        const int Count = 20_503;
        var ids = Enumerable.Range(0, Count).Select(i => $"feed:{(i * 7919L) % Count}").ToList();
        await workspace.Import(string.Join('\n', ids.Select(ImportJobsTests.Line)) + "\n");
        foreach (var id in new[] { ids[0], ids[499], ids[19_999], ids[20_000], ids[^1] })
        {
            (await workspace.Post($"incidents/{id}/corrections", new { reason = "x", changes = new { title = "Corrected" } }, ifMatch: "*")).ShouldBe(200);
        }

        (await workspace.Post($"incidents/{ids[500]}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        ids.RemoveAt(500);

        (await workspace.Export()).Lines.Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()).ShouldBe(ids);
        (await workspace.Export("format=geojson&dyad=AZE-RUS")).Json.GetProperty("features").GetArrayLength().ShouldBe(Count - 1);
    }

    [Fact]
    public async Task Whoever_hangs_up_harms_nobody()
    {
        await workspace.Import(string.Join('\n', Enumerable.Range(0, 3000).Select(i => ImportJobsTests.Line($"feed:{i}"))) + "\n");
        for (var i = 0; i < 120; i++)
        {
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            using var response = await workspace.Api.GetAsync(workspace.At("exports/incidents?format=stix"), HttpCompletionOption.ResponseHeadersRead, hangUp.Token);
            await using var body = await response.Content.ReadAsStreamAsync(hangUp.Token);
            (await body.ReadAsync(new byte[1], hangUp.Token)).ShouldBe(1);
            await hangUp.CancelAsync();
        }

        (await workspace.Export()).Lines.Count.ShouldBe(3000, "no connection to the database was lost");
    }

    private static List<Dictionary<string, string>> Rows(ExportFile file)
    {
        using var reader = CsvDataReader.Create(new StringReader(file.Text), new CsvDataReaderOptions { HasHeaders = true, Delimiter = ',' });
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, reader.GetString));
        }

        return rows;
    }
}
