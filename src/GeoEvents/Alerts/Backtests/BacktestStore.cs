using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Alerts.Backtests;

[JsonConverter(typeof(KebabCaseEnumConverter<BacktestState>))]
public enum BacktestState { Queued, Running, Done, Failed, Cancelled, Interrupted }

/// <summary>A backtest as the service shows it.</summary>
/// <param name="Looked">Facts that were looked at.</param>
/// <param name="Total">Facts that there are to look at; 0 before that is known.</param>
/// <param name="Reason">Why it failed or was interrupted.</param>
/// <param name="Result">Once it is done.</param>
public sealed record BacktestView(
    Guid Id, BacktestState State, long Looked, long Total, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, BacktestDraft Draft, BacktestResult? Result);

/// <summary>Keeps backtests in <c>geo.backtest</c>, so that any node can tell of them.</summary>
public sealed class BacktestStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How many of a workspace may wait.</summary>
    public const int MostWaiting = 20;

    internal const string Stopped = "The service was stopped while it ran.";

    private const int Kept = 7;

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);

    /// <summary>Key of the lock that whoever runs a backtest holds.</summary>
    private const string Lock = "hashtextextended('geoevents backtest ' || id::text, 0)";

    /// <exception cref="RefusedException">As many of the workspace wait as may (429).</exception>
    public async Task<BacktestView> Add(string workspace, BacktestDraft draft, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await Execute("delete from geo.backtest where created_at < $1", cancel, now.AddDays(-Kept).UtcDateTime);
        await using var adding = database.CreateBatch();
        Then("select pg_advisory_xact_lock(hashtextextended('geoevents backtests of ' || $1, 0))", workspace);
        Then(
            """
            insert into geo.backtest (id, workspace, draft, state, created_at, updated_at) select $1, $2, $3, 'queued', $4, $4
            where (select count(*) from geo.backtest where workspace = $2 and state = 'queued') < $5
            """,
            id,
            workspace,
            Json(draft),
            now.UtcDateTime,
            (long)MostWaiting);
        await adding.ExecuteNonQueryAsync(cancel);
        return adding.BatchCommands[1].RecordsAffected == 1
            ? new BacktestView(id, BacktestState.Queued, 0, 0, null, now, now, draft, null)
            : throw new RefusedException(
                "too-many-backtests", $"{MostWaiting} backtests of this workspace are waiting. Cancel some, or try again when some are done.", StatusCodes.Status429TooManyRequests)
            {
                RetryAfter = TryAgain,
            };

        void Then(string sql, params object[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            Bind(command.Parameters, parameters);
            adding.BatchCommands.Add(command);
        }
    }

    /// <summary>Takes the next that waits, to be run by the caller: of the workspace that has waited longest for a turn, its oldest.</summary>
    /// <returns>Null if none waits. Whoever takes it disposes of it.</returns>
    public async Task<TakenBacktest?> Take(CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            // The lock is held before anybody can see that it runs.
            await using var taking = new NpgsqlCommand(
                $"""
                with next as materialized (
                    select id from geo.backtest waiting where state = 'queued'
                    order by (select max(started_at) from geo.backtest known where known.workspace = waiting.workspace) nulls first, created_at
                    limit 1 for update skip locked),
                held as materialized (select id, pg_try_advisory_lock({Lock}) as locked from next)
                update geo.backtest b set state = 'running', started_at = clock_timestamp(), updated_at = $1 from held where b.id = held.id and held.locked
                returning b.id, b.workspace, b.draft
                """,
                connection);
            Bind(taking.Parameters, [clock.GetUtcNow().UtcDateTime]);
            await using var reader = await taking.ExecuteReaderAsync(cancel);
            if (await reader.ReadAsync(cancel))
            {
                return new TakenBacktest(connection, reader.GetGuid(0), reader.GetString(1), JsonSerializer.Deserialize<BacktestDraft>(reader.GetString(2), GeoJson.Options)!);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <exception cref="RefusedException">There is none of that id (404).</exception>
    public async Task<BacktestView> Find(string workspace, string id, CancellationToken cancel)
    {
        var (view, result) = await One(workspace, id, cancel);
        return result is null ? view : view with { Result = JsonSerializer.Deserialize<BacktestResult>(result, GeoJson.Options) };
    }

    /// <summary>The same as JSON, its result as it was stored: that may be of megabytes, and nobody here has to understand it again.</summary>
    /// <exception cref="RefusedException">There is none of that id (404).</exception>
    public async Task<string> FindJson(string workspace, string id, CancellationToken cancel)
    {
        var (view, result) = await One(workspace, id, cancel);
        var json = JsonSerializer.Serialize(view, GeoJson.Options);
        return result is null ? json : $$"""{{json[..^1]}},"result":{{result}}}""";
    }

    /// <summary>Latest first, without their results.</summary>
    public async Task<IReadOnlyList<BacktestView>> List(string workspace, CancellationToken cancel) =>
        [.. (await Read("null", "order by created_at desc limit 100", cancel, workspace)).Select(b => b.View)];

    /// <summary>Says how far one is, unless it is over.</summary>
    /// <returns>Whether it is to go on; false once somebody ended it.</returns>
    public async Task<bool> Progress(Guid id, long looked, long total, CancellationToken cancel) => await Execute(
        "update geo.backtest set looked = $2, total = $3, updated_at = $4 where id = $1 and state = 'running'", cancel, id, looked, total, clock.GetUtcNow().UtcDateTime) == 1;

    /// <summary>Ends one that is not over yet.</summary>
    /// <returns>Whether it was not.</returns>
    public async Task<bool> End(Guid id, BacktestState state, string? reason, BacktestResult? result, CancellationToken cancel) => await Execute(
        "update geo.backtest set state = $2, reason = $3, result = $4, looked = case when $2 = 'done' then total else looked end, updated_at = $5 where id = $1 and state in ('queued', 'running')",
        cancel,
        id,
        KebabCaseEnumConverter.NameOf(state),
        (object?)reason ?? DBNull.Value,
        new NpgsqlParameter { Value = result is null ? DBNull.Value : JsonSerializer.Serialize(result, GeoJson.Options), NpgsqlDbType = NpgsqlDbType.Json },
        clock.GetUtcNow().UtcDateTime) == 1;

    /// <summary>Ends those that are said to run and that no node runs: theirs is gone.</summary>
    public Task Interrupt(CancellationToken cancel) => Execute(
        $"""
        with running as materialized (select id from geo.backtest where state = 'running'),
        left_behind as materialized (select id from running where pg_try_advisory_xact_lock({Lock}))
        update geo.backtest b set state = 'interrupted', reason = $1, updated_at = $2 from left_behind where b.id = left_behind.id and b.state = 'running'
        """,
        cancel,
        Stopped,
        clock.GetUtcNow().UtcDateTime);

    private async Task<(BacktestView View, string? Result)> One(string workspace, string id, CancellationToken cancel)
    {
        var found = Guid.TryParse(id, out var guid) ? await Read("result", "and id = $2", cancel, workspace, guid) : [];
        return found.Count > 0 ? found[0] : throw RefusedException.NotFound("backtest", id);
    }

    private async Task<List<(BacktestView View, string? Result)>> Read(string result, string where, CancellationToken cancel, params object[] parameters)
    {
        await using var command = database.CreateCommand(
            $"select id, state, looked, total, reason, created_at, updated_at, draft, {result} from geo.backtest where workspace = $1 {where}");
        Bind(command.Parameters, parameters);
        var found = new List<(BacktestView, string?)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var view = new BacktestView(
                reader.GetGuid(0),
                Enum.Parse<BacktestState>(reader.GetString(1), ignoreCase: true),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                JsonSerializer.Deserialize<BacktestDraft>(reader.GetString(7), GeoJson.Options)!,
                Result: null);
            found.Add((view, reader.IsDBNull(8) ? null : reader.GetString(8)));
        }

        return found;
    }

    private async Task<int> Execute(string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        Bind(command.Parameters, parameters);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static void Bind(NpgsqlParameterCollection bound, object[] parameters)
    {
        foreach (var parameter in parameters)
        {
            bound.Add(parameter as NpgsqlParameter ?? new() { Value = parameter });
        }
    }

    private static NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value, GeoJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
