using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Connections for the few statements that logging runs over and over, and that leave nothing behind in their session.</summary>
/// <remarks>
/// So they need no reset when they go back to the pool, which costs more than such a statement does. Whoever sets something in a session, or takes a lock
/// for longer than a transaction, may not use them.
/// </remarks>
public sealed class LoggingConnections(NpgsqlDataSource database) : IAsyncDisposable
{
    /// <summary>How its statements are planned: by keys, always.</summary>
    /// <remarks>
    /// A plan is prepared once and kept until statistics come, which is a minute after a table has begun to fill. Planned for a table of a few rows, any way
    /// of reading it costs the same, and the one that was taken would be kept while the table grows to a hundred thousand.
    /// </remarks>
    public const string Planning = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    public NpgsqlDataSource Database => database;

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
