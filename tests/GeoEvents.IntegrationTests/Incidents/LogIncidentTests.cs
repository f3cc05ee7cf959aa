namespace GeoEvents.IntegrationTests.Incidents;

public class LogIncidentTests(GeoEventsHost host)
{
    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task An_incident_reads_back_as_it_was_logged()
    {
        await workspace.Register("wire", "B", "agency");
        var logged = await workspace.Log(new
        {
            id = "full",
            occurred = "2025-03-01~",
            zone = "Asia/Baku",
            title = "Envoy summoned",
            summary = "Over a statement.\nTwice.",
            type = "diplomatic-protest",
            cameo = "112",
            links = new object[] { new { actor = "AZE", recipient = "RUS", attribution = 0.8 }, new { actor = "RUS", recipient = "AZE" } },
            others = new[] { new { actor = "TUR", role = "mediator" } },
            place = new { name = "Baku", country = "AZE", latitude = 40.4, longitude = 49.9, precision = "city" },
            deaths = 1,
            injured = new { best = 3, low = 2, high = 5 },
            detained = 0,
            intent = "deliberate",
            respondsTo = "earlier",
            issues = new[] { "media", "diaspora" },
            handling = "amber-strict",
            assessment = new { likelihood = new[] { 0.55, 0.8 }, confidence = "moderate", note = "One channel only." },
            sourceRecordedAt = "2025-03-02T08:00:00+04:00",
            reports = new object[] { new { source = "wire", credibility = 2, url = "https://example.org/a", quote = "\"Unacceptable\"", publishedAt = "2025-03-01T10:00:00Z" } },
        });

        logged.Location.ShouldBe(workspace.At("incidents/full"));
        logged.ETag.ShouldBe("\"1\"");
        var read = (await workspace.Get("incidents/full")).ShouldBe(200);
        read.ETag.ShouldBe("\"1\"");
        read["shown"].GetString()!.ShouldEndWith("by method 2026.1.");
        read.Text.Replace($",\"shown\":{read["shown"].GetRawText()}", "").ShouldBe(logged.Text);
        foreach (var (path, value) in new (string, object)[]
        {
            ("occurred", "2025-03-01~"), ("zone", "Asia/Baku"), ("title", "Envoy summoned"), ("summary", "Over a statement.\nTwice."), ("type", "diplomatic-protest"), ("cameo", "112"),
            ("links.0.actor", "AZE"), ("links.0.attribution", 0.8), ("links.1.attribution", 1.0), ("others.0.role", "mediator"),
            ("place.name", "Baku"), ("place.precision", "city"), ("deaths", 1.0), ("injured.best", 3.0), ("injured.high", 5.0), ("detained", 0.0),
            ("intent", "deliberate"), ("respondsTo", "earlier"), ("issues.1", "diaspora"), ("handling", "amber-strict"), ("assessment.confidence", "moderate"),
            ("likelihoodWords", "likely"), ("sourceRecordedAt", "2025-03-02T04:00:00Z"), ("reports.0.id", "r1"), ("reports.0.reliability", "B"), ("reports.0.group", "agency"),
            ("reports.0.credibility", 2.0), ("credibility.value", 0.5 + (0.2 * 0.85)), ("interval.earliest", "2025-02-27T20:00:00Z"), ("interval.latest", "2025-03-02T20:00:00Z"),
            ("tau", "2025-03-01T08:00:00Z"), ("version", 1.0), ("changeClass", "backfill"),
        })
        {
            if (value is double number)
            {
                read[path].GetDouble().ShouldBe(number, 1e-12, path);
            }
            else
            {
                read[path].GetString().ShouldBe((string)value, path);
            }
        }
    }

    [Fact]
    public async Task An_incident_needs_no_report_and_then_has_the_credibility_of_the_method()
    {
        await workspace.Log(Example.Incident("bare"));

        (await workspace.Get("incidents/bare")).ShouldBe(200)["credibility.value"].GetDouble().ShouldBe(0.5);
    }

    [Fact]
    public async Task Without_an_id_the_service_makes_one()
    {
        var logged = await workspace.Log(Example.Incident());

        logged.Location.ShouldBe(workspace.At($"incidents/{logged["id"].GetString()}"));
        (await workspace.Get(logged.Location!)).ShouldBe(200);
    }

