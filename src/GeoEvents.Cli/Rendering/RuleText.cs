using System.Text.Json;
using GeoEvents.Alerts.Rules;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Rendering;

/// <summary>Rules in words.</summary>
public static class RuleText
{
    private static readonly JsonSerializerOptions Indented = new(GeoJson.Options) { WriteIndented = true };

    public static void Print(Screen screen, Page<RuleLine> page)
    {
        var table = new Listing("rule", "watches", "severity", "says");
        foreach (var rule in page.Items)
        {
            table.AddRow(Screen.Safe(rule.Id), Watches(rule.Enabled, rule.Latest), Words.Kebab(rule.Severity), Screen.Safe(rule.Sentence));
        }

        screen.Print(table);
        if (page.Next is not null)
        {
            screen.Line($"More: --after {page.Next}");
        }
    }

    public static void Print(Screen screen, IReadOnlyList<ReadyMadeRule> rules)
    {
        var table = new Listing("rule", "title", "says");
        foreach (var rule in rules)
        {
            table.AddRow(Screen.Safe(rule.Id), Screen.Safe(rule.Title), Screen.Safe(rule.Sentence));
        }

        screen.Print(table);
    }

    public static void Print(Screen screen, RuleView rule)
    {
        screen.Line($"{rule.Id}  {rule.Title}: {Stands(rule)}");
        foreach (var version in rule.Versions)
        {
            screen.Line($"Version {version.Number}, {Words.Instant(version.WrittenAt)}{(version.Reason is { } reason ? $" ({reason})" : "")}: {version.Sentence}");
        }

        screen.Line();
        foreach (var line in JsonSerializer.Serialize(rule.Rule, Indented).Split('\n'))
        {
            screen.Line(line.TrimEnd('\r'));
        }
    }

    /// <summary>What became of it, in two lines.</summary>
    public static void Say(Screen screen, RuleView rule)
    {
        screen.Line($"{rule.Id}: {Stands(rule)}");
        screen.Line(rule.Sentence);
    }

    private static string Watches(int? enabled, int latest) => enabled is { } number ? $"version {number}{(number == latest ? "" : $" of {latest}")}" : "no";

    private static string Stands(RuleView rule) => rule.Enabled is { } number
        ? $"version {number} watches since {Words.Instant(rule.EnabledAt!.Value)}{(number == rule.Latest ? "" : $"; version {rule.Latest} does not")}"
        : $"nothing watches; 'geoevents rule enable {rule.Id}' lets it";
}
