using GeoEvents.Ledger;
using Npgsql;

namespace GeoEvents.IntegrationTests.Alerts;

public class AlertTests(GeoEventsHost host)
{
    private const string First = "crisis.AZE-RUS.1";

    private readonly Workspace workspace = host.NewWorkspace();

    [Fact]
    public async Task An_episode_is_shown_with_what_it_rests_on_and_what_was_recorded_while_it_was_open()
    {
        await Open();
        await workspace.Log(Example.Incident("later", "2025-07-02", "Answered in kind"));
        await workspace.Log(Example.Incident("elsewhere", "2025-07-02", "Between others", recipient: "ARM"));
        await workspace.Post("incidents/raid/corrections", new { reason = "x", changes = new { title = "Raid, renamed" } }, ifMatch: "*");
        var known = await workspace.Position();
        await workspace.Resolve("crisis", 1);
        await workspace.Log(Example.Incident("after", "2025-07-03", "After its end"));

        var episode = (await workspace.Get($"alerts/{First}")).ShouldBe(200);
        episode.ETag.ShouldBe("\"2\"");
        episode["alert.headline"].GetString().ShouldBe("Tension on AZE-RUS rose to 63.2, above 60; it rests on 'Raid, renamed' (67 %) and another");
        (episode["alert.state"].GetString(), episode["because"].GetString()).ShouldBe(("resolved", "condition-ceased"));
        episode["sentence"].GetString().ShouldBe("Warns when tension on AZE-RUS rises to 60 or above, until it falls below 45.");
        episode["causes.0.about.incident.title"].GetString().ShouldBe("Raid, renamed");
        episode["causes.1.about.standing"].GetString().ShouldBe("on-record");
        episode["facts"].EnumerateArray().Select(f => $"{f.GetProperty("kind")} {f.GetProperty("change")} {f.GetProperty("incident")}").ShouldBe(["incident_corrected correction raid", "incident_logged backfill later"], ignoreOrder: false, episode.Text);
        episode["history"].EnumerateArray().Select(f => f.GetProperty("kind").GetString()).ShouldBe(["alert_fired", "alert_resolved"]);

        var then = (await workspace.Get($"alerts/{First}?knownAsOf={known - 1}")).ShouldBe(200);
        (then["alert.state"].GetString(), then["causes.0.about.incident.title"].GetString(), then["facts"].GetArrayLength()).ShouldBe(("firing", "Raid in Yekaterinburg", 1));
        (await workspace.Get($"alerts/{First}/facts?limit=1")).ShouldBe(200).Link.ShouldNotBeNull();
        var second = (await workspace.Get((await workspace.Get($"alerts/{First}/facts?limit=1"))["next"].GetString() is { } next ? $"alerts/{First}/facts?limit=1&after={next}" : "")).ShouldBe(200);
        second.Items.Single().GetProperty("incident").GetString().ShouldBe("later");
        second.Link.ShouldBeNull();
        (await workspace.Get("alerts/crisis.AZE-RUS.9")).ShouldBeProblem(404, "alert-not-found");
    }

    [Fact]
    public async Task A_receipt_is_shown_as_stored_with_what_recalled_and_amended_it()
    {
        await Open();
        var receipt = (await workspace.Get($"alerts/{First}/receipt")).ShouldBe(200);
        receipt["receipts"].GetArrayLength().ShouldBe(1);
        receipt.Json.TryGetProperty("recalledBy", out _).ShouldBeFalse();

        await workspace.Follow("crisis", 1);
        var after = (await workspace.Get($"alerts/{First}/receipt")).ShouldBe(200);
        after["receipts.0"].GetRawText().ShouldBe(receipt["receipts.0"].GetRawText());
        (after["receipts.1.values"].GetProperty("threshold.tension").GetDouble(), after["recalledBy.incident"].GetString(), after["amendedBy.0.incident"].GetString(), after["state"].GetString())
            .ShouldBe((81, "sputnik-raid", "yekaterinburg-raid", "recalled"));
    }

