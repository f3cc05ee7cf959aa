using GeoEvents.Alerts.Engine;
using GeoEvents.Coding;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Backtests;

/// <summary>The incidents of a relationship as known now, each once, in the order in which they happened or were told of.</summary>
public static class BacktestStory
{
    /// <param name="known">Log position.</param>
    /// <param name="clock">Reported or occurred.</param>
    public static IEnumerable<(DateTimeOffset At, DyadTurn Turn)> Of(DyadRecord record, long known, BacktestClock clock, Method method)
    {
        var turns = PlaybackTurn.AsHappened(record, known, DateTimeOffset.MaxValue);
        return clock == BacktestClock.Occurred
            ? turns.Select(t => (t.Tau!.Value, new DyadTurn(t.Step, ChangeClass.Live, t)))
            : turns.Select(t => (At: ToldAt(t), Turn: t)).OrderBy(t => t.At).ThenBy(t => t.Turn.Step).Select(t => (t.At, new DyadTurn(t.Turn.Step, ClassOf(t.At - t.Turn.Tau!.Value, method), t.Turn)));
    }

    /// <summary>A story with what else happened, both in order; of what is at the same time the story comes first, unless the other has an earlier position.</summary>
    public static IEnumerable<(DateTimeOffset At, DyadTurn Turn)> With(IEnumerable<(DateTimeOffset At, DyadTurn Turn)> story, IReadOnlyList<(DateTimeOffset At, DyadTurn Turn)> others)
    {
        var next = 0;
        foreach (var turn in story)
        {
            for (; next < others.Count && (others[next].At, others[next].Turn.Position).CompareTo((turn.At, turn.Turn.Position)) < 0; next++)
            {
                yield return others[next];
            }

            yield return turn;
        }

        for (; next < others.Count; next++)
        {
            yield return others[next];
        }
    }

    private static DateTimeOffset ToldAt(PlaybackTurn turn) => turn.Links is [var link, ..] ? link.ReportedAt : turn.Tau!.Value;

    /// <summary>As for a fact that is recorded; see <see cref="ChangeClasses"/>.</summary>
    private static ChangeClass ClassOf(TimeSpan age, Method method) =>
        age <= TimeSpan.FromHours(method.Parameters.LateAfterHours) ? ChangeClass.Live
        : age <= TimeSpan.FromDays(method.Parameters.BackfillAfterDays) ? ChangeClass.Late
        : ChangeClass.Backfill;
}
