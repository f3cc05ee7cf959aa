using GeoEvents.Alerts.Rules;

namespace GeoEvents.Alerts.Engine;

/// <summary>Whether a condition holds at a moment, and when that may change by time alone. The definitions are those of <see cref="Condition"/>.</summary>
/// <remarks>
/// Levels begin to hold at recorded facts only: hostility falls while nothing is recorded, and a ratio that rises because its other side fell is no escalation.
/// Every condition of a rule is looked at in every evaluation, so that each has its number and can say when it may change.
/// </remarks>
public static partial class Conditions
{
    /// <summary>What is 60 on paper is 60.</summary>
    private const double Rounding = 1e-9;

    public static bool Hold(Condition condition, Moment m)
    {
        var number = m.Number();
        var holds = condition switch
        {
            ThresholdCondition c => Threshold(c, m, number),
            RateOfChangeCondition c => RateOfChange(c, m, number),
            PressureCondition c => Pressure(c, m, number),
            NewHighCondition c => NewHigh(c, m, number),
            TensionFallsCondition c => TensionFalls(c, m, number),
            ChangePointCondition c => ChangePoint(c, m, number),
            WordsToDeedsCondition c => WordsToDeeds(c, m, number),
            PostureReachesCondition c => PostureReaches(c, m, number),
            PostureJumpCondition c => PostureMoved(m, number, "posture-jump", c.Rungs, c.WithinDays, 1),
            PostureFallsCondition c => PostureMoved(m, number, "posture-falls", c.Rungs, c.WithinDays, -1),
            FirstCondition c => First(c, m, number),
            TitForTatCondition c => TitForTat(c, m, number),
            DisproportionateResponseCondition c => DisproportionateResponse(c, m, number),
            MeasureOpenedCondition c => MeasureOpened(c, m, number),
            MeasureClosedCondition c => MeasureClosed(c, m, number),
            MeasureOverdueCondition c => MeasureOverdue(c, m, number),
            SilenceCondition c => Silence(c, m, number),
            RevisionCondition c => Revision(c, m, number),
            AndCondition c => c.All.Aggregate(true, (all, one) => Hold(one, m) && all),
            OrCondition c => c.Any.Aggregate(false, (any, one) => Hold(one, m) || any),
            NotCondition c => Not(c, m),
            ThenCondition c => Then(c, m, number),
            _ => throw new InvalidOperationException($"{condition.GetType().Name} is no condition."),
        };
        if (holds && m.MayHold(condition, number))
        {
            m.Holding.Add(number);
            return true;
        }

        return false;
    }

    /// <summary>Whether a condition that holds while nothing is recorded is one that time brought about, and not one that only a fact may begin.</summary>
    /// <param name="holding">Numbers of the conditions that hold.</param>
    /// <param name="before">Numbers of those that held at the look before.</param>
    /// <param name="number">Its own.</param>
    public static bool IsBegunByTime(Condition condition, IReadOnlySet<int> holding, IReadOnlyList<int> before, int number)
    {
        return Begun(condition);

        // Every condition is asked, since each has a number.
        bool Begun(Condition c)
        {
            var (holds, held) = (holding.Contains(number), before.Contains(number++));
            switch (c)
            {
                case AndCondition and:
                    return and.All.Aggregate(false, (any, one) => Begun(one) || any) && holds;
                case OrCondition or:
                    return or.Any.Aggregate(false, (any, one) => Begun(one) || any);
                case NotCondition not:
                    Begun(not.Not);
                    return holds && !held;
                case ThenCondition then:
                    Begun(then.First);
                    Begun(then.Second);
                    break;
            }

            return holds && !held && BeginsByTime(c);
        }
    }

    /// <summary>In an episode, what is no longer so begins again at a fact, or by time if it is of that kind.</summary>
    private static bool MayHold(this Moment m, Condition condition, int number) =>
        !m.Latches || m.Trigger is not null || m.HeldBefore(number) || BeginsByTime(condition) || condition is AndCondition or OrCondition or ThenCondition;

    /// <summary>Whether a condition can begin to hold because time passes, without a fact.</summary>
    public static bool BeginsByTime(Condition condition) => condition switch
    {
        SilenceCondition or MeasureOverdueCondition or PostureFallsCondition or TensionFallsCondition or NotCondition => true,
        AndCondition c => c.All.Any(BeginsByTime),
        OrCondition c => c.Any.Any(BeginsByTime),
        ThenCondition c => BeginsByTime(c.First) || BeginsByTime(c.Second),
        _ => false,
    };

    /// <summary>Whether one of a kind is among a condition and those within it.</summary>
    public static bool Has<T>(Condition condition) where T : Condition => condition switch
    {
        T => true,
        AndCondition c => c.All.Any(Has<T>),
        OrCondition c => c.Any.Any(Has<T>),
        NotCondition c => Has<T>(c.Not),
        ThenCondition c => Has<T>(c.First) || Has<T>(c.Second),
        _ => false,
    };

    private static bool Not(NotCondition c, Moment m)
    {
        var outer = m.IsDenied;
        m.IsDenied = true;
        var holds = Hold(c.Not, m);
        m.IsDenied = outer;
        return !holds;
    }

    private static bool Then(ThenCondition c, Moment m, int number)
    {
        var (first, second) = (Hold(c.First, m), Hold(c.Second, m));
        var before = m.Earlier.TryGetValue(number, out var at) && at < m.Now && m.Now - at <= TimeSpan.FromHours(c.WithinHours) && (c.First.Lasts || !m.BeganItself(number));
        if (first)
        {
            m.Begun.Add(number);
        }

        if (before)
        {
            m.Evidence?.Add("then", number, "hoursAfter", (m.Now - at).TotalHours);
        }

        return second && (before || m.HeldBefore(number));
    }

    /// <summary>A value that begins to matter at a bound, and ends to at the same or a milder one.</summary>
    private static bool AtLeast(this Moment m, int number, double value, double begins, double ends) =>
        m.HeldBefore(number) && !m.IsDenied ? value > ends + Rounding : value >= begins - Rounding;
}
