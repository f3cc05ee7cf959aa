namespace GeoEvents.Hosting.Postgres;

/// <summary>How our PostgreSQL is set, whatever its configuration files say. Whoever needs other settings gives a connection string.</summary>
internal static class ServerSettings
{
    private static readonly string[] Fixed =
    [
        "listen_addresses=",
        "port=5432",
        "max_connections=100",
        "shared_buffers=512MB",
        // Nobody follows its log: tables and indexes made in one go need not be in it.
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=2GB",
        "min_wal_size=160MB",
        "wal_compression=on",
        "checkpoint_timeout=15min",
        "fsync=on",
        "full_page_writes=on",
        "synchronous_commit=on",
        "jit=off",
        "timezone=UTC",
        "logging_collector=off",
        "log_destination=stderr",
        "log_line_prefix=%m [%p] ",
        "log_timezone=UTC",
        "log_checkpoints=off",
        "log_min_error_statement=panic",
    ];

    /// <summary>What is read is mostly in memory already. Version 18 has workers that fetch it for others: an index takes a third longer to make by them.</summary>
    private const string NoReadingWorkers = "io_method=sync";

    /// <param name="sockets">A folder for the one socket: the server can be reached in no other way, and by nobody who cannot enter it.</param>
    /// <param name="major">Version of the server.</param>
    public static IEnumerable<string> For(string sockets, int major) =>
        Fixed.Concat(major < 18 ? [] : [NoReadingWorkers])
            .Append($"unix_socket_directories={sockets}")
            .Append("unix_socket_permissions=0700")
            .SelectMany(setting => new[] { "-c", setting });
}
