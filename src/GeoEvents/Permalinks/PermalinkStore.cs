using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Permalinks;

/// <summary>The permalinks of a workspace. They say nothing of the world, so they are not in its log.</summary>
public sealed class PermalinkStore(NpgsqlDataSource database)
{
    /// <returns>The one on record, if it was pinned before.</returns>
    public async Task<(Permalink Permalink, bool New)> Keep(string workspace, Permalink permalink, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """insert into geo.permalink (workspace, id, read, hash, "user", created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing""");
        foreach (var value in (object[])[workspace, permalink.Id, permalink.Read, permalink.Hash, permalink.User, permalink.CreatedAt.UtcDateTime])
        {
            command.Parameters.Add(new() { Value = value });
        }

        var added = await command.ExecuteNonQueryAsync(cancel) > 0;
        return (added ? permalink : await Find(workspace, permalink.Id, cancel), added);
    }

    /// <exception cref="RefusedException">There is none of that name (404).</exception>
    public async Task<Permalink> Find(string workspace, string id, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""select id, read, hash, "user", created_at from geo.permalink where workspace = $1 and id = $2""");
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new Permalink(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4))
            : throw RefusedException.NotFound("permalink", id);
    }
}