    /// <summary>To Npgsql the first instant of all is minus infinity, unless it is told.</summary>
    [Theory]
    [InlineData("0001")]
    [InlineData("0001-01-01/2020")]
    public async Task The_first_day_of_the_calendar_is_a_day(string occurred)
    {
        await workspace.Log(Example.Incident("edge", occurred));
        (await workspace.Get("relationships/AZE-RUS?validAsOf=2021-01-01"))["incidents"].GetInt32().ShouldBe(1);
        (await workspace.Post("incidents/edge/retraction", new { reason = "Hoax." }, ifMatch: "*")).ShouldBe(200);
    }

    [Fact]
    public async Task The_same_again_is_answered_as_before_and_records_nothing()
    {
        var first = await workspace.Log(Example.Incident("twice"));
        var again = (await workspace.Post("incidents", Example.Incident("twice"))).ShouldBe(200);

        again.Text.ShouldBe(first.Text);
        (await workspace.Position()).ShouldBe(first["position"].GetInt64());
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await workspace.Log(Example.Incident("taken"));

        (await workspace.Post("incidents", Example.Incident("taken", title: "Another story"))).ShouldBeProblem(409, "incident-exists", "/id incident-exists");
        (await workspace.Get("incidents/taken"))["title"].GetString().ShouldBe("Envoy summoned");
    }

    [Fact]
    public async Task The_same_id_in_another_workspace_is_another_incident()
    {
        await workspace.Log(Example.Incident("shared"));
        var other = host.NewWorkspace();
        await other.Log(Example.Incident("shared", title: "Another story"));

        (await workspace.Get("incidents/shared"))["title"].GetString().ShouldBe("Envoy summoned");
        (await other.Get("incidents/shared"))["title"].GetString().ShouldBe("Another story");
    }

