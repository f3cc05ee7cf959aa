using GeoEvents.Hosting;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Rendering;

/// <summary>The board: a line per relationship.</summary>
public static class BoardText
{
    public static void Print(Screen screen, Page<BoardLine> page)
    {
        var table = new Listing("relationship", ">tension", "band", ">7 days", ">warmth", "posture", ">incidents", "last", "who");
        foreach (var line in page.Items)
        {
            var tint = Words.Tint(line.Tension);
            table.AddRow(
                Screen.Safe($"{line.Dyad}"),
                $"[{tint}]{Words.Number(line.Tension)}[/]",
                $"[{tint}]{Screen.Safe(line.Band)}[/]",
                Words.Signed(line.Rise),
                Words.Number(line.Warmth),
                Screen.Safe($"{line.Rung} {line.Posture}{(line.Assessed is { } assessed ? $" (assessed {assessed.Rung} {assessed.Posture})" : "")}"),
                line.Incidents == 0 ? Words.Kebab(line.Observation) : $"{line.Incidents}",
                line.LastIncident is { } last ? Words.Day(last) : "",
                Screen.Safe($"{Words.Name(line.Dyad.First)}, {Words.Name(line.Dyad.Second)}"));
        }

        screen.Print(table);
        if (page.Next is not null)
        {
            screen.Line($"More: --after {page.Next}");
        }
    }
}
