using GeoEvents.Coding;
using GeoEvents.Relationships;

namespace GeoEvents.Cli.Rendering;

/// <summary>A playback as it comes: a line for each step, and what it came to.</summary>
public sealed class PlaybackText(Screen screen, Dyad dyad)
{
    private const int Blocks = 24;

    private readonly List<double> tensions = [];
    private PlaybackStep? peak;

    public void Print(PlaybackStep step)
    {
        var (before, after) = (step.Before, step.After);
        tensions.Add(after.Tension);
        peak = peak is null || after.Tension > peak.After.Tension ? step : peak;
        var tint = Words.Tint(after.Tension);
        var jump = after.Tension - before.Tension;
        screen.Marked(
            $"{Words.Instant(step.At),-20}  {Words.Kebab(step.ChangeClass),-13}  "
            + $"{Words.Number(before.Tension),5} → [{tint}]{Words.Number(after.Tension),5}[/]  [{Way(jump)}]{Words.Signed(jump),6}[/]  "
            + $"[{tint}]{Screen.Safe($"{after.Band,-8}")}[/]  {Rung(before.Rung, after.Rung),-8}  "
            + $"[{tint}]{Sparkline.Of(tensions, Blocks).PadRight(Blocks)}[/]  {Screen.Safe(step.Title)}");
    }

    /// <summary>The closing line: how many steps, the highest tension, when, and by whose doing.</summary>
    public void Sum()
    {
        if (peak is null)
        {
            screen.Line($"{dyad} has nothing to play in that stretch of the record.");
            return;
        }

        screen.Line();
        screen.Marked($"{Words.Count(tensions.Count, "step")}; tension was highest on {Words.Instant(peak.At)}: "
            + $"[{Words.Tint(peak.After.Tension)}]{Words.Number(peak.After.Tension)} {Screen.Safe(peak.After.Band)}[/]{Screen.Safe(DrivenBy(peak))}");
    }

    private string DrivenBy(PlaybackStep step)
    {
        var (state, title) = (step.After, step.Title);
        if (state.HostilityFast == 0)
        {
            return "";
        }

        var (driver, share) = state.Asymmetry >= 0 ? (dyad.First, (1 + state.Asymmetry) / 2) : (dyad.Second, (1 - state.Asymmetry) / 2);
        return $", {Words.Percent(share)} by {driver}, with \"{title}\"";
    }

    private static string Rung(int before, int after) => before == after ? $"rung {after}" : $"rung {before}→{after}";

    private static string Way(double jump) => jump switch { >= 0.05 => "red", <= -0.05 => "green", _ => "default" };
}
