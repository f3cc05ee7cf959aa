using GeoEvents.Relationships.Counterfactual;

namespace GeoEvents.Cli.Rendering;

/// <summary>A relationship as it is beside what it would be, and what each supposed change does alone.</summary>
public static class WhatIfText
{
    public static void Print(Screen screen, CounterfactualView view)
    {
        screen.Marked($"[bold]{Screen.Safe($"{view.Dyad}")}[/]  {Screen.Safe($"{Words.Name(view.Dyad.First)} and {Words.Name(view.Dyad.Second)}")}, and what if");
        screen.Line(view.Overlay is { } name ? $"{view.Shown} Overlay {name}." : view.Shown);
        screen.Line(view.Statement);
        screen.Line();
        var (real, supposed) = (view.Real.State, view.Hypothetical.State);
        var table = new Listing("", ">real", ">hypothetical", ">difference");
        table.AddRow("tension", Tension(real.Tension, real.Band), Tension(supposed.Tension, supposed.Band), Words.Signed(view.Difference.Tension));
        table.AddRow("warmth", Words.Number(real.Warmth), Words.Number(supposed.Warmth), Words.Signed(view.Difference.Warmth));
        table.AddRow("hostility", Words.Number(real.HostilityFast), Words.Number(supposed.HostilityFast), Words.Signed(view.Difference.HostilityFast));
        table.AddRow("posture", Posture(view.Real), Posture(view.Hypothetical), view.Difference.Rung.ToString("+0;-0;0", System.Globalization.CultureInfo.InvariantCulture));
        table.AddRow("held by", Screen.Safe(view.Real.Posture.HeldBy), Screen.Safe(view.Hypothetical.Posture.HeldBy), "");
        table.AddRow("measures", $"{view.Real.Measures.Count}", $"{view.Hypothetical.Measures.Count}", Measures(view));
        table.AddRow("incidents", $"{real.Incidents}", $"{supposed.Incidents}", "");
        screen.Print(table);
        screen.Line();
        screen.Marked("[bold]What each change does alone[/]");
        var changes = new Listing(">points", "change", "of", "incident", "id");
        foreach (var change in view.Changes)
        {
            changes.AddRow(
                change.Touches ? Words.Signed(change.Effect) : "none", Words.Kebab(change.Change), Screen.Safe(Fields(change)), Screen.Safe(change.Title), Screen.Safe(change.Id));
        }

        screen.Print(changes);
        if (view.Changes.Any(c => !c.Touches))
        {
            screen.Line($"Where it says none, nothing of {view.Dyad} is another.");
        }

        if (view.Series is { Points: { Count: > 0 } points })
        {
            var (before, after) = (points.Select(p => p.Real.Tension).ToList(), points.Select(p => p.Hypothetical.Tension).ToList());
            var most = Math.Max(before.Max(), after.Max());
            screen.Line();
            screen.Line($"Tension from {Words.Day(points[0].At)} to {Words.Day(points[^1].At)}, up to {Words.Number(most)}, step {view.Series.Step}");
            screen.Line($"real          {Sparkline.Of(before, screen.Width - 14, most)}");
            screen.Line($"hypothetical  {Sparkline.Of(after, screen.Width - 14, most)}");
        }
    }

    private static string Tension(double tension, string band) => $"[{Words.Tint(tension)}]{Words.Number(tension)} {Screen.Safe(band)}[/]";

    private static string Posture(Supposed standing) => Screen.Safe($"{standing.Posture.Rung} {standing.Posture.Name}");

    /// <summary>Measures that only one of the two has.</summary>
    private static string Measures(CounterfactualView view)
    {
        var (real, supposed) = (view.Real.Measures.Select(m => m.Id).ToHashSet(), view.Hypothetical.Measures.Select(m => m.Id).ToHashSet());
        return Screen.Safe(string.Join(", ", supposed.Except(real).Select(id => $"+{id}").Concat(real.Except(supposed).Select(id => $"-{id}"))));
    }

    private static string Fields(SupposedChange change) => change.Fields is not { Count: > 0 } fields
        ? change.Occurred
        : string.Join(", ", fields.Select(f => $"{f.Field} {Words.Value(f.Old)} → {Words.Value(f.New)}"));
}
