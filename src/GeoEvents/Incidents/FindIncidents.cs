using GeoEvents.Hosting;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>What a list of incidents is asked for.</summary>
public sealed class IncidentQuery : StandingFilter
{
    public string? Limit { get; init; }

    public string? After { get; init; }
}

/// <summary>Finds incidents as they were known at a position, latest first.</summary>
public sealed class FindIncidents(NpgsqlDataSource database, IncidentReader incidents, AsOfReader asOf)
{
    public async Task<Page<IncidentView>> Find(string workspace, IncidentQuery query, CancellationToken cancel)
    {
        var limit = PageSize.Read(query.Limit);
        var cursor = Cursor.Read(query.After, AsOf.PartsOfCursor + 2);
        var at = cursor is null ? await asOf.Read(workspace, query.Point, cancel) : await asOf.Pinned(workspace, query.Point, cursor, cancel);
        var known = at.Known.Position;

        var conditions = query.Conditions(at);
        var after = cursor is null
            ? "true"
            : $"(tau, incident) < ({conditions.Given(Cursor.Instant(cursor[^2]).UtcDateTime)}, {conditions.Given(Id(cursor[^1]))})";

        await using var command = database.CreateCommand(
            $"""
            select incident, tau from geo.ledger i
            where workspace = $1 and link = 0 and position <= $2 and until > $2 and {query.Standing} and {conditions.Sql} and {after}
            order by tau desc, incident desc limit {limit + 1}
            """);
        conditions.GiveTo(command, workspace, known);
        var found = new List<(Guid Stream, DateTimeOffset Tau)>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                found.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
            }
        }

        var next = found.Count > limit
            ? Cursor.Write([.. at.CursorParts, $"{found[limit - 1].Tau.UtcTicks}", $"{found[limit - 1].Stream}"])
            : null;
        var page = found.Take(limit).ToList();
        var loaded = await incidents.Load(workspace, [.. page.Select(f => f.Stream)], known, cancel);
        return new Page<IncidentView>([.. page.Select(f => new IncidentView(loaded[f.Stream], at.Method))], known, next, at.Shown);
    }

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw Cursor.Malformed();
}
