using Npgsql;

namespace GeoEvents.Delivery;

/// <summary>This run of the service among those that deliver from one database. What it leased is free again as soon as it is gone, however it went.</summary>
/// <remarks>It lives as long as a connection that holds an advisory lock of its number.</remarks>
public sealed class DeliveryNode : IAsyncDisposable
{
    /// <summary>First half of the key of the lock; any constant will do.</summary>
    public const int LockClass = 0x67656464; // "gedd"

    private readonly NpgsqlConnection connection;
    private readonly CancellationTokenSource over = new();

    private DeliveryNode(long number, NpgsqlConnection connection)
    {
        (Number, this.connection) = (number, connection);
        Lost = Watch();
    }

    public long Number { get; }

    /// <summary>Ends when the connection does: from then on others may take what it leased.</summary>
    public Task Lost { get; }

    public static async Task<DeliveryNode> Join(NpgsqlDataSource database, CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            await using var joining = new NpgsqlCommand($"select n, pg_advisory_lock({LockClass}, n::int) from (select nextval('geo.delivery_node') % 2147483647 as n offset 0) d", connection);
            await using var reader = await joining.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var number = reader.GetInt64(0);
            await reader.CloseAsync();
            return new DeliveryNode(number, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Lost;
        await Leave();
        await connection.DisposeAsync();
        over.Dispose();
    }

    /// <summary>Given back to its pool with the lock, the connection would keep it.</summary>
    private async Task Leave()
    {
        try
        {
            await using var leaving = new NpgsqlCommand($"select pg_advisory_unlock({LockClass}, {Number}::int)", connection);
            await leaving.ExecuteNonQueryAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            return; // With the connection, the lock has gone.
        }
    }

    private async Task Watch()
    {
        try
        {
            while (true)
            {
                await connection.WaitAsync(over.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException or InvalidOperationException)
        {
            return;
        }
    }
}
