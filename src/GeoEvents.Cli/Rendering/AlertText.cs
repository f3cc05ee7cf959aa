using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Cli.Service;
using GeoEvents.Hosting;

namespace GeoEvents.Cli.Rendering;

/// <summary>Alerts in words.</summary>
public static class AlertText
{
    public static void Print(Screen screen, Page<AlertAnswer> page)
    {
        var table = new Listing("fired", "severity", "state", "seen by", "alert", "what happened");
        foreach (var alert in page.Items)
        {
            table.AddRow(
                Words.Instant(alert.FiredAt),
                $"[{Tint(alert.Severity)}]{Words.Kebab(alert.Severity)}[/]",
                $"{Words.Kebab(alert.State)}{(alert.Silence is null ? "" : " (silenced)")}",
                Screen.Safe(alert.AcknowledgedBy),
                Screen.Safe(alert.Id),
                Screen.Safe(alert.Headline));
        }

        screen.Print(table);
        if (page.Next is not null)
        {
            screen.Line($"More: --after {page.Next}");
        }
    }

    public static void Print(Screen screen, EpisodeAnswer episode)
    {
        var alert = episode.Alert;
        screen.Line($"{alert.Id}  {alert.Title}: {Words.Kebab(alert.Severity)}, {Words.Kebab(alert.State)}");
        screen.Line(episode.Shown);
        screen.Line();
        screen.Line($"{alert.Headline}.");
        screen.Line($"Fired       {Words.Instant(alert.FiredAt)}{(alert.EndedAt is { } ended ? $", {Words.Kebab(alert.State)} {Words.Instant(ended)}" : "")}");
        screen.Line($"Rule        {alert.Rule}, version {alert.RuleVersion}: {episode.Sentence}");
        Note(screen, "Recalled", episode.RecalledBy is { } recalled ? $"for {recalled.Incident}: {Words.Kebab(recalled.Change)} at position {recalled.Position}" : null);
        Note(screen, "Silence", alert.Silence);
        Note(screen, "Seen by", alert.AcknowledgedBy is { } by ? $"{by}, {Words.Instant(alert.AcknowledgedAt!.Value)}" : null);
        Note(screen, "Assigned to", alert.Assignee);
        foreach (var note in alert.Notes ?? [])
        {
            screen.Line($"Note        {Words.Instant(note.At)} {note.By}: {note.Text}");
        }

        Causes(screen, episode.Causes);
        if (episode.Facts.Count > 0)
        {
            screen.Line();
            screen.Line("Recorded while it was open");
            var table = new Listing(">position", "recorded", "class", "incident", "id");
            foreach (var fact in episode.Facts)
            {
                table.AddRow($"{fact.Position}", Words.Instant(fact.RecordedAt), Words.Kebab(fact.Change), Screen.Safe(fact.Title), Screen.Safe(fact.Incident));
            }

            screen.Print(table);
        }
    }

    public static void Say(Screen screen, AlertAnswer alert) => screen.Line($"{alert.Id}: seen by {alert.AcknowledgedBy}, {Words.Instant(alert.AcknowledgedAt!.Value)}");

    private static void Causes(Screen screen, IReadOnlyList<CauseView> causes)
    {
        if (causes.Count == 0)
        {
            return;
        }

        screen.Line();
        screen.Line("It rests on");
        var table = new Listing(">share", ">impulse", "occurred", "incident", "id", "now");
        foreach (var cause in causes)
        {
            table.AddRow(
                Words.Percent(cause.Share), Words.Number(cause.Weight), Screen.Safe(cause.About.Incident?.Occurred), Screen.Safe(cause.About.Incident?.Title), Screen.Safe(cause.Incident), Words.Kebab(cause.About.Standing));
        }

        screen.Print(table);
    }

    private static void Note(Screen screen, string what, string? text)
    {
        if (text is not null)
        {
            screen.Line($"{what,-12}{text}");
        }
    }

    private static string Tint(Severity severity) => severity switch { Severity.Info => "default", Severity.Warning => "darkorange", _ => "red bold" };
}