    [Fact]
    public async Task People_acknowledge_assign_and_annotate_and_the_same_again_changes_nothing()
    {
        await Open();
        (await workspace.Post($"alerts/{First}/acknowledgement", new { note = "Seen" }, user: "amina")).ShouldBe(200)["acknowledgedBy"].GetString().ShouldBe("amina");
        (await workspace.Post($"alerts/{First}/acknowledgement", new { note = "Seen" }, user: "amina")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await workspace.Post($"alerts/{First}/acknowledgement", new { }, user: "amina")).ShouldBe(200).ETag.ShouldBe("\"2\"");
        (await workspace.Post($"alerts/{First}/assignment", new { to = "boris" }, ifMatch: "\"1\"")).ShouldBeProblem(412, "version-changed");
        (await workspace.Post($"alerts/{First}/assignment", new { to = "boris" })).ShouldBe(200)["assignee"].GetString().ShouldBe("boris");
        (await workspace.Post($"alerts/{First}/assignment", new { to = "boris" })).ShouldBe(200).ETag.ShouldBe("\"3\"");
        (await workspace.Post($"alerts/{First}/annotations", new { text = "Called Baku" }, user: "boris")).ShouldBe(200)["notes.1.by"].GetString().ShouldBe("boris");
        (await workspace.Post($"alerts/{First}/annotations", new { text = "Called Baku" }, user: "boris")).ShouldBe(200)["notes"].GetArrayLength().ShouldBe(2);
        (await workspace.Post($"alerts/{First}/assignment", new { })).ShouldBe(200).Json.TryGetProperty("assignee", out _).ShouldBeFalse();
        (await workspace.Post($"alerts/{First}/assignment", new { })).ShouldBe(200).ETag.ShouldBe("\"5\"");
        (await workspace.Post($"alerts/{First}/assignment", new { to = "" })).ShouldBeProblem(400, "invalid-request", "/to required");
        (await workspace.Post($"alerts/{First}/annotations", new { text = " " })).ShouldBeProblem(400, "invalid-request", "/text required");
        (await workspace.Post($"alerts/{First}/assignment", new { to = "a\nb" })).ShouldBeProblem(400, "invalid-request", "/to control-character");
        (await workspace.Post("alerts/nothing/acknowledgement", new { })).ShouldBeProblem(404, "alert-not-found");

        (await workspace.Get($"alerts/{First}"))["history"].EnumerateArray().Select(e => $"{e.GetProperty("kind")} {e.GetProperty("user")}")
            .ShouldBe(["alert_fired service", "alert_acknowledged amina", "alert_assigned anonymous", "alert_annotated boris", "alert_assigned anonymous"]);
    }

    [Fact]
    public async Task Alerts_are_listed_newest_first_page_by_page_and_chosen_by_what_is_known_of_them()
    {
        await Open();
        (await workspace.Post("rules", Given.Rule("other", "AZE-RUS"))).ShouldBe(201);
        await workspace.Fire("crisis", 2);
        await workspace.Fire("other", 1);
        var known = await workspace.Position();
        await workspace.Resolve("crisis", 2);
        await workspace.Follow("other", 1);
        await workspace.Post($"alerts/{First}/acknowledgement", new { });
        await workspace.Post($"alerts/{First}/assignment", new { to = "boris" });

        (await List("")).ShouldBe("other.AZE-RUS.1 crisis.AZE-RUS.2 crisis.AZE-RUS.1");
        (await List("state=firing")).ShouldBe(First);
        (await List($"state=firing&knownAsOf={known}")).ShouldBe("other.AZE-RUS.1 crisis.AZE-RUS.2 crisis.AZE-RUS.1");
        (await List($"knownAsOf={known - 1}")).ShouldBe("crisis.AZE-RUS.2 crisis.AZE-RUS.1");
        (await List("severity=critical")).ShouldBe("other.AZE-RUS.1");
        (await List("rule=crisis")).ShouldBe("crisis.AZE-RUS.2 crisis.AZE-RUS.1");
        (await List("dyad=RUS-AZE&actor=RUS&silenced=false")).ShouldBe("other.AZE-RUS.1 crisis.AZE-RUS.2 crisis.AZE-RUS.1");
        (await List("dyad=ARM-AZE")).ShouldBe("");
        (await List("actor=ARM")).ShouldBe("");
        (await List("assignee=boris&acknowledged=true")).ShouldBe(First);
        (await List("acknowledged=false")).ShouldBe("other.AZE-RUS.1 crisis.AZE-RUS.2");
        (await List("from=2025-07-01T08:02:00Z")).ShouldBe("crisis.AZE-RUS.2");
        (await List("to=2025-07-01T08:02:00Z")).ShouldBe("other.AZE-RUS.1 crisis.AZE-RUS.1");
        (await List("validAsOf=2025-07-01")).ShouldBe("");
        (await workspace.Get("alerts?state=open")).ShouldBeProblem(400, "invalid-request", "state malformed");

        var first = (await workspace.Get("alerts?limit=2")).ShouldBe(200);
        await workspace.Fire("crisis", 3);
        (await workspace.Get($"alerts?limit=2&after={first["next"].GetString()}")).ShouldBe(200).Ids.ShouldBe([First]);
        (await workspace.Get($"alerts?limit=2&state=firing&after={first["next"].GetString()}")).ShouldBeProblem(400, "invalid-request", "after malformed");
        (await workspace.Get("alerts/groups?by=rule")).ShouldBe(200).Items.Select(g => $"{g.GetProperty("key")} {g.GetProperty("alerts")} {g.GetProperty("open")} {g.GetProperty("worst")} {g.GetProperty("last")}")
            .ShouldBe(["crisis 3 2 warning crisis.AZE-RUS.3", "other 1 0 critical other.AZE-RUS.1"]);
        (await Groups("dyad")).ShouldBe("AZE-RUS 4");
        (await Groups("day")).ShouldBe("2025-07-01 4");
        (await Groups("severity")).ShouldBe("warning 3, critical 1");
        (await workspace.Get("alerts/groups")).ShouldBeProblem(400, "invalid-request", "by required");
        (await workspace.Get("alerts/groups?by=colour")).ShouldBeProblem(400, "invalid-request", "by malformed");

        async Task<string> List(string query) => string.Join(' ', (await workspace.Get($"alerts?{query}")).ShouldBe(200).Ids);

        async Task<string> Groups(string by) =>
            string.Join(", ", (await workspace.Get($"alerts/groups?by={by}")).ShouldBe(200).Items.Select(g => $"{g.GetProperty("key")} {g.GetProperty("alerts")}"));
    }

