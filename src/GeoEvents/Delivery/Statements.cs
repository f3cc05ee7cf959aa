using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Statements with their values, by position.</summary>
internal static class Statements
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] values) => With(new NpgsqlCommand(sql, connection), values);

    public static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params object?[] values) => With(database.CreateCommand(sql), values);

    public static void Add(this NpgsqlBatch batch, string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = Stored(value) });
        }

        batch.BatchCommands.Add(command);
    }

    public static async Task<int> Execute(this NpgsqlConnection connection, string sql, CancellationToken cancel, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand With(NpgsqlCommand command, object?[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = Stored(value) });
        }

        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset instant => instant.UtcDateTime,
        _ => value,
    };
}
