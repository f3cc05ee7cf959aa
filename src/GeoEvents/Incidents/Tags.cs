using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>A tag, and how many standing incidents carry it.</summary>
public sealed record TagCount(string Tag, long Incidents);

/// <summary>The free tags of a workspace.</summary>
public static class Tags
{
    public static async Task<IReadOnlyList<TagCount>> Read(NpgsqlDataSource database, string workspace, AsOf at, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select tag, count(*) from geo.ledger, unnest(issues) as tag
            where workspace = $1 and position <= $2 and until > $2 and tau <= $3 and link = 0 and not retracted and issues is not null
            group by tag order by count(*) desc, tag
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = at.Known.Position });
        command.Parameters.Add(new() { Value = at.Valid.UtcDateTime });
        var tags = new List<TagCount>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            tags.Add(new TagCount(reader.GetString(0), reader.GetInt64(1)));
        }

        return tags;
    }
}
