using System.Collections.Immutable;
using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>Conditions on what happened.</summary>
public static partial class Conditions
{
    /// <summary>A record has to be that long and full before anything is a first in it; as for a baseline (DESIGN §5).</summary>
    private static readonly TimeSpan EnoughRecord = TimeSpan.FromDays(180);

    private const int EnoughIncidents = 10;

    private static bool First(FirstCondition c, Moment m, int number)
    {
        if (m.Trigger is not { After: [var first, ..] } trigger
            || m.Fold.First is not { } began || first.Tau - began < EnoughRecord || m.Fold.Count <= EnoughIncidents)
        {
            return false;
        }

        var from = c.Years is { } years ? first.Tau.Minus(TimeSpan.FromDays(365 * years)) : DateTimeOffset.MinValue;
        var holds = false;
        foreach (var link in trigger.After)
        {
            if (link.Rung < c.MinRung || !m.Passes(link) || trigger.Before.Any(Same) || m.Fold.Before(link.Tau, trigger.Incident, from).Any(earlier => earlier.Any(Same)))
            {
                continue;
            }

            holds = true;
            if (m.Evidence is { } evidence)
            {
                var incidents = m.Fold.Before(link.Tau, trigger.Incident, from).Count();
                evidence.Add("first", number, "rung", link.Rung);
                evidence.Add("first", number, "days", (link.Tau - (from > began ? from : began)).TotalDays);
                evidence.Add("first", number, "incidents", incidents);

                // Rule of succession (Laplace): the chance that the next of n incidents is of a kind that none was, 1/(n + 2), in bits.
                evidence.Add("first", number, "surpriseBits", Math.Log2(incidents + 2));
                evidence.Add(trigger.Incident);
            }

            bool Same(Impulse other) =>
                (!c.Direction || other.Forward == link.Forward) && (c.Of == FirstOf.Type ? other.Code == link.Code : other.Rung >= link.Rung);
        }

        return holds;
    }

    private static bool TitForTat(TitForTatCondition c, Moment m, int number)
    {
        var within = TimeSpan.FromDays(c.WithinDays);
        var turns = m.Watch.Turns.In(m, m.Now.Minus(within), m.Now);
        var longest = -1;
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            if (turn.Length >= c.Length && turn.Worst >= c.Severity - Rounding && (longest < 0 || (turn.Length, turn.Tau).CompareTo((turns[longest].Length, turns[longest].Tau)) > 0))
            {
                longest = i;
            }
        }

        if (longest < 0)
        {
            return false;
        }

        m.Evidence?.Add("tit-for-tat", number, "length", turns[longest].Length);
        m.Evidence?.Add("tit-for-tat", number, "worst", turns[longest].Worst);
        for (var i = m.Evidence is null ? -1 : longest; i >= 0; i = turns[i].Answers)
        {
            m.Evidence!.Add(turns[i].Incident);
        }

