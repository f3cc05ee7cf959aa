namespace GeoEvents.Hosting.Postgres;

/// <summary>No PostgreSQL can be had. The message says why and what to do; it is meant for the user, without a stack trace.</summary>
public sealed class PostgresUnavailableException(string message) : Exception(message);
