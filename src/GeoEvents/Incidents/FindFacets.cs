using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>What counts of incidents are asked for.</summary>
public sealed class FacetQuery : StandingFilter
{
    private const int DefaultLimit = 20;
    private const int LargestLimit = 500;

    /// <summary>How many values of each facet, the most frequent first: 1 to 500; 20 if not said.</summary>
    public string? Limit { get; init; }

    /// <exception cref="InvalidRequestException">It cannot be read.</exception>
    internal int Most => Limit is null
        ? DefaultLimit
        : int.TryParse(Limit, System.Globalization.NumberStyles.None, null, out var most) && most is >= 1 and <= LargestLimit
            ? most
            : throw new InvalidRequestException(FieldProblem.In("limit", "out-of-range", $"1 to {LargestLimit} values."));
}

/// <summary>A value that incidents have.</summary>
/// <param name="Value">As the parameter takes it that narrows a search down to it.</param>
/// <param name="Name">In words, as known then; null if the value says it.</param>
/// <param name="Incidents">How many of those found have it.</param>
public sealed record Facet(string Value, string? Name, long Incidents);

/// <summary>What the incidents that a search finds have in common: how many have which value.</summary>
/// <param name="Incidents">How many are found.</param>
/// <param name="Types">CAMEO-coded incidents count under the type that their code falls under.</param>
/// <param name="KnownAsOf">Log position.</param>
/// <param name="Shown">The point in words.</param>
public sealed record FacetsView(
    long Incidents,
    [property: KeepEmpty] IReadOnlyList<Facet> Dyads,
    [property: KeepEmpty] IReadOnlyList<Facet> Types,
    [property: KeepEmpty] IReadOnlyList<Facet> Actors,
    [property: KeepEmpty] IReadOnlyList<Facet> Issues,
    [property: KeepEmpty] IReadOnlyList<Facet> Sources,
    [property: KeepEmpty] IReadOnlyList<Facet> Countries,
    long KnownAsOf,
    string Shown);

/// <summary>Counts incidents by what they have, as they were known at a position: by the conditions by which they are found, so that nothing later shows.</summary>
public sealed class FindFacets(NpgsqlDataSource database, RegistryReader registry, AsOfReader asOf)
{
    public async Task<FacetsView> Find(string workspace, FacetQuery query, CancellationToken cancel)
    {
        var most = query.Most;
        var at = await asOf.Read(workspace, query.Point, cancel);
        var counts = await Count(workspace, at.Known.Position, query.Conditions(at), query.Standing, cancel);
        var actors = (await registry.Actors(workspace, at.Known.Position, cancel)).ToDictionary(a => a.Code.ToString(), a => a.Name);
        var sources = (await registry.Sources(workspace, at.Known.Position, cancel)).ToDictionary(s => s.Id, s => s.Name);
        var types = counts["types"].Select(c => c with { Value = c.Value ?? at.Method.TypeOfCameo(c.Cameo!)?.Type })
            .Where(c => c.Value is not null).GroupBy(c => c.Value).Select(g => g.First() with { Incidents = g.Sum(c => c.Incidents) });
        return new FacetsView(
            counts["incidents"].Sum(c => c.Incidents),
            Most(counts["dyads"], dyad => Dyad.Parse(dyad) is var d ? $"{actors.GetValueOrDefault($"{d.First}")} and {actors.GetValueOrDefault($"{d.Second}")}" : null),
            Most(types, type => at.Method.FindType(type)?.Label),
            Most(counts["actors"], actors.GetValueOrDefault),
            Most(counts["issues"], _ => null),
            Most(counts["sources"], sources.GetValueOrDefault),
            Most(counts["countries"], actors.GetValueOrDefault),
            at.Known.Position,
            at.Shown);

        IReadOnlyList<Facet> Most(IEnumerable<Counted> values, Func<string, string?> nameOf) =>
        [
            .. values.OrderByDescending(v => v.Incidents).ThenBy(v => v.Value, StringComparer.Ordinal).Take(most)
                .Select(v => new Facet(v.Value!, nameOf(v.Value!), v.Incidents)),
        ];
    }

    private sealed record Counted(string Facet, string? Value, string? Cameo, long Incidents);

    private async Task<ILookup<string, Counted>> Count(string workspace, long known, LedgerConditions conditions, string standing, CancellationToken cancel)
    {
        // One pass over the rows counts every column. A column that a group is not of is null in it, so a value that is there says of which it is.
        await using var command = database.CreateCommand(
            $"""
            with met as not materialized (
                select incident, position, dyad, type, case when type is null then cameo end as cameo, country, parties, issues, sources from geo.ledger i
                where workspace = $1 and link = 0 and position <= $2 and until > $2 and {standing} and {conditions.Sql}
            ), counted as materialized (
                select dyad, type, cameo, country, parties, issues, sources, count(*) as incidents
                from met group by grouping sets (dyad, (type, cameo), country, parties, issues, sources)
            )
            select 'incidents', null, null, coalesce(sum(incidents), 0)::bigint from counted where dyad is not null
            union all select 'types', type, cameo, incidents from counted where type is not null or cameo is not null
            union all select 'countries', country, null, incidents from counted where country is not null
            union all select 'actors', value, null, sum(incidents)::bigint from counted, unnest(parties) as value group by 2
            union all select 'issues', value, null, sum(incidents)::bigint from counted, unnest(issues) as value group by 2
            union all select 'sources', value, null, sum(incidents)::bigint from counted, unnest(sources) as value group by 2
            union all
            select 'dyads', dyad, null, sum(incidents)::bigint from (
                select dyad, incidents from counted where dyad is not null
                union all
                select l.dyad, count(distinct incident) from met join geo.ledger l using (incident, position)
                where l.link > 0 and l.dyad <> met.dyad group by 1
            ) links group by 2
            """);
        conditions.GiveTo(command, workspace, known);
        var counted = new List<Counted>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            counted.Add(new Counted(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3)));
        }

        return counted.ToLookup(c => c.Facet);
    }
}
