using System.Globalization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using Sylvan.Data.Csv;

namespace GeoEvents.Alerts.Backtests;

/// <summary>An episode that an analyst holds for one.</summary>
/// <param name="To">After <paramref name="From"/>; this instant excluded.</param>
public sealed record LabelledEpisode(Dyad Dyad, DateTimeOffset From, DateTimeOffset To, string? Name);

/// <param name="FiredAt">When the first alert for it fired; null: it was missed.</param>
/// <param name="LeadHours">From that to its beginning; negative: after it had begun.</param>
public sealed record LabelOutcome(Dyad Dyad, DateTimeOffset From, DateTimeOffset To, string? Name, DateTimeOffset? FiredAt, double? LeadHours);

/// <summary>Firings against labelled episodes.</summary>
/// <param name="FalseAlarms">Firings that are none of an episode's.</param>
/// <param name="Outside">Episodes that no firing could be of, since they are not of the stretch, or of no relationship that the rule watches. They are no misses.</param>
/// <param name="MedianLeadHours">Of the hits; null without any.</param>
/// <param name="Precision">Share of firings that are of an episode; null without firings.</param>
/// <param name="Recall">Share of episodes that were hit; null without episodes.</param>
public sealed record LabelScore(
    int Hits, int Misses, int FalseAlarms, int Outside, double? MedianLeadHours, double? Precision, double? Recall, [property: KeepEmpty] IReadOnlyList<LabelOutcome> Episodes);

/// <summary>Reads labelled episodes, and counts hits and misses.</summary>
public static class Labels
{
    private const int Most = 10_000;

    private const char ByteOrderMark = '\uFEFF';

    private const int LongestName = 200;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    private static readonly string[] Needed = ["dyad", "from", "to"];

    /// <exception cref="InvalidRequestException">It is no such CSV; the line is said.</exception>
    public static IReadOnlyList<LabelledEpisode> Read(string csv)
    {
        using var text = new StringReader(csv.TrimStart(ByteOrderMark));
        var episodes = new List<LabelledEpisode>();
        try
        {
            using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { HasHeaders = true });
            var columns = Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => i);
            foreach (var name in Needed.Where(n => !columns.ContainsKey(n)))
            {
                throw Fault(1, $"There is no column '{name}'.");
            }

            while (reader.Read())
            {
                episodes.Add(Row(reader, columns, reader.RowNumber + 1));
            }
        }
        catch (CsvFormatException e)
        {
            throw Fault(e.RowNumber + 1, "It is not CSV.");
        }

        return episodes.Count <= Most ? episodes : throw Fault(Most + 1, $"At most {Most} episodes.");
    }

    /// <param name="firings">All of them, in order.</param>
    public static LabelScore Score(BacktestPlan plan, IReadOnlyList<BacktestFiring> firings)
    {
        var lead = TimeSpan.FromHours(plan.LeadHours);
        var episodes = plan.Labels.Where(e => plan.Rule.Scope.Covers(e.Dyad) && e.To > plan.From && e.From - plan.To <= lead).ToList();
        var outcomes = new List<LabelOutcome>();
        foreach (var e in episodes)
        {
            var first = firings.FirstOrDefault(f => IsFor(f, e));
            outcomes.Add(new LabelOutcome(e.Dyad, e.From, e.To, e.Name, first?.FiredAt, (e.From - first?.FiredAt)?.TotalHours));
        }

        var right = firings.Count(f => episodes.Any(e => IsFor(f, e)));
        var hits = outcomes.Where(o => o.FiredAt is not null).ToList();
        return new LabelScore(
            hits.Count,
            episodes.Count - hits.Count,
            firings.Count - right,
            plan.Labels.Count - episodes.Count,
            hits.Count == 0 ? null : Median([.. hits.Select(h => h.LeadHours!.Value)]),
            firings.Count == 0 ? null : right / (double)firings.Count,
            episodes.Count == 0 ? null : hits.Count / (double)episodes.Count,
            outcomes);

        bool IsFor(BacktestFiring f, LabelledEpisode e) => f.Dyad == e.Dyad && e.From - f.FiredAt <= lead && f.FiredAt < e.To;
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static LabelledEpisode Row(CsvDataReader reader, Dictionary<string, int> columns, int line)
    {
        if (reader.RowFieldCount > reader.FieldCount)
        {
            throw Fault(line, "There are more values than columns.");
        }

        var dyad = Dyad.TryParse(reader.GetString(columns["dyad"]), out var pair) ? pair : throw Fault(line, "The dyad is not two codes, such as AZE-RUS.");
        var (from, to) = (Time("from", runsToEnd: false), Time("to", runsToEnd: true));
        var name = columns.TryGetValue("name", out var at) && reader.GetString(at) is { Length: > 0 } text ? text : null;
        if (TextRules.Fault(name, LongestName, required: false, multiline: false) is { } fault)
        {
            throw Fault(line, $"The name: {fault.Detail}");
        }

        return from < to ? new LabelledEpisode(dyad, from, to, name) : throw Fault(line, "It has to end after it begins.");

        DateTimeOffset Time(string column, bool runsToEnd)
        {
            var text = reader.GetString(columns[column]).Trim();
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return !runsToEnd ? Midnight(day) : day < DateOnly.MaxValue ? Midnight(day.AddDays(1)) : DateTimeOffset.MaxValue;
            }

            return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time
                : throw Fault(line, text.Length == 0 || text.Contains("..", StringComparison.Ordinal)
                    ? $"'{column}' is open. An episode has a beginning and an end: give a day (2025-06-29) or a date-time (2025-06-29T12:00:00Z)."
                    : $"'{column}' is no day (2025-06-29) or date-time (2025-06-29T12:00:00Z).");
        }
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static InvalidRequestException Fault(int line, string what) => new(FieldProblem.At("/labels", "malformed", $"Line {line}: {what}"));
}
