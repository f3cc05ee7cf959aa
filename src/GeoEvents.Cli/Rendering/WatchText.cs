using System.Globalization;
using System.Text.Json;
using GeoEvents.Feed;

namespace GeoEvents.Cli.Rendering;

/// <summary>An item of the feed in a line: when it was recorded, how grave or of which kind it is, whom it touches, and what it says.</summary>
public static class WatchText
{
    private const int MostDyads = 2;

    /// <param name="headline">What the service says that happened; null if it does not.</param>
    public static void Print(Screen screen, FeedItem item, string? headline)
    {
        var (mark, tint) = Mark(item);
        mark = Text(item.Data, "silence") is null || !IsNews(item) ? mark : $"{mark} (silenced)";
        var dyads = string.Join(' ', item.Dyads.Take(MostDyads).Select(d => $"{d}")) + (item.Dyads.Count > MostDyads ? $" +{item.Dyads.Count - MostDyads}" : "");
        var time = item.RecordedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        screen.Marked($"{time}  [{tint}]{Screen.Safe($"{mark,-20}")}[/]  {Screen.Safe($"{dyads,-8}")}  {Screen.Safe(headline ?? Headline(item))}");
    }

    /// <summary>Whether it is something that happened to an alert, not what people do about it.</summary>
    public static bool IsNews(FeedItem item) => item.Type is "alert_fired" or "alert_severity_raised" or "alert_resolved" or "alert_recalled" or "alert_amended";

    private static (string Text, string Tint) Mark(FeedItem item) => item.Type switch
    {
        "alert_fired" => Severity(Text(item.Data, "severity")),
        "alert_severity_raised" => Severity(Text(item.Data, "to")),
        "alert_resolved" => ("resolved", "green"),
        "alert_recalled" => ("recalled", "magenta"),
        "alert_amended" => ("amended", "magenta"),
        "incident_retracted" or "report_withdrawn" => (Words(item.Type), "yellow"),
        "incident_logged" => (Words(item.Type), "default"),
        _ => (Words(item.Type), "grey"),
    };

    private static (string Text, string Tint) Severity(string? severity) => severity switch
    {
        "critical" => ("CRITICAL", "red bold"),
        "warning" => ("WARNING", "darkorange"),
        _ => (severity ?? "alert", "blue"),
    };

    /// <summary>What a fact says of itself, as far as any kind of fact does.</summary>
    private static string Headline(FeedItem item)
    {
        var name = item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return item.Type switch
        {
            "incident_logged" when item.Data.TryGetProperty("content", out var content) => $"{Text(content, "title")} ({Text(content, "type") ?? Text(content, "cameo")})",
            "alert_fired" or "alert_severity_raised" when item.Data.TryGetProperty("receipt", out var receipt) => $"{name}  {Values(receipt, "values")}",
            "alert_resolved" => $"{name}  {Values(item.Data, "values")}",
            "alert_recalled" or "alert_amended" => $"{name}  {Text(item.Data, "change")} of {Text(item.Data, "incident")}: {Values(item.Data, "then")} → {Values(item.Data, "now")}",
            _ => Text(item.Data, "reason") is { } reason ? $"{name}: {reason}" : name,
        };
    }

    private static string Values(JsonElement data, string property) => data.TryGetProperty(property, out var values) && values.ValueKind == JsonValueKind.Object
        ? string.Join(", ", values.EnumerateObject().Select(v => $"{v.Name} {v.Value.GetDouble().ToString("0.##", CultureInfo.InvariantCulture)}"))
        : "";

    private static string? Text(JsonElement data, string property) =>
        data.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Words(string type) => type.Replace('_', ' ');
}