    [Fact]
    public async Task A_repeated_idempotency_key_gets_the_first_answer_again()
    {
        var first = (await workspace.Post("incidents", Example.Incident(), idempotencyKey: "k-1")).ShouldBe(201);
        var again = (await workspace.Post("incidents", Example.Incident(), idempotencyKey: "k-1")).ShouldBe(201);

        (again.Text, again.Location, again.ETag).ShouldBe((first.Text, first.Location, first.ETag));
        (first.Replayed, again.Replayed).ShouldBe((false, true));
        (await workspace.Get("incidents")).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_idempotency_key_of_another_request_is_refused()
    {
        (await workspace.Post("incidents", Example.Incident(), idempotencyKey: "k-2")).ShouldBe(201);

        (await workspace.Post("incidents", Example.Incident(title: "Another story"), idempotencyKey: "k-2")).ShouldBeProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_idempotency_key()
    {
        await workspace.Log(Example.Incident("blocked"));
        (await workspace.Post("incidents", Example.Incident("blocked", title: "Another story"), idempotencyKey: "k-3")).ShouldBe(409);

        (await workspace.Post("incidents", Example.Incident("free"), idempotencyKey: "k-3")).ShouldBe(201);
    }

    [Fact]
    public async Task Actors_sources_and_tags_come_into_being_in_the_request_that_logs()
    {
        await workspace.Log(Example.Incident(
            "haste", actor: "OTS", reports: [new { source = "new-wire", credibility = 1 }], issues: ["fresh-tag"],
            register: new
            {
                actors = new object[] { new { code = "OTS", name = "Organization of Turkic States", kind = "bloc", members = new object[] { "AZE", new { actor = "TUR", from = "2009-10-03" } } } },
                sources = new object[] { new { id = "new-wire", reliability = "A", affiliation = "OTS" } },
            }));

        (await workspace.Get("actors/OTS")).ShouldBe(200)["kind"].GetString().ShouldBe("bloc");
        (await workspace.Get("sources/new-wire")).ShouldBe(200)["affiliation"].GetString().ShouldBe("OTS");
        (await workspace.Get("issues")).ShouldBe(200).Items.Single().GetProperty("tag").GetString().ShouldBe("fresh-tag");
        (await workspace.Get("relationships/OTS-RUS")).ShouldBe(200)["incidents"].GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_request_registers_may_not_name_actors_that_nobody_knows()
    {
        (await workspace.Post("incidents", Example.Incident(register: new
        {
            actors = new object[] { new { code = "OTS", name = "Bloc", members = new[] { "QQQ1" } } },
            sources = new object[] { new { id = "w", affiliation = "QQQ2" } },
        }))).ShouldBeProblem(400, "invalid-request", "/register/actors/0/members/0/actor unknown-actor", "/register/sources/0/affiliation unknown-actor");

        (await workspace.Position()).ShouldBe(0);
    }

    [Fact]
    public async Task An_incident_that_names_unknown_actors_and_sources_is_refused_and_nothing_of_it_kept()
    {
        var reply = await workspace.Post("incidents", Example.Incident(
            "half", actor: "OTS", reports: [new { source = "nobody" }], register: new { sources = new[] { new { id = "unused" } } }));

        reply.ShouldBeProblem(400, "invalid-request", "/links/0/actor unknown-actor", "/reports/0/source unknown-source");
        (await workspace.Get("incidents/half")).ShouldBeProblem(404, "incident-not-found");
        (await workspace.Get("sources/unused")).ShouldBeProblem(404, "source-not-found");
        (await workspace.Position()).ShouldBe(0);
    }

    [Fact]
    public async Task A_registration_that_contradicts_the_record_is_refused()
    {
        await workspace.Register("wire", "A");

        (await workspace.Post("incidents", Example.Incident(register: new { sources = new[] { new { id = "wire", reliability = "E" } } })))
            .ShouldBeProblem(409, "source-exists", "/register/sources/0 source-exists");
    }

    [Fact]
    public async Task Every_fault_of_a_request_is_named()
    {
        var reply = await workspace.Post("incidents", new
        {
            id = "not an id",
            occurred = "2025-02-30",
            title = " ",
            type = "no-such-type",
            cameo = "99",
            links = new object[] { new { actor = "AZE", recipient = "AZE", attribution = 2 } },
            place = new { latitude = 91, longitude = 0 },
            deaths = -1,
            injured = new { best = 1, low = 2 },
            measure = new { opens = true, closes = "x" },
            issues = new[] { "two words" },
            assessment = new { likelihood = new[] { 0.9, 0.1 } },
            reports = new object[] { new { source = "w", credibility = 7, url = "ftp://example.org" } },
        });

        reply.ShouldBeProblem(
            400, "invalid-request",
            "/id malformed", "/occurred malformed-date", "/title required", "/type unknown-type", "/cameo unknown-cameo", "/links/0/recipient same-actor",
            "/links/0/attribution out-of-range", "/place/latitude out-of-range", "/deaths out-of-range", "/injured out-of-range", "/measure contradiction",
            "/issues/0 malformed", "/assessment/likelihood out-of-range", "/reports/0/credibility out-of-range", "/reports/0/url malformed");
    }

    [Theory]
    [InlineData("2999-01-01", "/occurred malformed-date")]
    [InlineData("yesterday", "/occurred malformed-date")]
    [InlineData("../2025-01-01", "/occurred malformed-date")]
    public async Task An_incident_lies_neither_in_the_future_nor_nowhere(string occurred, string fault) =>
        (await workspace.Post("incidents", Example.Incident(occurred: occurred))).ShouldBeProblem(400, "invalid-request", fault);

    [Fact]
    public async Task Likely_duplicates_are_suggested_and_not_merged()
    {
        await workspace.Log(Example.Incident("one", title: "Russian ambassador summoned over journalists"));
        await workspace.Log(Example.Incident("elsewhere", title: "Russian ambassador summoned over journalists", actor: "ARM"));
        await workspace.Log(Example.Incident("other-month", occurred: "2024-12-01", title: "Russian ambassador summoned over journalists"));
        await workspace.Log(Example.Incident("other-kind", title: "Russian ambassador summoned over journalists", type: "visit"));

        var logged = await workspace.Log(Example.Incident("two", occurred: "2025-03", title: "Ambassador summoned over the journalists"));

        logged["suggestions"].EnumerateArray().Select(s => s.GetProperty("id").GetString()).ShouldBe(["one"]);
        (await workspace.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(4);
        (await workspace.Get("incidents/two")).Json.TryGetProperty("suggestions", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, "live")]
    [InlineData(10, "late")]
    [InlineData(40, "backfill")]
    public async Task What_is_logged_long_after_it_happened_is_marked_so(int daysAgo, string changeClass)
    {
        var day = host.Service.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-daysAgo).ToString("yyyy-MM-dd", null);

        (await workspace.Log(Example.Incident(occurred: day)))["changeClass"].GetString().ShouldBe(changeClass);
    }
}
