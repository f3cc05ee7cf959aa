using GeoEvents.Alerts.Rules;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Conditions on how high a number is.</summary>
public static partial class Conditions
{
    private static bool Threshold(ThresholdCondition c, Moment m, int number)
    {
        var warmth = c.Of == LevelOf.Warmth;
        var level = m.Level(warmth);
        m.Evidence?.Add("threshold", number, warmth ? "warmth" : "tension", level);
        var holds = m.AtLeast(number, level, c.Above, c.ResolvesBelow);
        if (holds)
        {
            m.FallsTo(m.Latches && !m.IsDenied ? c.ResolvesBelow : c.Above, warmth);
        }

        return holds;
    }

    private static bool NewHigh(NewHighCondition c, Moment m, int number)
    {
        var warmth = c.Of == LevelOf.Warmth;
        var level = m.Level(warmth);
        if (level < c.Floor - Rounding)
        {
            return false;
        }

        var highest = m.Watch.Midnights().Highest(m.Now, c.Days, warmth) ?? 0;
        m.Evidence?.Add("new-high", number, warmth ? "warmth" : "tension", level);
        m.Evidence?.Add("new-high", number, "highestBefore", highest);
        var holds = m.AtLeast(number, level, c.Floor, c.Floor) && level > highest + Rounding;
        if (holds)
        {
            m.FallsTo(Math.Max(c.Floor, highest), warmth);
            m.ChangesAt(Midnights.After(m.Now));
        }

        return holds;
    }

    private static bool RateOfChange(RateOfChangeCondition c, Moment m, int number)
    {
        var lag = TimeSpan.FromHours(c.WithinHours);
        var before = m.Watch.Earlier(lag);
        var (now, then) = (m.Fold.HostileAhead(), before.Fold.HostileAhead());
        var rise = now.At(m.Now) - then.At(before.Fold.Now);
        m.Evidence?.Add("rate-of-change", number, "rise", rise);
        m.Evidence?.Add("rate-of-change", number, "before", then.At(before.Fold.Now));
        var holds = m.AtLeast(number, rise, c.Rise, c.Rise);
        if (holds)
        {
            var until = Earliest(now.Until, then.Until.Plus(lag), before.NextHappens);
            var difference = new Piece(m.Now, until, now.Constant - then.Constant, now.Falling - then.Falling, now.HalfLifeDays);
            m.ChangesAt(difference.FallsTo(c.Rise) ?? until);
        }

        return holds;
    }

    private static bool Pressure(PressureCondition c, Moment m, int number)
    {
        var p = m.Watch.Method.Parameters;
        var numbers = m.Fold.Numbers();
        m.Evidence?.Add("pressure", number, "pressure", numbers.Pressure);
        if (numbers.Baseline == Baseline.Insufficient)
        {
            return false;
        }

        var holds = m.AtLeast(number, numbers.Pressure, c.Above, c.Above);
        if (holds)
        {
            var fast = m.Fold.HostileAhead();
            var slow = m.Fold.Ahead(s => s.HostileSlow, i => i.Hostile, p.HalfLifeSlowDays);
            var (kFast, kSlow) = (Math.Log(2) / p.HalfLifeFastDays, Math.Log(2) / p.HalfLifeSlowDays);
            var until = Earliest(fast.Until, slow.Until, null);
            var turns = Math.Log2(fast.Falling * kFast * kFast / (c.Above * slow.Falling * kSlow * kSlow)) / ((1 / p.HalfLifeFastDays) - (1 / p.HalfLifeSlowDays));
            m.ChangesAt(Crossing.First(
                t => (fast.At(t) * kFast) + p.PressureEpsilonPerDay - (c.Above * ((slow.At(t) * kSlow) + p.PressureEpsilonPerDay)),
                m.Now,
                turns,
                until,
                p.HalfLifeSlowDays));
        }

        return holds;
    }

    private static bool TensionFalls(TensionFallsCondition c, Moment m, int number)
    {
        var lag = TimeSpan.FromDays(c.WithinDays);
        var before = m.Watch.Earlier(lag);
        var (now, then) = (m.Fold.HostileAhead(), before.Fold.HostileAhead());
        var method = m.Watch.Method;
        var fall = Fall(m.Now);
        m.Evidence?.Add("tension-falls", number, "fall", fall);
        m.Evidence?.Add("tension-falls", number, "before", RelationshipNumbers.Saturate(then.At(before.Fold.Now), method));

        // The difference of two saturated decays has one turning point: where both fall equally fast.
        var (a, b) = (now.Falling, then.Falling);
        var turn = ((method.Parameters.Saturation * Math.Log(b / a)) + now.Constant - then.Constant) / (b - a);
        m.ChangesAt(Crossing.First(
            t => Fall(t) - c.By,
            m.Now,
            -now.HalfLifeDays * Math.Log2(turn),
            Earliest(now.Until, then.Until.Plus(lag), before.NextHappens),
            now.HalfLifeDays));
        return m.AtLeast(number, fall, c.By, c.By);

        double Fall(DateTimeOffset t) => RelationshipNumbers.Saturate(then.At(t - lag), method) - RelationshipNumbers.Saturate(now.At(t), method);
    }

