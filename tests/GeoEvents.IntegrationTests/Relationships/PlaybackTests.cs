using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace GeoEvents.IntegrationTests.Relationships;

public class PlaybackTests(GeoEventsHost host)
{
    private static readonly string[] Numbers =
    [
        "hostilityFast", "hostilitySlow", "cooperationFast", "tension", "warmth", "asymmetry", "pressure", "materialShare", "rung", "incidents",
    ];

    private readonly Workspace workspace = host.NewWorkspace();

    [Theory]
    [InlineData("AZE-RUS")]
    [InlineData("ARM-AZE")]
    [InlineData("ARM-RUS")]
    public async Task The_story_of_the_sample_case_passes_through_the_as_of_answers(string dyad)
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var story = await Play($"{dyad}?clock=occurred");
        var incidents = (await workspace.Get($"relationships/{dyad}")).ShouldBe(200)["incidents"].GetInt32();
        story.Count(s => s.GetProperty("actedBy").GetArrayLength() > 0).ShouldBe(incidents);
        incidents.ShouldBePositive();
        story.Select(s => s.GetProperty("step").GetInt64()).ShouldBe(Enumerable.Range(1, story.Count).Select(n => (long)n));
        story.Select(s => s.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder();
        for (var i = 0; i < story.Count; i++)
        {
            // Of several incidents at one instant, the last leaves the relationship as it is read there.
            if (i + 1 == story.Count || Text(story[i + 1], "at") != Text(story[i], "at"))
            {
                await IsAsRead(dyad, story[i], $"validAsOf={Text(story[i], "at")}");
            }
        }
    }

    /// <summary>What others computed for the instant of an incident; <c>Cases/README.md</c> says who.</summary>
    [Theory]
    [InlineData("AZE-RUS", 14)]
    [InlineData("ARM-AZE", 2)]
    [InlineData("ARM-RUS", 1)]
    public async Task Steps_of_the_sample_case_meet_the_expected_results(string dyad, int atLeast)
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var expected = (from file in new[] { "south-caucasus.expected.json", "south-caucasus.more.json" }
                        let document = ConformanceTests.Case(file)
                        from state in document.GetProperty("states").EnumerateArray()
                        where Text(state, "dyad") == dyad
                        select (At: state.GetProperty("at").GetDateTimeOffset(), State: state, Tolerance: document.GetProperty("tolerance").GetDouble())).ToLookup(e => e.At);
        var met = 0;
        foreach (var step in (await Play($"{dyad}?clock=occurred")).GroupBy(s => s.GetProperty("at").GetDateTimeOffset()).Select(s => s.Last()))
        {
            foreach (var (_, state, tolerance) in expected[step.GetProperty("at").GetDateTimeOffset()])
            {
                met++;
                foreach (var number in Numbers.Where(n => n != "incidents"))
                {
                    step.GetProperty("after").GetProperty(number).GetDouble().ShouldBe(state.GetProperty(number).GetDouble(), tolerance, $"{number} at {Text(step, "at")}");
                }
            }
        }

