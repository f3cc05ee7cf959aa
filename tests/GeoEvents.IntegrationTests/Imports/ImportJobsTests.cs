using System.Diagnostics;
using System.Net;
using System.Text;
using Npgsql;

namespace GeoEvents.IntegrationTests.Imports;

/// <summary>Imports as jobs: one after the other, cancelled, resumed, followed, and sound when what guards them dies.</summary>
public class ImportJobsTests(GeoEventsHost host)
{
    private const int Rows = 15_000;

    private readonly Workspace workspace = host.NewWorkspace();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_import_keeps_what_was_committed_and_goes_on_when_it_is_resumed()
    {
        var id = await Started(workspace, Lines(Rows, "n"));
        var cancelled = (await workspace.Post($"imports/{id}/cancel", new { })).ShouldBe(200);

        cancelled["state"].GetString().ShouldBe("cancelled");
        Counts(cancelled).Total.ShouldBeInRange(1, Rows - 1);
        (cancelled["fileKept"].GetBoolean(), cancelled.Json.TryGetProperty("rate", out _)).ShouldBe((true, false));
        var position = await workspace.Position();
        await Task.Delay(700, Cancel);
        (await workspace.Position()).ShouldBe(position, "nothing is recorded after it was cancelled");
        (await workspace.Post($"imports/{id}/cancel", new { })).ShouldBe(200).Text.ShouldBe(cancelled.Text, "cancelling twice is as good as once");

        (await workspace.Post($"imports/{id}/resume", new { })).ShouldBe(202)["state"].GetString().ShouldBe("queued");
        var ended = await workspace.Ended(id);
        (ended["state"].GetString(), ended["fileKept"].GetBoolean()).ShouldBe(("completed", false));
        Counts(ended).ShouldBe((Rows, Rows, 0, 0));
        (await workspace.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(Rows);
        (await workspace.Post($"imports/{id}/cancel", new { })).ShouldBeProblem(409, "import-ended");
        (await workspace.Post($"imports/{id}/resume", new { })).ShouldBeProblem(409, "import-ended");
    }

    [Fact]
    public async Task An_import_whose_file_is_thrown_away_cannot_be_resumed()
    {
        var id = await Started(workspace, Lines(Rows, "n"));
        (await workspace.Send(HttpMethod.Delete, $"imports/{id}/file", null)).ShouldBeProblem(409, "import-under-way");
        (await workspace.Post($"imports/{id}/cancel", new { })).ShouldBe(200);

        (await workspace.Send(HttpMethod.Delete, $"imports/{id}/file", null)).ShouldBe(204);
        (await workspace.Send(HttpMethod.Delete, $"imports/{id}/file", null)).ShouldBe(204);

        (await workspace.Post($"imports/{id}/resume", new { })).ShouldBeProblem(409, "import-file-gone");
        (await Number(host.Service.Database, $"select count(*) from geo.import_chunk where import = '{id}'")).ShouldBe(0);
    }

    [Fact]
    public async Task Imports_of_a_workspace_wait_for_one_another_and_say_their_place()
    {
        var first = await Started(workspace, Lines(Rows, "a"));
        var second = await Sent(workspace, Lines(10, "b"));
        var third = await Sent(workspace, Lines(10, "c"));

        (second["state"].GetString(), third["queuePosition"].GetInt32()).ShouldBe(("queued", 2));
        (await workspace.Get($"imports/{second["id"].GetString()}"))["queuePosition"].GetInt32().ShouldBe(1);
        (await workspace.Post($"imports/{second["id"].GetString()}/cancel", new { })).ShouldBe(200);
        (await workspace.Get($"imports/{third["id"].GetString()}"))["queuePosition"].GetInt32().ShouldBe(1);
        (await workspace.Get($"imports/{first}"))["state"].GetString().ShouldBe("running", "the other's cancelling does not touch it");

        var last = await workspace.Ended(third["id"].GetString()!);
        var before = (await workspace.Get($"imports/{first}")).ShouldBe(200);
        Counts(before).ShouldBe((Rows, Rows, 0, 0));
        last["startedAt"].GetDateTimeOffset().ShouldBeGreaterThan(before["completedAt"].GetDateTimeOffset());
        Counts(await workspace.Get($"imports/{second["id"].GetString()}")).ShouldBe((0, 0, 0, 0));
    }

    /// <summary>Each time the guarding session is ended, the run loses its turn, and whoever takes it goes on where the last commit was.</summary>
    [Fact]
    public async Task An_import_that_loses_its_guarding_session_again_and_again_takes_every_row_once_with_two_services_at_work()
    {
        var database = await host.CreateDatabase();
        await using var one = await host.StartService(database: database);
        await using var two = await host.StartService(database: database);
        var w = one.InWorkspace("w");
        const int Many = 3 * Rows;
        var id = await Started(w, Lines(Many, "n"));
        var ended = 0L;
        for (var reply = await w.Get($"imports/{id}"); reply["state"].GetString() is "queued" or "running"; reply = await w.Get($"imports/{id}"))
        {
            ended += await Number(
                database,
                """
                select count(*) from (
                    select pg_terminate_backend(pid) from pg_locks
                    where locktype = 'advisory' and granted
                    and (classid::bigint << 32) + objid::bigint = hashtextextended('import w', 0)) as ended
                """);

            // Wakes the other service, which takes the turn while the first does not know yet that it lost it.
            (await two.InWorkspace("w").Post($"imports/{id}/resume", new { })).Code.ShouldBeOneOf(202, 409);
            await Task.Delay(200, Cancel);
        }

        ended.ShouldBeGreaterThan(2);
        Counts(await w.Get($"imports/{id}")).ShouldBe((Many, Many, 0, 0), $"{ended} sessions ended");
        (await w.Get("relationships/AZE-RUS"))["incidents"].GetInt32().ShouldBe(Many);
    }

    [Fact]
    public async Task An_import_that_goes_on_after_a_stop_shows_no_pace_before_it_has_one_of_its_own()
    {
        var database = await host.CreateDatabase();
        string id;
        await using (var first = await host.StartService(database: database))
        {
            id = await Started(first.InWorkspace("w"), Lines(2 * Rows, "n"));
            await Until(first.InWorkspace("w"), id, import => import.Json.TryGetProperty("timeLeft", out _));
        }

        (await Number(database, "select count(*) from geo.mt_doc_import where data ->> 'state' = 'running' and data ->> 'rate' is not null and data ->> 'timeLeft' is not null"))
            .ShouldBe(1, "it was stopped in full swing");
        var unreadable = await Unreadable(database);
        await using var second = await host.StartService(database: database);
        var w = second.InWorkspace("w");
        var begun = await Until(w, id, import => !import.Json.TryGetProperty("rate", out _));

        begun["total"].GetInt32().ShouldBeInRange(1, 2 * Rows - 1);
        (begun["state"].GetString(), begun.Json.TryGetProperty("timeLeft", out _)).ShouldBe(("running", false));
        await unreadable.DisposeAsync();
        Counts(await w.Ended(id)).ShouldBe((2 * Rows, 2 * Rows, 0, 0));
    }

    [Fact]
    public async Task An_import_has_started_when_its_file_begins_to_be_read()
    {
        var database = await host.CreateDatabase();
        await using var service = await host.StartService(database: database);
        var w = service.InWorkspace("w");
        await using var source = NpgsqlDataSource.Create(database);
        await using var turn = await source.OpenConnectionAsync(Cancel);
        await using var taking = new NpgsqlCommand("select pg_advisory_lock(hashtextextended('import w', 0))", turn);
        await taking.ExecuteNonQueryAsync(Cancel);
        var sent = await Sent(w, Lines(10, "n"));
        (sent["state"].GetString(), sent.Json.TryGetProperty("startedAt", out _)).ShouldBe(("queued", false));

        var unreadable = await Unreadable(database);
        await using var giving = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended('import w', 0))", turn);
        await giving.ExecuteNonQueryAsync(Cancel);
        var begun = await Until(w, sent["id"].GetString()!, import => import["state"].GetString() == "running");
        begun["total"].GetInt32().ShouldBe(0);
        await unreadable.DisposeAsync();

        (await w.Ended(sent["id"].GetString()!))["startedAt"].GetString().ShouldBe(begun["startedAt"].GetString());
    }