    private static bool ChangePoint(ChangePointCondition c, Moment m, int number)
    {
        var p = m.Fold.Numbers();
        if (p.Baseline == Baseline.Insufficient)
        {
            return false;
        }

        var s = m.Watch.Days().Cusum(m.Now, c.Cap, c.Slack);
        m.Evidence?.Add("change-point", number, "cusum", s);
        var holds = s >= c.Threshold - Rounding;
        if (holds)
        {
            m.ChangesAt(Midnights.After(m.Now));
        }

        return holds;
    }

    private static bool WordsToDeeds(WordsToDeedsCondition c, Moment m, int number)
    {
        var (recent, prior) = (m.Now.Minus(TimeSpan.FromDays(c.Days)), m.Now.Minus(TimeSpan.FromDays(c.Days + c.PriorDays)));
        var (new_, old) = (m.Watch.Days().Between(m.Fold, recent, m.Now), m.Watch.Days().Between(m.Fold, prior, recent));
        if (new_.Incidents < c.MinIncidents || old.Incidents < c.MinIncidents)
        {
            return false;
        }

        m.Evidence?.Add("words-to-deeds", number, "share", new_.MaterialShare);
        m.Evidence?.Add("words-to-deeds", number, "shareBefore", old.MaterialShare);
        var holds = m.AtLeast(number, new_.MaterialShare - old.MaterialShare, c.Rise, c.Rise);
        if (holds)
        {
            m.ChangesAt(m.Fold.Between(recent, m.Now).FirstOrDefault() is { } leaves ? leaves[0].Tau.Plus(TimeSpan.FromDays(c.Days)) : null);
            m.ChangesAt(m.Fold.Between(prior, recent).FirstOrDefault() is { } forgotten ? forgotten[0].Tau.Plus(TimeSpan.FromDays(c.Days + c.PriorDays)) : null);
        }

        return holds;
    }

    private static bool PostureReaches(PostureReachesCondition c, Moment m, int number)
    {
        var rung = m.Fold.Rung();
        m.Evidence?.Add("posture-reaches", number, "rung", rung);
        if (rung >= c.Rung)
        {
            m.ChangesAt(m.Fold.RungMayChange());
        }

        return rung >= c.Rung;
    }

    /// <param name="sign">1: up, −1: down.</param>
    private static bool PostureMoved(Moment m, int number, string kind, int rungs, double withinDays, int sign)
    {
        var lag = TimeSpan.FromDays(withinDays);
        var before = m.Watch.Earlier(lag);
        var (now, then) = (m.Fold.Rung(), before.Fold.Rung());
        m.Evidence?.Add(kind, number, "rung", now);
        m.Evidence?.Add(kind, number, "before", then);
        var holds = sign * (now - then) >= rungs;
        if (holds || sign < 0)
        {
            m.ChangesAt(m.Fold.RungMayChange());
            m.ChangesAt(before.Fold.RungMayChange()?.Plus(lag));
            m.ChangesAt(before.NextHappens);
        }

        return holds;
    }

    private static double Level(this Moment m, bool warmth)
    {
        var sums = m.Fold.Sums();
        return RelationshipNumbers.Saturate(warmth ? sums.CooperativeFast : sums.HostileFast, m.Watch.Method);
    }

    /// <summary>Says when tension or warmth comes down to a level, in closed form: <c>H = −saturation·ln(1 − level/100)</c>.</summary>
    private static void FallsTo(this Moment m, double level, bool warmth)
    {
        var p = m.Watch.Method.Parameters;
        var piece = warmth
            ? m.Fold.Ahead(s => s.CooperativeFast, i => i.Cooperative, p.HalfLifeFastDays)
            : m.Fold.HostileAhead();
        m.ChangesAt(piece.FallsTo(-p.Saturation * Math.Log(1 - (level / 100))) ?? piece.Until);
    }

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other, DateTimeOffset? third)
    {
        var earliest = one < other ? one : other;
        return third < earliest ? third.Value : earliest;
    }

    private static DateTimeOffset Plus(this DateTimeOffset t, TimeSpan time) => DateTimeOffset.MaxValue - t > time ? t + time : DateTimeOffset.MaxValue;

    private static DateTimeOffset Minus(this DateTimeOffset t, TimeSpan time) => t - DateTimeOffset.MinValue > time ? t - time : DateTimeOffset.MinValue;
}
