using GeoEvents.Imports;

namespace GeoEvents.Cli.Rendering;

/// <summary>What became of a file.</summary>
public static class ImportText
{
    private const int LongestRow = 60;

    /// <param name="rejections">The first of them.</param>
    public static void Print(Screen screen, Import import, IReadOnlyList<Rejection> rejections, Connection connection)
    {
        screen.Line($"{import.Name ?? "Standard input"} ({import.Format}): {Words.Kebab(import.State)}, import {import.Id}");
        if (import.Failure is { } failure)
        {
            screen.Line($"The file could not be read: {failure}");
        }

        if (!import.Ended)
        {
            screen.Line($"It goes on in the service; GET {connection.Service}api/v1/{connection.Workspace}/imports/{import.Id} tells how far it is.");
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
        }

        void Row(long count, string what) => counts.AddRow(count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), Screen.Safe(what));
    }
}
