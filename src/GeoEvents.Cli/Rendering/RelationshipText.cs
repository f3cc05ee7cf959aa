using System.Globalization;
using GeoEvents.Cli.Service;
using GeoEvents.Coverage;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Rendering;

/// <summary>A relationship at one point: the numbers, what holds the posture, what is in force, and why tension is what it is.</summary>
public static class RelationshipText
{
    /// <param name="contributions">The largest first, at the same point.</param>
    /// <param name="holder">The incident that holds the posture; null if none does.</param>
    public static void Print(Screen screen, RelationshipView view, ContributionsView contributions, IncidentAnswer? holder)
    {
        var (first, second) = (view.Dyad.First, view.Dyad.Second);
        screen.Marked($"[bold]{Screen.Safe($"{view.Dyad}")}[/]  {Screen.Safe($"{Words.Name(first)} and {Words.Name(second)}")}");
        screen.Line($"As of {Words.Instant(view.ValidAsOf)}, known at position {view.KnownAsOf.Position}"
            + $"{(view.KnownAsOf.RecordedAt is { } recorded ? $" ({Words.Instant(recorded)})" : "")}, method {view.Method}");
        if (view.Incidents == 0)
        {
            screen.Line(view.Observation == Observation.Observed
                ? "No incident is on record at that point, and somebody searched: calm, as far as it was looked at."
                : "Nothing is on record at that point: unobserved, which is not the same as calm.");
            Assessed();
            return;
        }

        screen.Line();
        Fact("Tension", $"[{Words.Tint(view.Tension)}]{Words.Number(view.Tension)} {Screen.Safe(view.Band)}[/], {Words.Signed(view.Rise)} in 7 days; this month {Words.Kebab(view.Arrow)}");
        Fact("Warmth", Words.Number(view.Warmth));
        Fact("Posture", Screen.Safe($"{view.Posture.Rung} {view.Posture.Name}{(view.Posture.HeldBy is { } id ? $", held by {id}{(holder is null ? "" : $": {holder.Title}")}" : "")}"));
        Assessed();
        Fact("Driven by", view.HostilityFast == 0
            ? "nobody: no hostility"
            : Screen.Safe($"{first} {Words.Percent((1 + view.Asymmetry) / 2)}, {second} {Words.Percent((1 - view.Asymmetry) / 2)} of hostility"));
        Fact("Deeds", view.HostilityFast == 0 ? "none" : $"{Words.Percent(view.MaterialShare)} of hostility is material, the rest words");
        Fact("Pressure", $"{Words.Number(view.Pressure)} times its slow pace{(view.Baseline == Baseline.Insufficient ? " (too short a record to judge by)" : "")}");
        Fact("Level", Level(view.RelativeLevel));
        Fact("Record", $"{Words.Count(view.Incidents, "incident")}{(view is { FirstIncident: { } from, LastIncident: { } to } ? $", {Words.Day(from)} to {Words.Day(to)}" : "")}");
        if (view.Measures.Count > 0)
        {
            screen.Line();
            screen.Marked("[bold]Measures in force[/]");
            var table = new Listing("since", "by", "measure", "id");
            foreach (var measure in view.Measures)
            {
                table.AddRow(Words.Day(measure.Since), Screen.Safe($"{measure.Actor}"), Screen.Safe(measure.Title), Screen.Safe(measure.Id));
            }

            screen.Print(table);
        }

        if (contributions.Items.Count > 0)
        {
            screen.Line();
            screen.Marked("[bold]Where the tension comes from[/]");
            var table = new Listing(">points", ">without it", "occurred", "incident", "id");
            foreach (var item in contributions.Items)
            {
                table.AddRow(
                    Words.Number(item.Share), Words.Number(item.TensionWithout), Screen.Safe(item.Occurred), Screen.Safe(item.Title), Screen.Safe(item.Id));
            }

            var others = contributions.Incidents - contributions.Items.Count;
            if (others > 0)
            {
                table.AddRow(Words.Number(contributions.Rest), "", "", Screen.Safe($"{Words.Count(others, "other")}"), "");
            }

            screen.Print(table);
        }

        void Assessed()
        {
            if (ContextText.Assessed(view.Assessed) is { } assessed)
            {
                Fact("Assessed", Screen.Safe(assessed));
            }
        }

        void Fact(string name, string markup) => screen.Marked($"{name,-11}{markup}");
    }

    private static string Level(RelativeLevel level) => level switch
    {
        { Percentile: null } => "no earlier days to compare with",
        { Percentile: { } percentile, Days: var days, HighestSince: var since } =>
            $"{Words.Ordinal(percentile)} percentile of its last {days.ToString("N0", CultureInfo.InvariantCulture)} days; "
            + (since is { } day ? $"highest since {Words.Day(day)}" : "the highest of them all"),
    };
}
