using System.Globalization;
using System.Text;

namespace GeoEvents.Exports;

/// <summary>An iCalendar by RFC 5545 with an event for each deadline.</summary>
/// <remarks>The same deadlines give the same bytes: UIDs are made of their names, and DTSTAMP is when they were recorded.</remarks>
public static class CalendarExport
{
    public const string FormatName = "ical";

    public const string MediaType = "text/calendar; charset=utf-8";

    public const string Ending = "ics";

    /// <summary>Octets of a line, its end not counted. Source: RFC 5545, 3.1.</summary>
    private const int LongestLine = 75;

    /// <param name="workspace">The address of the workspace, for links.</param>
    public static byte[] Write(ExportScope scope, IEnumerable<Deadline> deadlines, Uri workspace)
    {
        var text = new StringBuilder();
        void Line(string line) => Fold(text, line);
        Line("BEGIN:VCALENDAR");
        Line("VERSION:2.0");
        Line("PRODID:-//GeoEvents//Deadlines//EN");
        Line("CALSCALE:GREGORIAN");
        Line($"X-WR-CALNAME:{Escape($"Deadlines of workspace {scope.Workspace}")}");
        Line($"X-WR-CALDESC:{Escape(scope.Words)}");
        var all = deadlines.OrderBy(d => d.Due).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal).ToList();
        foreach (var deadline in all)
        {
            Line("BEGIN:VEVENT");
            Line($"UID:{Escape(Uid(scope, deadline))}");
            Line($"DTSTAMP:{Utc(deadline.RecordedAt)}");
            Line(deadline.WholeDay ? $"DTSTART;VALUE=DATE:{deadline.Due.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}" : $"DTSTART:{Utc(deadline.Due)}");
            Line($"SUMMARY:{Escape(scope.Mark is { } mark ? $"[{mark}] {deadline.Title}" : deadline.Title)}");
            if (deadline.Description is { } description)
            {
                Line($"DESCRIPTION:{Escape(description)}");
            }

            Line($"CATEGORIES:{string.Join(',', new[] { deadline.Kind, deadline.Dyad?.ToString(), scope.Mark }.OfType<string>().Select(Escape))}");
            if (deadline.Path is { } path)
            {
                Line($"URL:{workspace.AbsoluteUri.TrimEnd('/')}/{path}");
            }

            Line("TRANSP:TRANSPARENT");
            Line("END:VEVENT");
        }

        if (all.Count == 0)
        {
            // A calendar has at least one component, and a time zone is one (RFC 5545, 3.6).
            foreach (var line in (string[])["BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "END:STANDARD", "END:VTIMEZONE"])
            {
                Line(line);
            }
        }

        Line("END:VCALENDAR");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Uid(ExportScope scope, Deadline deadline) =>
        $"{(scope.Counterfactual is { } overlay ? $"{overlay}/" : "")}{deadline.Kind}/{deadline.Id}@{scope.Workspace}.geoevents.local";

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 5545, 3.3.11. Other control characters than tab have no place in a line.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            escaped.Append(c switch
            {
                '\\' or ';' or ',' => $"\\{c}",
                '\n' => "\\n",
                '\t' => "\t",
                _ when char.IsControl(c) => " ",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    /// <summary>A line in as many as it needs: each after the first begins with a space, and no character is split.</summary>
    private static void Fold(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
