using Npgsql;

namespace GeoEvents.IntegrationTests.Archives;

/// <summary>A log that is as it was recorded is intact, also while more is recorded; whatever was done to it behind the service's back is named.</summary>
public class LogVerificationTests(GeoEventsHost host)
{
    private const string Elsewhere = "11111111-1111-4111-8111-111111111111";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fact_that_was_altered_removed_inserted_or_moved_is_named()
    {
        await using var service = await host.StartService();
        var own = service.InWorkspace("own");
        await Story(own);
        await using var log = new TamperedLog(own, service.Database, (await own.Get("log/head"))["head"].GetString()!);
        await log.ShouldBeIntact();

        await log.Harmed("update geo.mt_events set data = jsonb_set(data, '{content,title}', '\"Forged\"') where seq_id = 3", "altered", 3);
        await log.Harmed("update geo.mt_events set user_name = 'nobody' where seq_id = 4", "altered", 4);
        await log.Harmed("update geo.mt_events set timestamp = timestamp - interval '1 day' where seq_id = 3", "altered", 3);
        await log.Harmed("update geo.mt_events set id = gen_random_uuid() where seq_id = 4", "altered", 4);
        await log.Harmed("delete from geo.mt_events where seq_id = 5", "removed", 5);
        await log.Harmed("update geo.mt_events set seq_id = case seq_id when 3 then -4 else -3 end where seq_id in (3, 4); update geo.mt_events set seq_id = -seq_id where seq_id < 0", "reordered", 3);
        await log.Harmed("insert into geo.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) select 1000000, gen_random_uuid(), stream_id, 99, data, type, timestamp, tenant_id from geo.mt_events where seq_id = 3", "inserted", null);
        await log.Harmed("delete from geo.chain where position = (select max(position) from geo.chain); delete from geo.mt_events where seq_id = (select max(seq_id) from geo.mt_events)", "head-differs", null);
        await log.Harmed("update geo.chain set digests = set_byte(digests, 0, 7) where position = 3", "chain-altered", 3);
    }

    /// <summary>A date is read as a position by an index, which is no fact and not in the chain.</summary>
    [Fact]
    public async Task A_time_of_recording_that_was_altered_in_the_index_is_named()
    {
        await using var service = await host.StartService();
        var own = service.InWorkspace("own");
        await Story(own);
        await using var log = new TamperedLog(own, service.Database, (await own.Get("log/head"))["head"].GetString()!);

        await log.Harmed("update geo.recording set recorded_at = recorded_at + interval '1 second' where position = 3", "times-altered", 3);
        await log.Harmed("update geo.recording set recorded_at = recorded_at - interval '1 day' where position = 5", "times-altered", 5);
    }

    [Fact]
    public async Task A_fact_that_was_put_into_another_stream_is_named_whatever_its_kind()
    {
        await using var service = await host.StartService();
        var own = service.InWorkspace("own");
        await Story(own);
        await using var log = new TamperedLog(own, service.Database, (await own.Get("log/head"))["head"].GetString()!);

        await log.Run($"insert into geo.mt_streams select (jsonb_populate_record(s, jsonb_build_object('id', '{Elsewhere}'))).* from geo.mt_streams s limit 1");
        foreach (var kind in (string[])["posture_assessed", "relationship_checked", "profile_stated", "stake_registered", "stake_amended", "influence_claimed", "pathway_laid_out",
            "actor_registered", "method_published", "incident_corrected", "incident_retracted"])
        {
            var position = await log.PositionOf(kind);
            await log.Harmed($"update geo.mt_events set stream_id = '{Elsewhere}' where seq_id = {position}", "altered", position, stream: $"unknown/{Elsewhere}");
            await log.Harmed($"update geo.mt_events set stream_id = (select stream_id from geo.mt_events where seq_id = 1), version = 99 where seq_id = {position}", "altered", position);
        }
    }