        m.ChangesAt(turns[0].Tau.Plus(within));
        return true;
    }

    private static bool DisproportionateResponse(DisproportionateResponseCondition c, Moment m, int number)
    {
        if (m.Trigger is not { After: [var first, ..] } trigger)
        {
            return false;
        }

        var from = first.Tau.Minus(TimeSpan.FromDays(c.WithinDays));
        var was = trigger.Before.Where(b => b.Hostile > 0 && m.Passes(b)).Select(b => (b.Link, b.Severity)).ToList();
        var turns = m.Watch.Turns.In(m, from.AddTicks(from > DateTimeOffset.MinValue ? -1 : 0), first.Tau);
        foreach (var turn in turns.Where(t => t.Incident == trigger.Incident && t.Answers >= 0))
        {
            var answered = turns[turn.Answers];
            var ratio = turn.Severity / answered.Severity;
            if (ratio >= c.Ratio - Rounding && !was.Contains((turn.Link, turn.Severity)))
            {
                m.Evidence?.Add("disproportionate-response", number, "ratio", ratio);
                m.Evidence?.Add("disproportionate-response", number, "severity", turn.Severity);
                m.Evidence?.Add("disproportionate-response", number, "answeredSeverity", answered.Severity);
                m.Evidence?.Add(trigger.Incident);
                m.Evidence?.Add(answered.Incident);
                return true;
            }
        }

        return false;
    }

    private static bool MeasureOpened(MeasureOpenedCondition c, Moment m, int number)
    {
        if (m.Trigger is not { } trigger || !trigger.After.Any(IsOne) || trigger.Before.Any(IsOne))
        {
            return false;
        }

        m.Evidence?.Add("measure-opened", number, "rung", trigger.After.Where(IsOne).Max(l => l.Rung));
        m.Evidence?.Add(trigger.Incident);
        return true;

        bool IsOne(Impulse link) => link.Opens && link.Rung >= c.MinRung && m.Passes(link);
    }

    private static bool MeasureClosed(MeasureClosedCondition c, Moment m, int number)
    {
        if (m.Trigger is not { Closes: { } closes } trigger || trigger.ClosedBefore?.Closes == closes.Closes)
        {
            return false;
        }

        var measures = m.Fold.LinksOf(closes.Closes).Where(l => l.Opens && l.Rung >= c.MinRung).ToList();
        if (measures.Count == 0)
        {
            return false;
        }

        m.Evidence?.Add("measure-closed", number, "rung", measures.Max(l => l.Rung));
        m.Evidence?.Add("measure-closed", number, "days", (closes.Tau - measures[0].Tau).TotalDays);
        m.Evidence?.Add(trigger.Incident);
        m.Evidence?.Add(closes.Closes);
        return true;
    }

    private static bool MeasureOverdue(MeasureOverdueCondition c, Moment m, int number)
    {
        var time = TimeSpan.FromDays(c.Days);
        var measures = m.Fold.InForce.Where(l => l.Rung >= c.MinRung && m.Passes(l)).OrderBy(l => l.Tau).ThenBy(l => l.Incident).ToList();
        foreach (var measure in measures.Where(l => m.Now - l.Tau <= time).Take(1))
        {
            // Longer than that: from the second after.
            m.ChangesAt(Instants.After(measure.Tau.Plus(time)));
        }

        var overdue = measures.Where(l => m.Now - l.Tau > time).ToList();
        if (overdue.Count > 0)
        {
            m.Evidence?.Add("measure-overdue", number, "measures", overdue.Count);
            m.Evidence?.Add("measure-overdue", number, "days", (m.Now - overdue[0].Tau).TotalDays);
            overdue.ForEach(l => m.Evidence?.Add(l.Incident));
        }

        return overdue.Count > 0;
    }

    private static bool Silence(SilenceCondition c, Moment m, int number)
    {
        var since = m.Watch.Attended > m.EnabledAt ? m.Watch.Attended.Value : m.EnabledAt;
        var until = since.Plus(TimeSpan.FromHours(c.Hours));
        m.Evidence?.Add("silence", number, "hours", (m.Now - since).TotalHours);
        if (m.Now < until)
        {
            m.ChangesAt(until);
        }

        return m.Now >= until;
    }

    private static bool Revision(RevisionCondition c, Moment m, int number)
    {
        if (m.Trigger is not { Change: ChangeClass.Correction or ChangeClass.Retraction or ChangeClass.Reinstatement or ChangeClass.Merge or ChangeClass.Split } trigger)
        {
            return false;
        }

        var moved = m.Watch.Tension - trigger.TensionBefore;
        var (before, after) = (DeathsOf(trigger.Before), DeathsOf(trigger.After));
        var share = trigger.Before.IsEmpty || trigger.After.IsEmpty || before == after ? 0 : before == 0 ? 1 : Math.Abs(after - before) / (double)before;
        m.Evidence?.Add("revision", number, "tension", moved);
        m.Evidence?.Add("revision", number, "deathsBefore", before);
        m.Evidence?.Add("revision", number, "deaths", after);
        m.Evidence?.Add(trigger.Incident);
        return Math.Abs(moved) >= c.TensionBy - Rounding || 100 * share >= c.DeathsByPercent - Rounding;
    }

    private static int DeathsOf(ImmutableArray<Impulse> links) => links.Length > 0 ? links[0].Deaths : 0;
}
