using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Connections for the few statements that logging runs over and over, and that leave nothing behind in their session.</summary>
/// <remarks>
/// So they need no reset when they go back to the pool, which costs more than such a statement does. Whoever sets something in a session, or takes a lock
/// for longer than a transaction, may not use them.
/// </remarks>
public sealed class LoggingConnections(NpgsqlDataSource database) : IAsyncDisposable
{
    public NpgsqlDataSource Database => database;

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