    [Fact]
    public async Task Its_events_tell_how_far_it_is_and_then_that_it_has_ended()
    {
        var id = await Started(workspace, Lines(Rows, "n"));
        using var response = await workspace.Api.GetAsync(workspace.At($"imports/{id}/events"), HttpCompletionOption.ResponseHeadersRead, Cancel);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var blocks = (await response.Content.ReadAsStringAsync(Cancel)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(b => b.Split('\n').Order().ToArray()).ToList();

        blocks.ShouldAllBe(b => b.Length == 3 && b[0].StartsWith("data: {") && b[1].StartsWith("event: ") && b[2].StartsWith("id: "));
        blocks.Select(b => b[1]).Distinct().ShouldBe(["event: progress", "event: ended"]);
        blocks.Count(b => b[1] == "event: ended").ShouldBe(1);
        var totals = blocks.Select(b => System.Text.Json.JsonDocument.Parse(b[0][6..]).RootElement).ToList();
        foreach (var at in totals)
        {
            at.GetProperty("total").GetInt32().ShouldBe(new[] { "taken", "known", "changed", "skipped", "rejected" }.Sum(n => at.GetProperty(n).GetInt32()));
        }

        totals[^1].GetProperty("bytes").GetInt64().ShouldBe(totals[^1].GetProperty("size").GetInt64());
        totals.Any(at => at.TryGetProperty("rate", out var rate) && rate.GetDouble() > 0).ShouldBeTrue();
        (await workspace.Get($"imports/{Guid.Empty}/events")).ShouldBeProblem(404, "import-not-found");
    }

    [Fact]
    public async Task Rejected_rows_come_back_as_a_file_of_their_format_with_the_reason()
    {
        var import = await workspace.Import(
            $$"""
            {{Line("good")}}
            {{Line("bad").Replace("visit", "feast")}}
            {"id":"half
            """, "?name=some%2Ffolder%2Fcase.data.jsonl&format=jsonl");

        using var response = await workspace.Api.GetAsync(workspace.At($"imports/{import["id"].GetString()}/rejected-file"), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentDisposition!.ToString().ShouldBe("attachment; filename=case.data.rejected.jsonl; filename*=UTF-8''case.data.rejected.jsonl");
        var lines = (await response.Content.ReadAsStringAsync(Cancel)).Split('\n');
        lines.Length.ShouldBe(3);
        lines[0].ShouldStartWith(Line("bad").Replace("visit", "feast")[..^1] + ",\"rejected\":\"/type: ");
        lines[1].ShouldStartWith("{\"rejected\":\"/id: Not JSON");
        lines[2].ShouldBe("{\"id\":\"half");
    }

    [Fact]
    public async Task Rejected_rows_of_a_tab_separated_file_have_one_more_column()
    {
        var import = await workspace.Import("one\ttwo\n", "?format=gdelt2&name=x.CSV");

        using var response = await workspace.Api.GetAsync(workspace.At($"imports/{import["id"].GetString()}/rejected-file"), Cancel);
        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("x.rejected.CSV");
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("one\ttwo\trejected_because: A row has 61 columns; this one has 2.\n");
    }

    internal static string Line(string id) =>
        $$"""{"id":"{{id}}","occurred":"2025-03-01","title":"One","type":"visit","links":[{"actor":"AZE","recipient":"RUS"}]}""";

    private static string Lines(int count, string prefix)
    {
        var file = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            file.Append(Line($"{prefix}{i}")).Append('\n');
        }

        return file.ToString();
    }

    private static async Task<Reply> Sent(Workspace workspace, string file) =>
        (await workspace.PostRaw("imports?format=jsonl", file, mediaType: "application/x-ndjson")).ShouldBe(202);

    /// <summary>The id of an import some rows of which are recorded.</summary>
    private static async Task<string> Started(Workspace workspace, string file)
    {
        var id = (await Sent(workspace, file))["id"].GetString()!;
        while ((await workspace.Get($"imports/{id}"))["total"].GetInt32() == 0)
        {
            await Task.Delay(5, Cancel);
        }

        return id;
    }

    private static async Task<Reply> Until(Workspace workspace, string id, Func<Reply, bool> holds)
    {
        for (var waiting = Stopwatch.StartNew(); ; await Task.Delay(5, Cancel))
        {
            var import = (await workspace.Get($"imports/{id}")).ShouldBe(200);
            if (holds(import))
            {
                return import;
            }

            (waiting.Elapsed < TimeSpan.FromSeconds(20)).ShouldBeTrue($"That did not come: {import.Text}");
        }
    }

    /// <summary>Keeps whoever loads a file from reading it, and so from recording anything, until it is disposed of.</summary>
    private static async Task<IAsyncDisposable> Unreadable(string database)
    {
        var source = NpgsqlDataSource.Create(database);
        var connection = await source.OpenConnectionAsync(Cancel);
        await connection.BeginTransactionAsync(Cancel);
        await using var locking = new NpgsqlCommand("lock table geo.import_chunk in access exclusive mode", connection);
        await locking.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    private static (int Total, int Taken, int Known, int Changed) Counts(Reply import)
    {
        int Count(string name) => import[name].GetInt32();
        Count("total").ShouldBe(Count("taken") + Count("known") + Count("changed") + Count("skipped") + Count("rejected"), import.Text);
        return (Count("total"), Count("taken"), Count("known"), Count("changed"));
    }

    private static async Task<long> Number(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
