using GeoEvents.Imports;

namespace GeoEvents.Cli.Rendering;

/// <summary>What became of a file.</summary>
public static class ImportText
{
    private const int LongestRow = 60;

    public static void Print(Screen screen, IReadOnlyList<Import> imports)
    {
        var table = new Listing("import", "begun", "state", "format", ">rows", ">rejected", "by", "file");
        foreach (var i in imports)
        {
            table.AddRow(
                $"{i.Id}", Words.Instant(i.CreatedAt), Words.Kebab(i.State), Screen.Safe(i.Format), i.Total.ToString("N0", System.Globalization.CultureInfo.InvariantCulture),
                i.Rejected.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Screen.Safe(i.User), Screen.Safe(i.Name));
        }

        screen.Print(table);
    }

    /// <param name="rejections">The first of them.</param>
    public static void Print(Screen screen, Import import, IReadOnlyList<Rejection> rejections)
    {
        screen.Line($"{import.Name ?? "A file without a name"} ({import.Format}): {Words.Kebab(import.State)}, import {import.Id}");
        if (import.Failure is { } failure)
        {
            screen.Line($"It failed: {failure}");
        }

        if (!import.Ended)
        {
            screen.Line($"It goes on in the service. To follow it: geoevents import follow {import.Id}");
            return;
        }

        var counts = new Listing(">rows", "");
        Row(import.Taken, "taken: new on record");
        Row(import.Known, "known: on record already, the same");
        Row(import.Changed, "changed: corrected what was on record");
        Row(import.Skipped, "skipped: not for this record");
        foreach (var (reason, count) in (import.SkippedBy ?? new Dictionary<string, long>()).OrderByDescending(s => s.Value))
        {
            Row(count, $"  of them {reason}");
        }

        Row(import.Rejected, "rejected: wrong");
        Row(import.Total, "total");
        screen.Print(counts);
        if (import.Complete && import.State == ImportState.Completed)
        {
            screen.Line($"{Words.Count(import.Gone, "incident")} on record flagged, since the file lacks them.");
        }

        if (import.State != ImportState.Completed && import.FileKept)
        {
            screen.Line($"To go on with it: geoevents import resume {import.Id}");
        }

        foreach (var note in import.Notes ?? [])
        {
            screen.Line($"Note: {note}");
        }

        if (rejections.Count > 0)
        {
            screen.Line();
            screen.Line(rejections.Count < import.Rejected ? $"The first {rejections.Count} rejected rows" : "Rejected rows");
            var table = new Listing(">line", "column", "reason", "row");
            foreach (var row in rejections)
            {
                table.AddRow(
                    $"{row.Line}", Screen.Safe(row.Column), Screen.Safe(row.Reason), Screen.Safe(row.Raw.Length > LongestRow ? row.Raw[..LongestRow] + "…" : row.Raw));
            }

            screen.Print(table);
            screen.Line($"All of them, to mend and load again: geoevents import rejected {import.Id}");
        }

        void Row(long count, string what) => counts.AddRow(count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Screen.Safe(what));
    }
}
