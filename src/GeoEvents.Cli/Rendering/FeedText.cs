using GeoEvents.Cli.Service;
using GeoEvents.Watching;

namespace GeoEvents.Cli.Rendering;

/// <summary>Where feeds stand.</summary>
public static class FeedText
{
    public static void Print(Screen screen, IReadOnlyList<FeedAnswer> feeds)
    {
        var table = new Listing("feed", "state", ">lag", ">waiting", ">failures", "last taken", "address");
        foreach (var feed in feeds)
        {
            table.AddRow(
                Screen.Safe(feed.Name), Words.Kebab(feed.State), Lag(feed), $"{feed.Waiting}", $"{feed.Failures}", Screen.Safe(feed.LastTaken?.Name), Screen.Safe(feed.Address));
        }

        screen.Print(table);
    }

    public static void Print(Screen screen, FeedAnswer feed)
    {
        screen.Line($"{feed.Name}  {feed.Address} (*{feed.Ending}, {feed.Format}), every {feed.IntervalSeconds} seconds: {Words.Kebab(feed.State)}");
        screen.Line($"Lag           {Lag(feed)}; {Words.Count(feed.Waiting, "file")} waiting");
        if (feed.GivenUp > 0)
        {
            screen.Line($"Given up      {Words.Count(feed.GivenUp, "file")}; 'geoevents feed check {feed.Name}' tries again");
        }

        screen.Line($"Last seen     {When(feed.SeenAt)}{(feed.Cursor is { } newest ? $", newest of {Words.Instant(newest)}" : "")}");
        screen.Line($"Last taken    {(feed.LastTaken is { } taken ? $"{taken.Name} at {When(taken.TakenAt)}, import {taken.Import}" : "nothing yet")}");
        if (feed.LastError is { } error)
        {
            screen.Line($"Last error    {When(feed.LastErrorAt)}{(feed.Failures > 0 ? $", {Words.Count(feed.Failures, "failure")} in a row" : ", over since")}: {error}");
        }

        screen.Line($"Next attempt  {(feed.State == FeedState.Running ? When(feed.NextAttempt) : "when it is resumed")}");
    }

    private static string When(DateTimeOffset? instant) => instant is { } known ? Words.Instant(known) : "never";

    private static string Lag(FeedAnswer feed)
    {
        var lag = TimeSpan.FromSeconds(feed.LagSeconds);
        return lag switch
        {
            { TotalSeconds: 0 } => "none",
            { TotalMinutes: < 2 } => $"{lag.TotalSeconds:0} s",
            { TotalHours: < 2 } => $"{lag.TotalMinutes:0} min",
            { TotalDays: < 2 } => $"{lag.TotalHours:0} h",
            _ => $"{lag.TotalDays:0} days",
        };
    }
}
