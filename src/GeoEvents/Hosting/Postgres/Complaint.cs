using System.Text.RegularExpressions;

namespace GeoEvents.Hosting.Postgres;

/// <summary>What PostgreSQL or a tool complains of, picked from what it printed.</summary>
internal static partial class Complaint
{
    private const int Lines = 4;

    /// <returns>Up to four lines joined by spaces: those that tell of a failure, else the last. Empty for an empty text.</returns>
    public static string In(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = lines.Where(line => Failure().IsMatch(line)).Take(Lines).ToList();

        return string.Join(' ', (telling.Count > 0 ? telling : lines.TakeLast(Lines)).Select(line => TimeAndProcess().Replace(line, "")));
    }

    [GeneratedRegex("(FATAL|PANIC|ERROR|HINT|error|hint):|could not|cannot|invalid")]
    private static partial Regex Failure();

    [GeneratedRegex(@"^.*?\[\d+\] ")]
    private static partial Regex TimeAndProcess();
}
