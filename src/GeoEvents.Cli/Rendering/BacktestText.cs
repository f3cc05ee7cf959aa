using System.Globalization;
using GeoEvents.Alerts.Backtests;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;

namespace GeoEvents.Cli.Rendering;

/// <summary>A backtest for people: a strip of time per relationship, a table of firings, and what they come to.</summary>
public sealed class BacktestText(Screen screen)
{
    private const int MostStrips = 12;
    private const int MostRows = 40;

    public void Print(BacktestResult result)
    {
        screen.Line(result.Shown);
        screen.Line($"{Words.Count(result.Alerts, "alert")} on {Words.Count(result.Relationships, "relationship")}, {Words.Count(result.Facts, "fact")} looked at.");
        if (result.Alerts > 0)
        {
            Strips(result);
            Table(result.Firings);
        }

        var week = result.PerWeek;
        screen.Line($"Alerts per week: median {Number(week.Median)}, most in any 7 days {week.Worst}{(week.WorstFrom is { } from ? $" (from {Day(from)})" : "")}, over {Words.Count(week.Weeks, "week")}.");
        screen.Line($"An episode was open {Number(100 * result.ShareOfTimeFiring)} % of the time.");
        if (result.OverBudget is { } over)
        {
            screen.Line(over ? "The worst week is over the rule's budget, which is checked when it is enabled." : "Within the rule's budget.");
        }

        Score(result.Labels);
        Difference(result.Difference);
    }

    /// <summary>Time from left to right; a mark is where an episode was open, by its severity.</summary>
    private void Strips(BacktestResult result)
    {
        var strips = result.Firings.GroupBy(f => f.Dyad).OrderByDescending(d => d.Count()).ThenBy(d => d.Key.ToString(), StringComparer.Ordinal).Take(MostStrips).ToList();
        var label = strips.Max(s => s.Key.ToString().Length);
        var columns = Math.Max(10, screen.Width - label - 2);
        screen.Line();
        foreach (var strip in strips)
        {
            var marks = Enumerable.Range(0, columns).Select(i => Mark(strip, result, i, columns));
            screen.Marked($"{strip.Key.ToString().PadRight(label)}  {string.Concat(marks)}");
        }

        screen.Line($"{new string(' ', label)}  {Day(result.From)}{new string(' ', Math.Max(1, columns - 20))}{Day(result.To)}");
        screen.Line();
    }

    private static string Mark(IEnumerable<BacktestFiring> firings, BacktestResult result, int column, int columns)
    {
        var (from, to) = (result.From + ((result.To - result.From) * ((double)column / columns)), result.From + ((result.To - result.From) * ((column + 1.0) / columns)));
        var open = firings.Where(f => f.FiredAt < to && !(f.EndedAt < from)).ToList();
        return open.Count == 0 ? "[dim]·[/]" : open.Max(f => f.Severity) switch
        {
            Severity.Critical => "[red]█[/]",
            Severity.Warning => "[yellow]▆[/]",
            _ => "[blue]▃[/]",
        };
    }

    private void Table(IReadOnlyList<BacktestFiring> firings)
    {
        var listing = new Listing("fired", "ended", "relationship", "severity", ">tension", "on");
        foreach (var f in firings.Take(MostRows))
        {
            listing.AddRow(
                Minute(f.FiredAt),
                f.End switch { FiringEnd.Open => "open", FiringEnd.Recalled => $"recalled {Minute(f.EndedAt!.Value)}", _ => Minute(f.EndedAt!.Value) },
                f.Dyad.ToString(),
                KebabCaseEnumConverter.NameOf(f.Severity),
                f.Receipt.Values.TryGetValue("tension", out var tension) ? Number(tension) : "",
                f.Receipt.Causes.Count > 0 ? Screen.Safe(f.Receipt.Causes[0].Incident) : "");
        }

        screen.Print(listing);
        if (firings.Count > MostRows)
        {
            screen.Line($"… and {firings.Count - MostRows} more; --json has them.");
        }
    }

    private void Score(LabelScore? score)
    {
        if (score is not null)
        {
            screen.Line(
                $"Against {Words.Count(score.Hits + score.Misses, "labelled episode")}: {score.Hits} hit, {score.Misses} missed, {Words.Count(score.FalseAlarms, "false alarm")}; "
                + $"precision {Share(score.Precision)}, recall {Share(score.Recall)}, median lead {(score.MedianLeadHours is { } hours ? $"{Number(hours)} h" : "–")}.");
            if (score.Outside > 0)
            {
                screen.Line($"  {Words.Count(score.Outside, "labelled episode")} outside the stretch, or of no relationship that the rule watches.");
            }

            foreach (var missed in score.Episodes.Where(e => e.FiredAt is null))
            {
                screen.Line($"  missed: {missed.Dyad} from {Day(missed.From)} {missed.Name}");
            }
        }
    }

    private void Difference(BacktestDifference? difference)
    {
        if (difference is not null)
        {
            screen.Line($"Beside version {difference.With}: {difference.Both} in both, {difference.OnlyThis.Count} only in this one, {difference.OnlyOther.Count} only in that.");
        }
    }

    private static string Share(double? share) => share is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset t) => t.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset t) => t.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
