using Npgsql;

namespace GeoEvents.Recording;

/// <summary>Tells a database that is away, starting, stopping or out of means from one that refuses a statement.</summary>
public static class DatabaseAway
{
    /// <summary>Classes of SQLSTATE: connection exception, insufficient resources, operator intervention (without cancelled queries), system error.</summary>
    private static readonly string[] Classes = ["08", "53", "57P", "58"];

    /// <summary>Whether that is the reason, perhaps wrapped by a library.</summary>
    public static bool IsReason(Exception? e) => e switch
    {
        null => false,
        ServiceUnavailableException => true,
        PostgresException p => Classes.Any(c => p.SqlState.StartsWith(c, StringComparison.Ordinal)),
        NpgsqlException => true,
        AggregateException all => all.InnerExceptions.Any(IsReason),
        _ => IsReason(e.InnerException),
    };
}