    [Fact]
    public async Task At_a_past_instant_an_alert_is_what_it_was_then()
    {
        await Open();
        await workspace.Follow("crisis", 1);
        await workspace.Log(Example.Incident("later", "2025-07-02", "Recorded long after"));

        (await At("08:30")).ShouldBe("firing warning , 1");
        (await At("09:30")).ShouldBe("firing critical , 2");
        (await At("11:30")).ShouldBe("resolved critical 2025-07-01T11:00:00Z, 4");
        (await At("12:30")).ShouldBe("recalled critical 2025-07-01T11:00:00Z, 5");
        (await workspace.Get($"alerts/{First}?validAsOf=2025-07-01T08:30:00Z")).ShouldBe(200)["facts"].GetArrayLength().ShouldBe(0, "what was recorded is of an incident that had not happened by then");
        (await workspace.Get($"alerts/{First}/receipt?validAsOf=2025-07-01T08:30:00Z")).ShouldBe(200)["receipts"].GetArrayLength().ShouldBe(1);

        const string Before = "validAsOf=2025-07-01T08:00:00Z";
        (await workspace.Get($"alerts?{Before}")).ShouldBe(200).Items.ShouldBeEmpty();
        (await workspace.Get($"alerts/groups?by=rule&{Before}")).ShouldBe(200).Items.ShouldBeEmpty();
        foreach (var address in new[] { "", "/facts", "/receipt" })
        {
            (await workspace.Get($"alerts/{First}{address}?{Before}")).ShouldBeProblem(404, "alert-not-found");
        }

        async Task<string> At(string time)
        {
            var valid = $"validAsOf=2025-07-01T{time}:00Z";
            var episode = (await workspace.Get($"alerts/{First}?{valid}")).ShouldBe(200);
            var (alert, line) = (episode["alert"], (await workspace.Get($"alerts?{valid}")).ShouldBe(200).Items.Single());
            line.GetRawText().ShouldBe(alert.GetRawText());
            var state = line.GetProperty("state").GetString();
            var severity = line.GetProperty("severity").GetString();
            (await workspace.Get($"alerts?{valid}&state={state}&severity={severity}")).ShouldBe(200).Ids.ShouldBe([First]);
            (await workspace.Get($"alerts?{valid}&state={(state == "firing" ? "resolved" : "firing")}")).ShouldBe(200).Items.ShouldBeEmpty();
            var group = (await workspace.Get($"alerts/groups?by=severity&{valid}")).ShouldBe(200).Items.Single();
            (group.GetProperty("key").GetString(), group.GetProperty("open").GetInt32()).ShouldBe((severity, state == "firing" ? 1 : 0));
            return $"{state} {severity} {(line.TryGetProperty("endedAt", out var ended) ? ended.GetString() : "")}, {episode["history"].GetArrayLength()}";
        }
    }

    /// <summary>In a database of its own, since a rebuild is of all workspaces.</summary>
    [Fact]
    public async Task The_rows_of_alerts_are_what_a_rebuild_makes_of_the_log()
    {
        await using var service = await host.StartService();
        var own = service.NewWorkspace();
        (await own.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(201);
        await own.Fire("crisis", 1);
        await own.Fire("crisis", 2);
        await own.Log(Example.Incident("between"));
        await own.Follow("crisis", 1);
        await own.Post("alerts/crisis.AZE-RUS.2/assignment", new { to = "boris" });
        await using var database = NpgsqlDataSource.Create(service.Database);
        var live = await Rows();
        live.Count.ShouldBe(7);

        await new LedgerRebuild(database).Run(TestContext.Current.CancellationToken);

        (await Rows()).ShouldBe(live);

        async Task<List<string>> Rows()
        {
            var rows = new List<string>();
            await using var command = database.CreateCommand("select a::text from geo.alert a order by alert, position");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        }
    }

    private async Task Open()
    {
        (await workspace.Post("rules", Given.Rule("crisis", "AZE-RUS"))).ShouldBe(201);
        await workspace.Log(Example.Incident("raid", "2025-06-27", "Raid in Yekaterinburg"));
        await workspace.Log(Example.Incident("note", "2025-06-28", "Note handed over"));
        await workspace.Fire("crisis", 1, "raid", "note");
    }
}
