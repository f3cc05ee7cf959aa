namespace GeoEvents.Coverage;

/// <summary>Incidents of one calendar month.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="Sources">Distinct sources that report them.</param>
/// <param name="Last">Latest τ.</param>
public readonly record struct IncidentMonth(DateOnly Month, long Incidents, long Sources, DateTimeOffset Last);

/// <summary>How far one calendar month (UTC) of a relationship was looked at.</summary>
/// <param name="Month">As <c>2025-07</c>.</param>
/// <param name="Incidents">Incidents with τ in it.</param>
/// <param name="Sources">Distinct sources that report them.</param>
/// <param name="Checks">Checks that searched some of it.</param>
/// <param name="DaysChecked">Whole days of it that checks searched, all together.</param>
/// <param name="LastLooked">The latest instant by its end that an incident or the end of a check marks, also of an earlier month; null if nobody ever looked.</param>
/// <param name="State">Unobserved without incident and check in it.</param>
public sealed record CoverageMonth(string Month, long Incidents, long Sources, long Checks, int DaysChecked, DateTimeOffset? LastLooked, Observation State);

/// <summary>Works out, month by month, where a relationship was looked at and where nobody can tell.</summary>
public static class CoverageMonths
{
    /// <param name="first">First day of the first month.</param>
    /// <param name="last">First day of the last month.</param>
    /// <param name="incidents">Of these months, in any order.</param>
    /// <param name="before">Latest τ before the first month; null without any.</param>
    /// <param name="valid">V: nothing after it counts.</param>
    public static IReadOnlyList<CoverageMonth> Of(
        DateOnly first, DateOnly last, IEnumerable<IncidentMonth> incidents, DateTimeOffset? before, IReadOnlyCollection<RelationshipChecked> checks, DateTimeOffset valid)
    {
        var byMonth = incidents.ToDictionary(i => i.Month);
        var begun = checks.Where(c => c.From <= valid).Select(c => (c.From, To: c.To < valid ? c.To : valid)).ToList();
        var months = new List<CoverageMonth>();
        var looked = before;
        for (var month = first; month <= last; month = month.AddMonths(1))
        {
            var (from, to) = (Midnight(month), Midnight(month.AddMonths(1)));
            var of = byMonth.GetValueOrDefault(month);
            var searched = begun.Where(c => c.From < to && (c.To > from || c.From >= from)).ToList();
            looked = Later(looked, of.Incidents > 0 ? of.Last : null);
            looked = Later(looked, begun.Where(c => c.From < to).Select(c => (DateTimeOffset?)(c.To < to ? c.To : to)).Max());
            months.Add(new CoverageMonth(
                month.ToString("yyyy-MM", null),
                of.Incidents,
                of.Sources,
                searched.Count,
                DaysChecked(from, to, searched),
                looked,
                of.Incidents > 0 || searched.Count > 0 ? Observation.Observed : Observation.Unobserved));
        }

        return months;
    }

    /// <summary>How many whole days of [from, to) lie in the union of some times.</summary>
    public static int DaysChecked(DateTimeOffset from, DateTimeOffset to, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> times)
    {
        var ordered = times.OrderBy(t => t.From).ToList();
        var (days, next) = (0, 0);
        var until = DateTimeOffset.MinValue;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            // What is searched without a gap from midnight on ends at `until`, once all that begin by then are taken in.
            until = until < day ? day : until;
            while (next < ordered.Count && ordered[next].From <= until)
            {
                until = ordered[next].To > until ? ordered[next].To : until;
                next++;
            }

            days += until >= day.AddDays(1) ? 1 : 0;
        }

        return days;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
