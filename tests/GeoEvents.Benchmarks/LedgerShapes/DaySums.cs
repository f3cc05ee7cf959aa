using GeoEvents.Coding;
using GeoEvents.Relationships;
using Npgsql;
using NpgsqlTypes;

namespace GeoEvents.Benchmarks.LedgerShapes;

/// <summary>D: A, and beside it what each day of a dyad adds by its end, valid for positions [position, until) too. As-of reads days instead of incidents.</summary>
/// <remarks>A prototype: tension and level only. A late fact rewrites the sums of its one day.</remarks>
public sealed class DaySums(NpgsqlDataSource database) : ClosedRows(database, "shape_closed_with_days")
{
    private const int LevelDays = 1095;

    private static readonly double FastPerDay = Math.Pow(2, -1 / Methods.Current.Parameters.HalfLifeFastDays);

    public override string Name => "D = A and sums per day";

    public override async Task Create()
    {
        await base.Create();
        await using var connection = await Database.OpenConnectionAsync();
        await Execute(
            connection,
            $"""
            create table shape_day (
                dyad text not null, day date not null, position bigint not null, until bigint not null default {long.MaxValue}, hostile double precision not null,
                primary key (dyad, day, position) include (until, hostile));
            create index on {Table} (dyad, tau) where opens
            """);
    }

    public override async Task<Answer> Read(Dyad dyad, long known, DateTimeOffset valid)
    {
        var midnight = Sweep.MidnightAtOrBefore(valid);
        await using var command = Database.CreateCommand(
            "select day, hostile from shape_day where dyad = $1 and day < $3 and position <= $2 and until > $2 order by day");
        command.Parameters.Add(new() { Value = dyad.ToString() });
        command.Parameters.Add(new() { Value = known });
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(midnight.UtcDateTime) });
        var midnights = new List<(DateTimeOffset At, double Hostile)>();
        var (carried, at) = (0.0, DateTimeOffset.MinValue);
        void CarryTo(DateTimeOffset to)
        {
            for (; at < to; midnights.Add((at, carried)))
            {
                (at, carried) = (at.AddDays(1), carried * FastPerDay);
            }
        }

        await using (var r = await command.ExecuteReaderAsync())
        {
            while (await r.ReadAsync())
            {
                var end = new DateTimeOffset(r.GetDateTime(0).AddDays(1), TimeSpan.Zero);
                at = at == DateTimeOffset.MinValue ? end.AddDays(-1) : at;
                CarryTo(end);
                carried += r.GetDouble(1);
                midnights[^1] = (at, carried);
            }
        }

        CarryTo(midnight);
        var valids = "position <= $2 and until > $2 and not retracted and dyad = $1";
        var today = Impulses(await Entries($"{valids} and tau >= $4 and tau <= $3 and not opens", dyad.ToString(), known, valid.UtcDateTime, midnight.UtcDateTime));
        var measures = Impulses(await Entries($"{valids} and tau <= $3 and opens", dyad.ToString(), known, valid.UtcDateTime));
        var tension = Tension((carried * Decay.Factor(midnight, valid, Fast)) + Left(today, valid) + Left(measures, valid));
        var first = midnights.Count > 0 ? midnights[0].At.AddDays(-1) : midnight;
        var past = midnights
            .Where(m => valid - m.At < TimeSpan.FromDays(LevelDays) && m.At > first)
            .Select(m => (m.At, Tension: Tension(m.Hostile + Left(measures, m.At)))).ToList();
        var above = past.Where(m => m.Tension > tension).ToList();
        return new Answer(tension, new RelativeLevel(past.Count == 0 ? null : 100.0 * (past.Count - above.Count) / past.Count, past.Count, above.Count == 0 ? null : above[^1].At));
    }

    protected override async Task Write(NpgsqlConnection connection, IReadOnlyList<Revision> revisions)
    {
        await base.Write(connection, revisions);
        var touched = revisions.Where(r => !r.Opens).GroupBy(r => (Dyad: r.Dyad.ToString(), Day: r.Tau.UtcDateTime.Date))
            .Select(g => (g.Key.Dyad, g.Key.Day, Position: g.Max(r => r.Position))).ToList();
        if (touched.Count == 0)
        {
            return;
        }

        var sums = await Sums(connection, touched);
        await Execute(
            connection,
            "update shape_day d set until = e.position from unnest($1, $2, $3) as e(dyad, day, position) where d.dyad = e.dyad and d.day = e.day and d.until = " + long.MaxValue,
            touched.Select(t => t.Dyad).ToArray(),
            touched.Select(t => DateOnly.FromDateTime(t.Day)).ToArray(),
            touched.Select(t => t.Position).ToArray());
        await using var copy = await connection.BeginBinaryImportAsync("copy shape_day (dyad, day, position, hostile) from stdin (format binary)");
        foreach (var (dyad, day, position) in touched)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(dyad);
            await copy.WriteAsync(DateOnly.FromDateTime(day), NpgsqlDbType.Date);
            await copy.WriteAsync(position);
            await copy.WriteAsync(sums[(dyad, day)]);
        }

        await copy.CompleteAsync();
    }

    private static double Fast => Methods.Current.Parameters.HalfLifeFastDays;

    /// <summary>What is left at its end of each day's impulses, added in the fold's order.</summary>
    private async Task<Dictionary<(string Dyad, DateTime Day), double>> Sums(NpgsqlConnection connection, List<(string Dyad, DateTime Day, long Position)> touched)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select l.dyad, d.day, l.incident, l.tau, l.cameo, l.credibility from unnest($1, $2) as d(dyad, day)
            join {Table} l on l.dyad = d.dyad and l.tau >= d.day and l.tau < d.day + interval '1 day' and l.until = {long.MaxValue} and not l.retracted and not l.opens
            order by l.tau, l.incident
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = touched.Select(t => t.Dyad).ToArray() },
                new() { Value = touched.Select(t => t.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
        var sums = touched.ToDictionary(t => (t.Dyad, t.Day), _ => 0.0);
        await using var r = await command.ExecuteReaderAsync();
        while (await r.ReadAsync())
        {
            var day = r.GetDateTime(1);
            var impulse = Impulse.Of(
                new LedgerEntry(r.GetGuid(2), 0, true, 1, new DateTimeOffset(r.GetDateTime(3)), null, r.GetString(4), r.IsDBNull(5) ? null : r.GetDouble(5), 0, 0, true, false, null),
                Methods.Current);
            sums[(r.GetString(0), day)] += impulse.Hostile * impulse.Remaining(new DateTimeOffset(day.AddDays(1)), Fast);
        }

        return sums;
    }

    private static double Tension(double hostile) => RelationshipState.Saturate(hostile, Methods.Current);

    private static double Left(List<Impulse> impulses, DateTimeOffset t) => impulses.Sum(i => i.Hostile * i.Remaining(t, Fast));

    private static List<Impulse> Impulses(IEnumerable<LedgerEntry> entries) => [.. entries.Select(e => Impulse.Of(e, Methods.Current))];
}
