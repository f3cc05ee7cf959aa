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
    private const int Kept = 7;

    public async Task<BacktestView> Add(string workspace, BacktestDraft draft, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await Execute("delete from geo.backtest where created_at < $1", cancel, now.AddDays(-Kept).UtcDateTime);
        await Execute(
            "insert into geo.backtest (id, workspace, draft, state, created_at, updated_at) values ($1, $2, $3, 'queued', $4, $4)",
            cancel,
            id,
            workspace,
            Json(draft),
            now.UtcDateTime);
        return new BacktestView(id, BacktestState.Queued, 0, 0, null, now, now, draft, null);
    }

    /// <exception cref="RefusedException">There is none of that id (404).</exception>
    public async Task<BacktestView> Find(string workspace, string id, CancellationToken cancel)
    {
        var found = Guid.TryParse(id, out var guid) ? await Read("and id = $2", cancel, workspace, guid) : [];
        return found.Count > 0 ? found[0] : throw RefusedException.NotFound("backtest", id);
    }

    /// <summary>Latest first, without their results.</summary>
    public async Task<IReadOnlyList<BacktestView>> List(string workspace, CancellationToken cancel) =>
        [.. (await Read("order by created_at desc limit 100", cancel, workspace)).Select(b => b with { Result = null })];

    /// <summary>Says how far one is, unless it is over.</summary>
    /// <returns>Whether it is to go on; false once somebody cancelled it.</returns>
    public async Task<bool> Progress(Guid id, long looked, long total, CancellationToken cancel) => await Execute(
        "update geo.backtest set state = 'running', looked = $2, total = $3, updated_at = $4 where id = $1 and state in ('queued', 'running')", cancel, id, looked, total, clock.GetUtcNow().UtcDateTime) == 1;

    /// <summary>Ends one that is not over yet.</summary>
    /// <returns>Whether it was not.</returns>
    public async Task<bool> End(Guid id, BacktestState state, string? reason, BacktestResult? result, CancellationToken cancel) => await Execute(
        "update geo.backtest set state = $2, reason = $3, result = $4, looked = case when $2 = 'done' then total else looked end, updated_at = $5 where id = $1 and state in ('queued', 'running')",
        cancel,
        id,
        KebabCaseEnumConverter.NameOf(state),
        (object?)reason ?? DBNull.Value,
        result is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb } : Json(result),
        clock.GetUtcNow().UtcDateTime) == 1;

    /// <summary>Ends those that nobody has told of for a while: their node is gone.</summary>
    public Task Interrupt(TimeSpan silentFor, CancellationToken cancel) => Execute(
        "update geo.backtest set state = 'interrupted', reason = 'The service was stopped while it ran.', updated_at = $2 where state in ('queued', 'running') and updated_at < $1",
        cancel,
        (clock.GetUtcNow() - silentFor).UtcDateTime,
        clock.GetUtcNow().UtcDateTime);

    private async Task<List<BacktestView>> Read(string where, CancellationToken cancel, params object[] parameters)
    {
        await using var command = database.CreateCommand(
            $"select id, state, looked, total, reason, created_at, updated_at, draft, result from geo.backtest where workspace = $1 {where}");
        Bind(command, parameters);
        var found = new List<BacktestView>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new BacktestView(
                reader.GetGuid(0),
                Enum.Parse<BacktestState>(reader.GetString(1), ignoreCase: true),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                JsonSerializer.Deserialize<BacktestDraft>(reader.GetString(7), GeoJson.Options)!,
                reader.IsDBNull(8) ? null : JsonSerializer.Deserialize<BacktestResult>(reader.GetString(8), GeoJson.Options)));
        }

        return found;
    }

    private async Task<int> Execute(string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        Bind(command, parameters);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static void Bind(NpgsqlCommand command, object[] parameters)
    {
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter });
        }
    }

    private static NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value, GeoJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
