using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Alerts.Engine;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Alerts.Live;

/// <summary>How far the engine has come in a workspace.</summary>
/// <param name="Position">The last log position that it has taken.</param>
/// <param name="At">The instant up to which it has looked at time.</param>
public sealed record EngineCursor(long Position, DateTimeOffset At);

/// <summary>What the engine keeps of one relationship.</summary>
/// <param name="Attended">When something was last recorded of it.</param>
/// <param name="Machines">Where its rules stand, by rule; those that never left their beginning are left out.</param>
public sealed record DyadState(DateTimeOffset? Attended, [property: KeepEmpty] IReadOnlyDictionary<string, MachineState> Machines)
{
    public static readonly DyadState Initial = new(null, new Dictionary<string, MachineState>());

    /// <summary>When a rule has to be looked at next.</summary>
    [JsonIgnore]
    public DateTimeOffset? Due => Machines.Values.Min(m => m.Due);
}

/// <summary>Keeps cursor and states of the engine; see <c>geo.alert_cursor</c> and <c>geo.alert_dyad</c>.</summary>
public sealed class EngineStore(NpgsqlDataSource database)
{
    private static readonly JsonSerializerOptions Json = GeoJson.Options;

    /// <returns>Null if the engine never came to the workspace.</returns>
    public async Task<EngineCursor?> Cursor(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select position, at from geo.alert_cursor where workspace = $1");
        command.Parameters.Add(new() { Value = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new EngineCursor(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    public async Task<Dictionary<Dyad, DyadState>> States(string workspace, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select dyad, state from geo.alert_dyad where workspace = $1");
        command.Parameters.Add(new() { Value = workspace });
        var states = new Dictionary<Dyad, DyadState>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            states[Dyad.Parse(reader.GetString(0))] = JsonSerializer.Deserialize<DyadState>(reader.GetString(1), Json)!;
        }

        return states;
    }

    /// <summary>Moves the cursor and keeps states, if nobody else moved it.</summary>
    /// <param name="connection">In the transaction that records what was decided, if anything was.</param>
    /// <param name="from">Null: there was none.</param>
    /// <exception cref="OvertakenException">The cursor is not where it was.</exception>
    public static async Task Move(
        NpgsqlConnection connection, string workspace, EngineCursor? from, EngineCursor to, IReadOnlyDictionary<Dyad, DyadState> states, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        var move = from is null
            ? new NpgsqlBatchCommand("insert into geo.alert_cursor (workspace, position, at) values ($1, $2, $3) on conflict do nothing")
            : new NpgsqlBatchCommand("update geo.alert_cursor set position = $2, at = $3 where workspace = $1 and position = $4 and at = $5");
        foreach (var value in from is null ? [workspace, to.Position, to.At.UtcDateTime] : (object[])[workspace, to.Position, to.At.UtcDateTime, from.Position, from.At.UtcDateTime])
        {
            move.Parameters.Add(new() { Value = value });
        }

        batch.BatchCommands.Add(move);
        if (states.Count > 0)
        {
            batch.BatchCommands.Add(new("insert into geo.alert_dyad (workspace, dyad, state) select $1, d, s from unnest($2, $3) as r(d, s) on conflict (workspace, dyad) do update set state = excluded.state")
            {
                Parameters =
                {
                    new() { Value = workspace },
                    new() { Value = states.Keys.Select(d => d.ToString()).ToArray() },
                    new() { Value = states.Values.Select(s => JsonSerializer.Serialize(s, Json)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancel);
        if (move.RecordsAffected != 1)
        {
            throw new OvertakenException($"Somebody else evaluates the rules of workspace {workspace}.");
        }
    }

    /// <summary>The same where nothing was decided.</summary>
    public async Task Move(string workspace, EngineCursor? from, EngineCursor to, IReadOnlyDictionary<Dyad, DyadState> states, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Move(connection, workspace, from, to, states, cancel);
        await transaction.CommitAsync(cancel);
    }
}