        met.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Fact]
    public async Task Steps_of_the_sample_case_walked_by_hand()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var story = await Play("AZE-RUS?clock=occurred");

        var shot = story[1];
        (Text(shot, "incident"), Text(shot, "kind"), Text(shot, "changeClass"), Text(shot, "at")).ShouldBe(("azal-8243", "incident_logged", "backfill", "2024-12-25T06:28:00Z"));
        (shot.GetProperty("before").GetProperty("tension").GetDouble(), shot.GetProperty("after").GetProperty("incidents").GetInt32()).ShouldBe((0, 2));
        var after = shot.GetProperty("after").GetProperty("hostilityFast").GetDouble();

        // Two days, seventeen hours and thirty-two minutes later an apology takes nothing from what is left of it.
        var left = after * Math.Pow(2, -(2 + (17.0 / 24) + (32.0 / 1440)) / 14);
        story[2].GetProperty("before").GetProperty("hostilityFast").GetDouble().ShouldBe(left, 1e-9);
        story[2].GetProperty("after").GetProperty("hostilityFast").GetDouble().ShouldBe(left, 1e-9);
        story[2].GetProperty("before").GetProperty("tension").GetDouble().ShouldBe(100 * (1 - Math.Exp(-left / 20)), 1e-9);
        story[2].GetProperty("after").GetProperty("warmth").GetDouble().ShouldBeGreaterThan(story[2].GetProperty("before").GetProperty("warmth").GetDouble());
        story[3].GetProperty("measure").GetProperty("opens").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task The_log_is_told_fact_by_fact_as_its_readers_saw_it()
    {
        await workspace.Register("wire");
        await workspace.Log(Example.Incident("ban", "2025-01-01", "Ban", "economic-sanctions", reports: [new { source = "wire", credibility = 1 }], measure: new { opens = true }));
        await workspace.Log(Example.Incident("other", "2025-01-02", "Of others", "armed-clash", actor: "ARM", recipient: "TUR"));
        await workspace.Log(Example.Incident("visit", "2025-01-10", "Visit", "visit", actor: "RUS", recipient: "AZE"));
        (await workspace.Post("incidents/ban/corrections", new { reason = "seen otherwise", changes = new { title = "Import ban", deaths = new { best = 3 } } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/visit/retraction", Example.Reason("never took place"), ifMatch: "*")).ShouldBe(200);
        await workspace.Log(Example.Incident("lifted", "2025-02-01", "Lifted for others", "measures-eased", actor: "ARM", recipient: "TUR", measure: new { closes = "ban" }));
        (await workspace.Post("incidents/visit/reinstatement", Example.Reason("it did"), ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/ban/corrections", new { reason = "was another", changes = new { links = new[] { new { actor = "ARM", recipient = "RUS" } } } }, ifMatch: "*")).ShouldBe(200);
        (await workspace.Post("incidents/ban/grade", new { reason = "sure", credibility = 1 }, ifMatch: "*")).ShouldBe(200);

        var steps = await Play("AZE-RUS");

        steps.Select(s => $"{Text(s, "kind")} {Text(s, "incident")} {Text(s, "changeClass")}: {Text(s, "title")}").ShouldBe(
        [
            "incident_logged ban backfill: Ban",
            "incident_logged visit backfill: Visit",
            "incident_corrected ban correction: Import ban",
            "incident_retracted visit retraction: Visit",
            "incident_logged lifted backfill: Lifted for others",
            "incident_reinstated visit reinstatement: Visit",
            "incident_corrected ban correction: Import ban",
        ]);
        var correction = steps[2].GetProperty("fact");
        Text(correction, "reason").ShouldBe("seen otherwise");
        correction.GetProperty("changes").EnumerateArray().Select(c => Text(c, "field")).ShouldBe(["title", "deaths"], ignoreOrder: true);
        correction.GetProperty("changes").EnumerateArray().Single(c => Text(c, "field") == "title").GetProperty("old").GetString().ShouldBe("Ban");
        correction.TryGetProperty("dyads", out _).ShouldBeFalse();
        steps[4].GetProperty("actedBy").GetArrayLength().ShouldBe(0, "it is of another dyad");
        foreach (var step in steps)
        {
            var position = step.GetProperty("position").GetInt64();
            (step.GetProperty("step").GetInt64(), step.GetProperty("knownAsOf").GetInt64(), Text(step, "at")).ShouldBe((position, position, Text(step, "recordedAt")));
            await IsAsRead("AZE-RUS", step, $"validAsOf={Text(step, "recordedAt")}&knownAsOf={position}");
            await IsAsRead("AZE-RUS", step, $"validAsOf={Text(step, "recordedAt")}&knownAsOf={position - 1}", "before");
        }
    }

    [Fact]
    public async Task Each_fact_is_scored_by_the_method_that_was_current_when_it_was_recorded()
    {
        await workspace.Log(Example.Incident("a", "2025-01-01", type: "armed-clash"));
        await workspace.Post("methods", new { id = "m", reason = "x", parameters = new { saturation = 5 } });
        await workspace.Post("methods/m/adoption", Example.Reason());
        await workspace.Log(Example.Incident("b", "2025-01-02", type: "armed-clash"));

        var steps = await Play("AZE-RUS");
        steps.Select(s => Text(s, "method")).ShouldBe(["2026.1", "m"]);
        foreach (var step in steps)
        {
            await IsAsRead("AZE-RUS", step, $"validAsOf={Text(step, "recordedAt")}&knownAsOf={step.GetProperty("step").GetInt64()}");
        }

        SameSteps(await Play("AZE-RUS?to=1"), steps[..1]);
        (await Play("AZE-RUS?method=m")).Select(s => Text(s, "method")).ShouldBe(["m", "m"]);
    }

    [Fact]
    public async Task Who_was_cut_off_goes_on_with_the_story_that_was_told_whatever_was_recorded_since()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var told = Events(await Raw("AZE-RUS?clock=occurred", "text/event-stream"));
        (await workspace.Post($"incidents/{Text(told[2].Data, "incident")}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);

        SameSteps(
            Events(await Raw("AZE-RUS?clock=occurred", "text/event-stream", told[9].Id)).Where(e => e.Kind == "step").Select(e => e.Data),
            [.. told[10..].Where(e => e.Kind == "step").Select(e => e.Data)]);
    }

    [Fact]
    public async Task It_says_in_words_what_it_plays_and_by_which_method()
    {
        await workspace.Log(Example.Incident("a", "2025-01-01"));
        await workspace.Post("methods", new { id = "m", reason = "x", parameters = new { saturation = 10 } });
        await workspace.Post("methods/m/adoption", Example.Reason());

        (await Shown("to=1")).ShouldMatch(@"^Each step as of when it was recorded, as known on .* \(position 1\) at the end, by method 2026\.1\.$");
        (await Shown("")).ShouldEndWith("(position 3) at the end, by the method that was current then.");
        (await Shown("to=1&method=m")).ShouldEndWith("(position 1) at the end, by method m.");
        (await Shown("clock=occurred&validAsOf=2025-07-01&to=2025-06-29T18:00Z&knownAsOf=1")).ShouldMatch(@"^As of 29 June 2025, 18:00 UTC, as known on .* \(position 1\), by method 2026\.1\.$");

        async Task<string> Shown(string query)
        {
            using var response = await workspace.Api.GetAsync(workspace.At($"relationships/AZE-RUS/replay?{query}"), TestContext.Current.CancellationToken);
            return response.Headers.GetValues("GeoEvents-Shown").Single();
        }
    }

    [Fact]
    public async Task A_playback_goes_on_after_any_step_and_plays_any_stretch()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        (await workspace.Post("incidents/azal-apology/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        foreach (var clock in new[] { "known", "occurred" })
        {
            var all = await Play($"AZE-RUS?clock={clock}");
            var fifth = all[4].GetProperty("step").GetInt64();
            var id = Events(await Raw($"AZE-RUS?clock={clock}", "text/event-stream"))[4].Id!;
            SameSteps(await Play($"AZE-RUS?clock={clock}&after={fifth}"), all[5..]);
            SameSteps(Events(await Raw($"AZE-RUS?clock={clock}&after=1", "text/event-stream", id)).Where(e => e.Kind == "step").Select(e => e.Data), all[5..]);
            (await Play($"AZE-RUS?clock={clock}&after={all[^1].GetProperty("step").GetInt64()}")).ShouldBeEmpty();
        }

        var log = await Play("AZE-RUS");
        var (third, eighth) = (log[2].GetProperty("step").GetInt64(), log[7].GetProperty("step").GetInt64());
        SameSteps(await Play($"AZE-RUS?from={third}&to={eighth}"), log[2..8]);
        SameSteps(await Play($"AZE-RUS?knownAsOf={eighth}"), log[..8]);
        SameSteps(await Play($"AZE-RUS?from={Text(log[^1], "recordedAt")}"), log[^1..]);
        SameSteps(await Play($"AZE-RUS?to={Text(log[0], "recordedAt")}"), log[..^1]);

        var story = await Play("AZE-RUS?clock=occurred");
        SameSteps(await Play("AZE-RUS?clock=occurred&from=2025-01-01&to=2025-06-30"), [.. story.Where(s => Text(s, "at").StartsWith("2025-0", StringComparison.Ordinal) && string.CompareOrdinal(Text(s, "at"), "2025-06-30T00:00:00Z") <= 0)]);
        (await Play($"AZE-RUS?clock=occurred&knownAsOf={eighth}")).Count.ShouldBe(8, "of the incidents known by then");
    }

    /// <summary>Facts are read some hundreds at a time; what was said of an incident before still counts for what is said of it later.</summary>
    [Fact]
    public async Task A_long_record_is_played_without_a_gap_and_each_title_is_that_of_its_step()
    {
        const int Incidents = 1_100;
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var lines = Enumerable.Range(0, Incidents).Select(i => JsonSerializer.Serialize(
            Example.Incident($"i{i:D4}", start.AddHours(7 * i).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), $"First {i}", i % 3 == 0 ? "visit" : "armed-clash")));
        (await workspace.Import(string.Join('\n', lines)))["taken"].GetInt64().ShouldBe(Incidents);
        foreach (var i in new[] { 3, 1_050 })
        {
            (await workspace.Post($"incidents/i{i:D4}/corrections", new { reason = "named better", changes = new { title = $"Second {i}" } }, ifMatch: "*")).ShouldBe(200);
            (await workspace.Post($"incidents/i{i:D4}/retraction", Example.Reason(), ifMatch: "*")).ShouldBe(200);
        }

        var log = await Play("AZE-RUS");
        log.Select(s => s.GetProperty("step").GetInt64()).ShouldBe(log.Select(s => s.GetProperty("step").GetInt64()).Distinct().Order());
        log.Take(Incidents).Select(s => Text(s, "title")).ShouldBe(Enumerable.Range(0, Incidents).Select(i => $"First {i}"));
        log.Skip(Incidents).Select(s => (Text(s, "title"), Text(s, "changeClass"), s.GetProperty("version").GetInt64())).ShouldBe(
            [("Second 3", "correction", 2), ("Second 3", "retraction", 3), ("Second 1050", "correction", 2), ("Second 1050", "retraction", 3)]);
        await IsAsRead("AZE-RUS", log[^1], $"validAsOf={Text(log[^1], "at")}&knownAsOf={log[^1].GetProperty("step").GetInt64()}");

        var story = await Play("AZE-RUS?clock=occurred");
        story.Select(s => Text(s, "title")).ShouldBe(Enumerable.Range(0, Incidents).Where(i => i is not (3 or 1_050)).Select(i => $"First {i}"));
        await IsAsRead("AZE-RUS", story[^1], $"validAsOf={Text(story[^1], "at")}");
    }

    [Fact]
    public async Task Events_are_written_as_the_standard_says_and_heartbeats_and_the_end_have_no_id()
    {
        await workspace.Import(await ConformanceTests.SampleCase());
        var all = await Play("AZE-RUS?clock=occurred");

        using var response = await Ask("AZE-RUS?clock=occurred", "text/event-stream");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var raw = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var known = await workspace.Position();
        raw.ShouldStartWith($"id: {known}:1\nevent: step\ndata: {{\"step\":1,");
        raw.ShouldEndWith($"\n\nevent: end\ndata: {{\"end\":true,\"steps\":{all.Count},\"last\":{all.Count}}}\n\n");
        raw.ShouldNotContain("\r");
        var events = Events(raw);
        events.SkipLast(1).Select(e => e.Id).ShouldBe(all.Select(s => $"{known}:{s.GetProperty("step").GetInt64()}"));
        events[^1].Id.ShouldBeNull();
        events.SkipLast(1).Select(e => e.Data.GetRawText()).ShouldBe(all.Select(s => s.GetRawText()), "the same in both representations");
    }

    /// <summary>Its clock stands still, so the second step would never come.</summary>
    [Fact]
    public async Task A_paced_playback_gives_its_first_step_at_once_and_ends_without_an_end_when_the_service_stops()
    {
        await using var service = await host.StartService(new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)));
        var own = service.NewWorkspace();
        await own.Import(await ConformanceTests.SampleCase());
        using var response = await own.Api.GetAsync(
            own.At("relationships/AZE-RUS/replay?clock=occurred&pace=1"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        JsonDocument.Parse((await lines.ReadLineAsync(TestContext.Current.CancellationToken))!).RootElement.GetProperty("step").GetInt64().ShouldBe(1);

        service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await lines.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_relationship_without_a_record_is_an_empty_playback()
    {
        (await Raw("AZE-RUS", "application/x-ndjson")).ShouldBe("{\"end\":true,\"steps\":0}\n");
        (await Raw("AZE-RUS?clock=occurred", "application/x-ndjson")).ShouldBe("{\"end\":true,\"steps\":0}\n");
    }

    [Theory]
    [InlineData("AZE", "dyad malformed")]
    [InlineData("AZE-RUS?clock=reported", "clock malformed")]
    [InlineData("AZE-RUS?after=last", "after malformed")]
    [InlineData("AZE-RUS?after=-1", "after malformed")]
    [InlineData("AZE-RUS?pace=0", "pace out-of-range")]
    [InlineData("AZE-RUS?pace=-5", "pace out-of-range")]
    [InlineData("AZE-RUS?pace=fast", "pace out-of-range")]
    [InlineData("AZE-RUS?from=yesterday", "from malformed")]
    [InlineData("AZE-RUS?to=9000000", "to unknown-position")]
    [InlineData("AZE-RUS?to=2999-01-01", "to out-of-range")]
    [InlineData("AZE-RUS?from=2999-01-01", "from out-of-range")]
    [InlineData("AZE-RUS?validAsOf=2025-01-01", "validAsOf contradiction")]
    [InlineData("AZE-RUS?knownAsOf=9000000", "knownAsOf unknown-position")]
    [InlineData("AZE-RUS?method=1999.1", "method unknown-method")]
    [InlineData("AZE-RUS?clock=occurred&from=12", "from malformed")]
    [InlineData("AZE-RUS?clock=occurred&to=12", "to malformed")]
    [InlineData("AZE-RUS?speed=2", "speed unknown-parameter")]
    public async Task What_cannot_be_played_is_refused_before_anything_is_sent(string asked, string fault)
    {
        var path = asked.Split('?') is [var dyad, var query] ? $"{dyad}/replay?{query}" : $"{asked}/replay";
        (await workspace.Get($"relationships/{path}")).ShouldBeProblem(400, "invalid-request", fault);
    }

    [Theory]
    [InlineData("known", "abc")]
    [InlineData("known", "37:4")]
    [InlineData("occurred", "4")]
    [InlineData("occurred", "9000000:4")]
    public async Task A_last_event_that_no_playback_gave_out_is_refused(string clock, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At($"relationships/AZE-RUS/replay?clock={clock}")) { Headers = { { "Last-Event-ID", id } } };
        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
        (await Workspace.Read(response)).ShouldBeProblem(400, "invalid-request", "Last-Event-ID malformed");
    }

    [Theory]
    [InlineData("relationships/AZE-RUS/replay?clock=occurred&from=12", "text/event-stream", 400, "invalid-request")]
    [InlineData("relationships/AZE-RUS/replay?speed=2", "application/x-ndjson", 400, "invalid-request")]
    [InlineData("exports/incidents?format=csv&overlay=none", "text/csv", 404, "overlay-not-found")]
    [InlineData("nowhere", "text/event-stream", 404, "not-found")]
    public async Task Who_asks_for_a_stream_or_file_and_gets_none_is_told_why(string path, string accept, int status, string problem)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At(path)) { Headers = { Accept = { new(accept) } } };
        using var response = await workspace.Api.SendAsync(request, TestContext.Current.CancellationToken);
        (await Workspace.Read(response)).ShouldBeProblem(status, problem);
    }

    private async Task IsAsRead(string dyad, JsonElement step, string point, string state = "after")
    {
        var read = (await workspace.Get($"relationships/{dyad}?{point}")).ShouldBe(200);
        var shown = step.GetProperty(state);
        foreach (var number in Numbers)
        {
            shown.GetProperty(number).GetDouble().ShouldBe(read[number].GetDouble(), 1e-9, $"{number} {state} step {step.GetProperty("step")} at {point}");
        }

        Text(shown, "band").ShouldBe(read["band"].GetString());
    }

    /// <summary>The steps of a playback that came to its end.</summary>
    private async Task<List<JsonElement>> Play(string asked)
    {
        var lines = (await Raw(asked, "application/x-ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        lines[^1].GetProperty("end").GetBoolean().ShouldBeTrue();
        lines[^1].GetProperty("steps").GetInt32().ShouldBe(lines.Count - 1);
        return lines[..^1];
    }

    private async Task<string> Raw(string asked, string accept, string? lastEventId = null)
    {
        using var response = await Ask(asked, accept, lastEventId);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<HttpResponseMessage> Ask(string asked, string accept, string? lastEventId = null)
    {
        var parts = asked.Split('?');
        using var request = new HttpRequestMessage(HttpMethod.Get, workspace.At($"relationships/{parts[0]}/replay{(parts.Length > 1 ? "?" : "")}{string.Concat(parts[1..])}"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await workspace.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(200);
        return response;
    }

    private static List<(string? Id, string Kind, JsonElement Data)> Events(string raw) =>
        [.. from text in raw.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            let fields = text.Split('\n').Select(l => l.Split(": ", 2)).ToDictionary(f => f[0], f => f[1])
            select (fields.GetValueOrDefault("id"), fields["event"], JsonDocument.Parse(fields["data"]).RootElement)];

    /// <summary>The same to the letter, but for the rounding of numbers that were summed in another order.</summary>
    private static void SameSteps(IEnumerable<JsonElement> steps, IReadOnlyCollection<JsonElement> expected) =>
        steps.Select(Rounded).ShouldBe(expected.Select(Rounded));

    private static string Rounded(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject().Select(p => $"{p.Name}:{Rounded(p.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Rounded))}]",
        JsonValueKind.Number => (Math.Round(json.GetDouble(), 8) + 0.0).ToString("R", CultureInfo.InvariantCulture),
        _ => json.GetRawText(),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
