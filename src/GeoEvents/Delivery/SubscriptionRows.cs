using System.Text;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>Reads subscriptions and deliveries from their tables' columns.</summary>
internal static class SubscriptionRows
{
    public const string Columns = """id, version, data, state, reason, detail, since, position, "user", created_at, due_at""";

    public const string DeliveryColumns = "number, item, type, alert, message, batch, replay, state, tries, attempts, planned_at, settled_at";

    /// <param name="at">Index of the first of <see cref="Columns"/>.</param>
    public static Subscription Subscription(NpgsqlDataReader row, int at = 0) => new(
        row.GetString(at),
        row.GetInt64(at + 1),
        Body.Parse<SubscriptionContent>(Encoding.UTF8.GetBytes(row.GetString(at + 2))),
        Named<SubscriptionState>(row.GetString(at + 3)),
        row.IsDBNull(at + 4) ? null : Named<DisabledBecause>(row.GetString(at + 4)),
        row.IsDBNull(at + 5) ? null : row.GetString(at + 5),
        row.GetFieldValue<DateTimeOffset>(at + 6),
        row.GetInt64(at + 7),
        row.GetString(at + 8),
        row.GetFieldValue<DateTimeOffset>(at + 9),
        row.IsDBNull(at + 10) ? null : row.GetFieldValue<DateTimeOffset>(at + 10));

    public static DeliveryRecord Delivery(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.GetString(4),
        row.IsDBNull(5) ? null : row.GetString(5),
        row.GetBoolean(6),
        Named<DeliveryState>(row.GetString(7)),
        row.GetInt32(8),
        row.GetInt32(9),
        row.GetFieldValue<DateTimeOffset>(10),
        row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11));

    public static async Task<List<T>> All<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var all = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            all.Add(read(reader));
        }

        return all;
    }

    public static string Name<T>(T value) where T : struct, Enum => KebabCaseEnumConverter.NameOf(value);

    private static T Named<T>(string text) where T : struct, Enum =>
        KebabCaseEnumConverter.TryParse<T>(text, out var value) ? value : throw new InvalidOperationException($"'{text}' is stored, which this version does not know.");
}