    /// <summary>Incidents that have but one fact each, until one of some writers corrects them while the log is walked through.</summary>
    [Fact]
    public async Task A_log_is_intact_while_it_grows()
    {
        const int Writers = 4;
        const int Each = 500;
        var workspace = host.NewWorkspace();
        await workspace.Import(string.Join('\n', Enumerable.Range(0, Writers * Each).Select(i => System.Text.Json.JsonSerializer.Serialize(Example.Incident($"i:{i}")))));
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < Each && !enough.IsCancellationRequested; i++)
            {
                (await workspace.Post($"incidents/i:{(writer * Each) + i}/corrections", new { reason = "x", changes = new { title = "Corrected" } }, ifMatch: "*")).ShouldBe(200);
            }
        }));

        var facts = new List<long>();
        try
        {
            for (var i = 0; i < 8; i++)
            {
                facts.Add(await Intact());
            }
        }
        finally
        {
            await enough.CancelAsync();
            await writing;
        }

        facts.Distinct().Count().ShouldBeGreaterThan(2, "the log was not verified while it grew");
        (await Intact()).ShouldBe(await workspace.Position());

        async Task<long> Intact()
        {
            var verified = (await workspace.Get("log/verification")).ShouldBe(200);
            verified["intact"].GetBoolean().ShouldBeTrue(verified.Text);
            return verified["facts"].GetInt64();
        }
    }

    [Theory]
    [InlineData("31")]
    [InlineData("x:00")]
    [InlineData("3:0011")]
    public async Task A_head_that_is_none_is_refused(string head) =>
        (await host.NewWorkspace().Get($"log/verification?head={head}")).ShouldBeProblem(400, "invalid-request", "head malformed");

    /// <summary>Facts of many kinds; the third and fourth log an incident.</summary>
    private static async Task Story(Workspace own)
    {
        await own.Register("wire");
        await own.Post("actors", new { code = "OTS", name = "Bloc" });
        await own.Log(Example.Incident("a", title: "Title a", reports: [new { source = "wire", credibility = 1 }]));
        (await own.Post("incidents", Example.Incident("b", title: "Title b"), user: "amina")).ShouldBe(201);
        await Make("incidents/a/corrections", new { reason = "x", changes = new { deaths = 3 } }, 200);
        await Make("incidents/b/retraction", Example.Reason(), 200);
        await Make("relationships/AZE-RUS/assessments", new { posture = 4, reason = "x" });
        await Make("relationships/AZE-RUS/checks", new { from = "2025-03-01", to = "2025-03-05", searched = "wires", found = "nothing" });
        await Make("stakes", new { id = "s", name = "Stake", heldBy = new[] { "AZE" } });
        await Make("stakes/s/amendments", new { reason = "x", changes = new { name = "Renamed" } }, 200);
        await Make("influence-claims", new { incident = "a", influencer = "USA", likelihood = new[] { 0.1, 0.2 }, confidence = "low", basis = "A blog" });
        await Make("pathways", new { dyad = "AZE-RUS", name = "Back", steps = new[] { "One" } });
        await Make("methods", new { id = "m", reason = "x", parameters = new { saturation = 3 } });
        (await own.Send(HttpMethod.Put, "actors/AZE/profile", JsonContent.Create(new { reason = "x", goals = new[] { "Weight" } }), ifMatch: "*")).ShouldBe(201);

        async Task Make(string path, object body, int status = 201) => (await own.Post(path, body, ifMatch: "*")).ShouldBe(status);
    }

    /// <summary>The log of the only workspace of a database, harmed in one way at a time.</summary>
    /// <param name="head">Kept before anything was harmed.</param>
    private sealed class TamperedLog(Workspace own, string database, string head) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(database);

        public async Task<long> PositionOf(string kind)
        {
            await using var command = source.CreateCommand($"select min(seq_id) from geo.mt_events where type = '{kind}'");
            return (long)(await command.ExecuteScalarAsync(Cancel))!;
        }

        /// <summary>Does harm, sees that it is named, and mends it.</summary>
        /// <param name="stream">What the fault says of the stream; null is anything.</param>
        public async Task Harmed(string sql, string kind, long? position, string? stream = null)
        {
            await Run("drop table if exists public.e, public.c, public.r; create table public.e as table geo.mt_events; create table public.c as table geo.chain; create table public.r as table geo.recording");
            await Run(sql);

            var found = await Verified();
            found["intact"].GetBoolean().ShouldBeFalse(sql);
            var faults = found["faults"].EnumerateArray().Where(f => f.GetProperty("kind").GetString() == kind).ToList();
            faults.ShouldNotBeEmpty($"{sql}: {found.Text}");
            if (position is { } at)
            {
                faults[0].GetProperty("position").GetInt64().ShouldBe(at, sql);
            }

            if (stream is not null)
            {
                faults[0].GetProperty("stream").GetString().ShouldBe(stream, sql);
            }

            await Run("""
                delete from geo.mt_events; insert into geo.mt_events select * from public.e; delete from geo.chain; insert into geo.chain select * from public.c;
                delete from geo.recording; insert into geo.recording select * from public.r
                """);
            await ShouldBeIntact();
        }

        public async Task ShouldBeIntact() => (await Verified())["intact"].GetBoolean().ShouldBeTrue();

        public ValueTask DisposeAsync() => source.DisposeAsync();

        public async Task Run(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancel);
        }

        private async Task<Reply> Verified() => (await own.Get($"log/verification?head={head}")).ShouldBe(200);
    }
}
