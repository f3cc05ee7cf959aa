using System.Collections.Concurrent;
using Npgsql;

namespace GeoEvents.Recording;

/// <summary>What the log of a workspace is told from all others by, also of the same name in another installation.</summary>
public sealed class LogOrigin(NpgsqlDataSource database)
{
    /// <summary>Of a log that has no fact yet.</summary>
    public const string None = "empty";

    private readonly ConcurrentDictionary<string, string> known = new();

    /// <returns>The first 16 hexadecimal digits of the digest of its first fact, which never changes; a log that was restored from an archive has that of the archive.</returns>
    public async Task<string> Of(string workspace, CancellationToken cancel)
    {
        if (known.TryGetValue(workspace, out var origin))
        {
            return origin;
        }

        await using var command = database.CreateCommand("select substring(digests from 1 for 8) from geo.chain where workspace = $1 order by position limit 1");
        command.Parameters.Add(new() { Value = workspace });
        return await command.ExecuteScalarAsync(cancel) is byte[] digest ? known[workspace] = Convert.ToHexStringLower(digest) : None;
    }
}
