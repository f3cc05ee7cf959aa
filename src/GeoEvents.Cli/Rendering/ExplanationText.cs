using GeoEvents.Relationships;
using GeoEvents.Relationships.Robustness;

namespace GeoEvents.Cli.Rendering;

/// <summary>Tension taken apart: every table adds up to it.</summary>
public static class ExplanationText
{
    /// <summary>Labels of one table; the rest is summed.</summary>
    private const int Most = 8;

    /// <summary>Sources, groups and sides, of each.</summary>
    private const int MostDependedOn = 3;

    /// <param name="robustness">At the same point.</param>
    public static void Print(Screen screen, ContributionsView view, RobustnessView robustness)
    {
        var (first, second) = (view.Dyad.First, view.Dyad.Second);
        screen.Marked($"[bold]{Screen.Safe($"{view.Dyad}")}[/]  {Screen.Safe($"{Words.Name(first)} and {Words.Name(second)}: why tension is")} [{Words.Tint(view.Tension)}]{Words.Share(view.Tension)}[/]");
        screen.Line(view.Shown);
        if (view.Tension == 0)
        {
            screen.Line(view.Incidents == 0 ? "Nothing is on record at that point." : "There is no hostility left of what is on record.");
            return;
        }

        foreach (var (name, shares) in (IEnumerable<(string, IReadOnlyDictionary<string, double>)>)
            [("direction", view.RollUps.Direction), ("kind", view.RollUps.Quad), ("type", view.RollUps.Type), ("issue", view.RollUps.Issue), ("source", view.RollUps.Source)])
        {
            screen.Line();
            var table = new Listing($"by {name}", ">points", ">share");
            foreach (var (label, points) in shares.Take(Most))
            {
                table.AddRow(Screen.Safe(label), Words.Share(points), Words.Percent(points / view.Tension));
            }

            if (shares.Count > Most)
            {
                var rest = shares.Skip(Most).Sum(s => s.Value);
                table.AddRow($"{Words.Count(shares.Count - Most, "other")}", Words.Share(rest), Words.Percent(rest / view.Tension));
            }

            screen.Print(table);
        }

        screen.Line();
        var incidents = new Listing(">points", ">without it", "occurred", "incident", "id");
        foreach (var item in view.Items)
        {
            incidents.AddRow(Words.Share(item.Share), Words.Share(item.TensionWithout), Screen.Safe(item.Occurred), Screen.Safe(item.Title), Screen.Safe(item.Id));
        }

        if (view.Incidents > view.Items.Count)
        {
            incidents.AddRow(Words.Share(view.Rest), "", "", Words.Count(view.Incidents - view.Items.Count, "other"), "");
        }

        incidents.AddRow(Words.Share(view.Tension), "", "", "together", "");
        screen.Print(incidents);
        if (view.Next is not null)
        {
            screen.Line($"More: --after {view.Next}");
        }

        Print(screen, robustness);
    }

    private static void Print(Screen screen, RobustnessView view)
    {
        screen.Line();
        screen.Line(Screen.Safe(view.Statement));
        var table = new Listing("without", ">tension", ">depends", ">posture", ">incidents");
        foreach (var (kind, reliances) in (IEnumerable<(string, IReadOnlyList<Reliance>)>)[("source", view.Sources), ("group", view.Groups), ("media of", view.Sides)])
        {
            foreach (var reliance in reliances.Take(MostDependedOn))
            {
                table.AddRow(
                    Screen.Safe($"{kind} {reliance.Name}"), Words.Number(reliance.TensionWithout), Words.Percent(reliance.Dependence), $"{reliance.RungWithout}", $"{reliance.Incidents}");
            }
        }

        if (view.Sources.Count > 0)
        {
            screen.Print(table);
        }
    }
}
