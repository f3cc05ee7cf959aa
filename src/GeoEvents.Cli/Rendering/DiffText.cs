using System.Globalization;
using GeoEvents.Incidents;
using GeoEvents.Relationships.Diff;

namespace GeoEvents.Cli.Rendering;

/// <summary>What changed between two points: the numbers at both, the causes, and the largest changes; each column adds up to its last line.</summary>
public static class DiffText
{
    public static void Print(Screen screen, BeliefDiffView view)
    {
        var (first, second) = (view.Dyad.First, view.Dyad.Second);
        screen.Marked($"[bold]{Screen.Safe($"{view.Dyad}")}[/]  {Screen.Safe($"{Words.Name(first)} and {Words.Name(second)}: what changed")}");
        screen.Line($"From  {Point(view.From)}");
        screen.Line($"To    {Point(view.To)}");
        screen.Line();
        var numbers = new Listing("", ">before", ">after", ">change");
        AddNumber("tension", view.Before.Tension, view.After.Tension);
        AddNumber("hostility", view.Before.HostilityFast, view.After.HostilityFast);
        AddNumber("cooperation", view.Before.CooperationFast, view.After.CooperationFast);
        screen.Print(numbers);
        screen.Line($"Band       {Move(view.Before.Band, view.After.Band)}");
        screen.Line($"Posture    {Move($"{view.Before.Rung} {view.Before.Posture}", $"{view.After.Rung} {view.After.Posture}")}");
        screen.Line($"Incidents  {Move($"{view.Before.Incidents}", $"{view.After.Incidents}")}");
        if (view.Causes.Count == 0)
        {
            screen.Line();
            screen.Line("Nothing changed between the two.");
            return;
        }

        screen.Line();
        screen.Marked("[bold]By cause[/]");
        Table(
            screen, view, ["cause", "how many"],
            [.. view.Causes.Select(c => (new Effect(c.HostilityFast, c.CooperationFast, c.Tension), (string[])[Words.Kebab(c.Cause), Count(c.Count)]))],
            ["together", ""]);
        screen.Line();
        screen.Marked("[bold]The changes, largest first[/]");
        var lines = view.Items.Select(l => (
            new Effect(l.HostilityFast, l.CooperationFast, l.Tension), (string[])[Words.Kebab(l.Cause), Screen.Safe(l.Title), Screen.Safe(What(l, view)), Screen.Safe(l.Id)]));
        var others = view.Causes.Sum(c => c.Cause is Cause.Decay or Cause.Method ? 1 : c.Count) - view.Items.Count;
        Table(screen, view, ["cause", "incident", "what", "id"], [.. lines, .. others > 0 ? [(view.Rest, (string[])[$"{Count(others)} on other pages", "", "", ""])] : Nothing], ["together", "", "", ""]);
        if (view.Next is not null)
        {
            screen.Line($"More: --after {view.Next}");
        }

        void AddNumber(string name, double before, double after) => numbers.AddRow(
            name, Words.Share(before), Words.Share(after), Signed(AddingUp.Rounded(before, [after - before])[0]));
    }

    private static readonly (Effect, string[])[] Nothing = [];

    /// <summary>Effects with words, and their sum in the last line.</summary>
    private static void Table(Screen screen, BeliefDiffView view, string[] headings, IReadOnlyList<(Effect Effect, string[] Cells)> lines, string[] sum)
    {
        (Effect Effect, string[] Cells)[] all = [.. lines, (view.Difference, sum)];
        var columns = new[]
        {
            Column(view.Before.Tension, e => e.Tension),
            Column(view.Before.HostilityFast, e => e.HostilityFast),
            Column(view.Before.CooperationFast, e => e.CooperationFast),
        };
        var table = new Listing([">points", ">hostility", ">cooperation", .. headings]);
        for (var i = 0; i < all.Length; i++)
        {
            table.AddRow([.. columns.Select(c => c[i]), .. all[i].Cells]);
        }

        screen.Print(table);

        string[] Column(double before, Func<Effect, double> of) =>
        [
            .. AddingUp.Rounded(before, lines.Select(l => of(l.Effect))).Select(Signed),
            Signed(AddingUp.Rounded(before, [of(view.Difference)])[0]),
        ];
    }

    private static string Point(PointView point) => $"{Words.Instant(point.ValidAsOf)}, known at position {point.KnownAsOf.Position}"
        + $"{(point.KnownAsOf.RecordedAt is { } recorded ? $" ({Words.Instant(recorded)})" : "")}, method {point.Method}";

    private static string Move(string before, string after) => before == after ? $"{after}, as before" : $"{before} → {after}";

    private static string Signed(double step) => step.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What the fact of a line changed, when and by whom it was recorded, and why.</summary>
    private static string What(DiffLineView line, BeliefDiffView view) => line switch
    {
        { Cause: Cause.Method } => $"{view.From.Method} → {view.To.Method}",
        { Incidents: { } incidents } => Words.Count(incidents, "incident"),
        { Leg: Leg.Known, Fact: { } fact } => string.Join("; ", Parts(line, fact).Append($"recorded {Words.Instant(fact.RecordedAt)}{(fact.User is { } user ? $" by {user}" : "")}")),
        { Closer: { } closer } => $"by {closer}",
        _ => line.Occurred ?? "",
    };

    private static IEnumerable<string> Parts(DiffLineView line, DiffFact fact)
    {
        if (line.Closer is { } closer)
        {
            yield return $"by {closer}";
        }
        else if (line.Cause == Cause.LearnedLate)
        {
            yield return $"of {line.Occurred}";
        }

        foreach (var change in fact.Changes ?? [])
        {
            yield return $"{change.Field}: {Words.Value(change.Old)} → {Words.Value(change.New)}";
        }

        foreach (var (report, what) in new[] { (fact.Attached, "attached"), (fact.Withdrawn, "withdrawn") })
        {
            if (report is not null)
            {
                yield return $"{what}: {report.Source}, which {(report.Stance == Stance.Supports ? "supports" : "denies")} it";
            }
        }

        foreach (var regrade in fact.Regrades ?? [])
        {
            yield return $"{regrade.ReportId}: {regrade.OldReliability} → {regrade.NewReliability}";
        }

        if (fact.Credibility is { } moved)
        {
            yield return $"credibility {Words.Share(moved.Old)} → {Words.Share(moved.New)}";
        }

        if (fact.Others is { } others)
        {
            yield return $"with {string.Join(", ", others)}";
        }

        if (fact.Reason is { } reason)
        {
            yield return $"because: {reason}";
        }
    }
}
