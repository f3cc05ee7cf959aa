using GeoEvents.Coding;
using Npgsql;

namespace GeoEvents.Relationships;

/// <summary>Reads the ledger as it was known at a position.</summary>
public sealed class LedgerReader(NpgsqlDataSource database)
{
    /// <summary>Entries with what closes them. Closers count whatever dyad they are in; of several the earliest.</summary>
    private const string Query =
        """
        select l.dyad, l.incident, l.link, l.forward, l.attribution, l.tau, l.type, l.cameo, l.credibility, l.deaths, l.harmed, l.deliberate, l.opens,
            case when l.opens then (
                select min(c.tau) from geo.ledger c
                where c.workspace = l.workspace and c.closes = l.incident and c.position <= $2 and c.until > $2 and not c.retracted) end
        from geo.ledger l
        where l.workspace = $1 and l.position <= $2 and l.until > $2 and not l.retracted and l.tau <= $3
        """;

    /// <summary>The entries of one dyad with τ up to <paramref name="valid"/>.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> OfDyad(string workspace, Dyad dyad, long known, DateTimeOffset valid, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"{Query} and l.dyad = $4");
        Bind(command, workspace, known, valid);
        command.Parameters.Add(new() { Value = dyad.ToString() });
        var entries = new List<LedgerEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            entries.Add(Entry(reader));
        }

        return entries;
    }

    /// <summary>The entries of all dyads, or of those with one actor, dyad by dyad.</summary>
    public async Task<IReadOnlyList<(Dyad Dyad, IReadOnlyList<LedgerEntry> Entries)>> OfAll(
        string workspace, ActorCode? actor, long known, DateTimeOffset valid, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"{Query} and ($4::text is null or l.dyad like $4 || '-%' or l.dyad like '%-' || $4) order by l.dyad");
        Bind(command, workspace, known, valid);
        command.Parameters.Add(new() { Value = (object?)actor?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var dyads = new List<(Dyad, IReadOnlyList<LedgerEntry>)>();
        List<LedgerEntry>? entries = null;
        string? current = null;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var dyad = reader.GetString(0);
            if (dyad != current)
            {
                current = dyad;
                dyads.Add((Dyad.Parse(dyad), entries = []));
            }

            entries!.Add(Entry(reader));
        }

        return dyads;
    }

    /// <summary>The incidents that close measures of some others, whatever dyad they are in.</summary>
    public async Task<IReadOnlyList<Closer>> Closers(string workspace, IReadOnlyCollection<Guid> openers, long known, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select incident, closes, tau from geo.ledger
            where workspace = $1 and closes = any($3) and position <= $2 and until > $2 and not retracted and link = 0
            """);
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = known });
        command.Parameters.Add(new() { Value = openers.ToArray() });
        var closers = new List<Closer>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            closers.Add(new Closer(reader.GetGuid(0), reader.GetGuid(1), new DateTimeOffset(reader.GetDateTime(2))));
        }

        return closers;
    }

    /// <summary>Issues and sources of a dyad's incidents, for explaining tension by them.</summary>
    public async Task<IReadOnlyDictionary<Guid, (string[] Issues, string[] Sources)>> Labels(
        string workspace, Dyad dyad, long known, DateTimeOffset valid, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select h.incident, coalesce(h.issues, '{}'), coalesce(h.sources, '{}') from geo.ledger l
            join geo.ledger h on h.workspace = l.workspace and h.incident = l.incident and h.position = l.position and h.link = 0
            where l.workspace = $1 and l.dyad = $4 and l.position <= $2 and l.until > $2 and not l.retracted and l.tau <= $3
            """);
        Bind(command, workspace, known, valid);
        command.Parameters.Add(new() { Value = dyad.ToString() });
        var labels = new Dictionary<Guid, (string[], string[])>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            labels[reader.GetGuid(0)] = (reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2));
        }

        return labels;
    }

    private static void Bind(NpgsqlCommand command, string workspace, long known, DateTimeOffset valid)
    {
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = known });
        command.Parameters.Add(new() { Value = valid.UtcDateTime });
    }

    private static LedgerEntry Entry(NpgsqlDataReader r) => new(
        r.GetGuid(1),
        r.GetInt16(2),
        r.GetBoolean(3),
        r.GetDouble(4),
        new DateTimeOffset(r.GetDateTime(5)),
        r.IsDBNull(6) ? null : r.GetString(6),
        r.IsDBNull(7) ? null : r.GetString(7),
        r.IsDBNull(8) ? null : r.GetDouble(8),
        r.GetInt64(9),
        r.GetInt64(10),
        r.GetBoolean(11),
        r.GetBoolean(12),
        r.IsDBNull(13) ? null : new DateTimeOffset(r.GetDateTime(13)));
}
