using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Coverage;

/// <summary>A relationship's coverage at one point.</summary>
/// <param name="Months">From the first to the last that was asked for, without gaps.</param>
public sealed record CoverageView(Dyad Dyad, DateTimeOffset ValidAsOf, LogPosition KnownAsOf, string Shown, [property: KeepEmpty] IReadOnlyList<CoverageMonth> Months);

/// <summary>One relationship's coverage among others.</summary>
/// <param name="Blind">How many of the months are unobserved.</param>
public sealed record CoverageLine(Dyad Dyad, int Blind, DateTimeOffset? LastLooked, [property: KeepEmpty] IReadOnlyList<CoverageMonth> Months);

/// <summary>Reads checks, and how far relationships were looked at.</summary>
public sealed class CoverageReader(NpgsqlDataSource database, StateReader states)
{
    public async Task<Checks> ChecksOf(string workspace, Dyad dyad, long known, CancellationToken cancel) =>
        await states.Find<Checks>(workspace, StreamKey.Checks(dyad), known, cancel) ?? Checks.None(dyad);

    public Task<IReadOnlyList<Checks>> AllChecks(string workspace, long known, CancellationToken cancel) =>
        states.All<Checks, CheckEvent>(workspace, known, cancel);

    /// <param name="first">First day of the first month.</param>
    /// <param name="last">First day of the last month.</param>
    public async Task<CoverageView> Of(string workspace, Dyad dyad, DateOnly first, DateOnly last, AsOf asOf, CancellationToken cancel)
    {
        var incidents = (await Incidents(workspace, dyad, first, Until(last, asOf), asOf.Known.Position, cancel)).GetValueOrDefault(dyad, []);
        var checks = await ChecksOf(workspace, dyad, asOf.Known.Position, cancel);
        return new CoverageView(dyad, asOf.Valid, asOf.Known, asOf.Shown, Months(first, last, incidents, checks, asOf.Valid));
    }

    /// <summary>Every relationship that had an incident or a check by the end of the last month: those that are blind in most months first, then those that nobody looked at for longest.</summary>
    public async Task<IReadOnlyList<CoverageLine>> OfAll(string workspace, DateOnly first, DateOnly last, AsOf asOf, CancellationToken cancel)
    {
        var until = Until(last, asOf);
        var incidents = await Incidents(workspace, null, first, until, asOf.Known.Position, cancel);
        var checks = (await AllChecks(workspace, asOf.Known.Position, cancel)).Where(c => c.HoldingAt(until).Any()).ToDictionary(c => c.Dyad);
        var lines = from dyad in incidents.Keys.Union(checks.Keys)
                    let months = Months(first, last, incidents.GetValueOrDefault(dyad, []), checks.GetValueOrDefault(dyad, Checks.None(dyad)), asOf.Valid)
                    let line = new CoverageLine(dyad, months.Count(m => m.State == Observation.Unobserved), months[^1].LastLooked, months)
                    orderby line.Blind descending, line.LastLooked, dyad.ToString()
                    select line;
        return [.. lines];
    }

    /// <summary>V, or the end of the last month if that is earlier.</summary>
    private static DateTimeOffset Until(DateOnly last, AsOf asOf)
    {
        var end = new DateTimeOffset(last.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero).AddTicks(-TimeSpan.TicksPerMicrosecond);
        return end < asOf.Valid ? end : asOf.Valid;
    }

    private static IReadOnlyList<CoverageMonth> Months(DateOnly first, DateOnly last, IReadOnlyList<(DateOnly? Month, IncidentMonth Incidents)> incidents, Checks checks, DateTimeOffset valid) =>
        CoverageMonths.Of(
            first,
            last,
            incidents.Where(i => i.Month is not null).Select(i => i.Incidents),
            incidents.Where(i => i.Month is null).Select(i => (DateTimeOffset?)i.Incidents.Last).Max(),
            [.. checks.HoldingAt(valid).Select(c => c.Fact)],
            valid);

    /// <summary>Incidents by dyad and month, up to an instant; those before the first month together, without one.</summary>
    private async Task<IReadOnlyDictionary<Dyad, List<(DateOnly? Month, IncidentMonth Incidents)>>> Incidents(
        string workspace, Dyad? dyad, DateOnly first, DateTimeOffset until, long known, CancellationToken cancel)
    {
        var only = dyad is null ? "" : " and l.dyad = $5";
        var held = $"l.workspace = $1 and l.position <= $2 and l.until > $2 and not l.retracted and l.tau <= $3{only}";
        // Of one dyad without "group by", so that the latest before is looked up and not searched for.
        await using var command = database.CreateCommand(
            $"""
            select l.dyad, date_trunc('month', l.tau at time zone 'UTC'), count(distinct l.incident), count(distinct source), max(l.tau)
            from geo.ledger l
            join geo.ledger h on h.incident = l.incident and h.position = l.position and h.link = 0
            left join lateral unnest(h.sources) as source on true
            where {held} and l.tau >= $4
            group by 1, 2
            union all
            select {(dyad is null ? "l.dyad" : "$5")}, null, 0, 0, max(l.tau) from geo.ledger l where {held} and l.tau < $4{(dyad is null ? " group by 1" : "")}
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = workspace });
        command.Parameters.Add(new() { Value = known });
        command.Parameters.Add(new() { Value = until.UtcDateTime });
        command.Parameters.Add(new() { Value = first.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        if (dyad is { } one)
        {
            command.Parameters.Add(new() { Value = one.ToString() });
        }

        var months = new Dictionary<Dyad, List<(DateOnly?, IncidentMonth)>>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (reader.IsDBNull(4))
            {
                continue;
            }

            var of = Dyad.Parse(reader.GetString(0));
            if (!months.TryGetValue(of, out var list))
            {
                months[of] = list = [];
            }

            DateOnly? month = reader.IsDBNull(1) ? null : DateOnly.FromDateTime(reader.GetDateTime(1));
            list.Add((month, new IncidentMonth(month ?? default, reader.GetInt64(2), reader.GetInt64(3), reader.GetFieldValue<DateTimeOffset>(4))));
        }

        return months;
    }
}
