using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Rendering;

/// <summary>A relationship's incidents, and its numbers over time.</summary>
public static class TimelineText
{
    public static void Print(Screen screen, Dyad dyad, Page<TimelineEntry> page)
    {
        if (page.Items.Count == 0)
        {
            screen.Line($"{dyad} has no incidents on record at that point.");
            return;
        }

        var table = new Listing("occurred", "by", "what", ">weighs", ">left", ">credible", "incident", "id");
        foreach (var entry in page.Items)
        {
            table.AddRow(
                Screen.Safe(entry.Occurred),
                Screen.Safe(string.Join(", ", entry.ActedBy)),
                Screen.Safe($"{entry.Type ?? $"CAMEO {entry.Cameo}"}{Measure(entry)}"),
                entry.Hostile == 0 && entry.Cooperative > 0 ? $"[green]+{Words.Number(entry.Cooperative)}[/]" : Words.Number(entry.Hostile),
                entry.Hostile == 0 ? "" : Words.Number(entry.Remaining),
                Words.Share(entry.Credibility),
                Screen.Safe(entry.Title),
                Screen.Safe(entry.Id));
        }

        screen.Print(table);
        if (page.Next is not null)
        {
            screen.Line($"More: --after {page.Next}");
        }
    }

    public static void Print(Screen screen, SeriesView series)
    {
        if (series.Points.Count == 0)
        {
            screen.Line("No point lies between the two ends.");
            return;
        }

        var table = new Listing("at", ">tension", "band", ">warmth", ">rung", ">deeds", ">incidents", "");
        foreach (var point in series.Points)
        {
            var tint = Words.Tint(point.Tension);
            table.AddRow(
                Words.Instant(point.At), $"[{tint}]{Words.Number(point.Tension)}[/]", $"[{tint}]{Screen.Safe(point.Band)}[/]", Words.Number(point.Warmth),
                $"{point.Rung}", Words.Percent(point.MaterialShare), $"{point.Incidents}", point.Arrow is { } arrow ? Words.Kebab(arrow) : "");
        }

        screen.Print(table);
        var tensions = series.Points.Select(p => p.Tension).ToList();
        screen.Line($"{series.Dyad} tension, {Words.Number(tensions.Min())} to {Words.Number(tensions.Max())}, step {series.Step}");
        screen.Line(Sparkline.Of(tensions, screen.Width));
    }

    private static string Measure(TimelineEntry entry) => entry switch
    {
        { OpensMeasure: true, MeasureClosed: { } closed } => $" (measure, closed {Words.Day(closed)})",
        { OpensMeasure: true } => " (measure)",
        _ => "",
    };
}
