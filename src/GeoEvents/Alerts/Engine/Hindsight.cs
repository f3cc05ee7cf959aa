using System.Collections.Immutable;
using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts.Engine;

/// <summary>Takes back what a later fact leaves without reason.</summary>
public sealed partial class Machine
{
    /// <summary>What moves a sum by less, in units of impulse, is rounding.</summary>
    private const double Immaterial = 1e-6;

    /// <summary>Asks of every alert that the fact may concern whether it would have fired, and risen, with what is known now of the incidents known then.</summary>
    private void LookBack(Trigger trigger, long known, Func<int, AlertRule> versionOf)
    {
        if (trigger.IsIdle && !HoldsUnderOtherIds(trigger))
        {
            return;
        }

        foreach (var past in State.Past)
        {
            var open = State.Phase == Phase.Firing && past == State.Past[^1];
            if ((!open && Now - past.At > Recallable) || !Concerns(trigger, past, open))
            {
                continue;
            }

            var version = past.Version == Rule.Version ? Rule : new WatchedRule(past.Version, versionOf(past.Version), Rule.EnabledAt);
            if (version.CanBeRecalled)
            {
                Reconsider(trigger, known, past, open, version);
            }
        }
    }

    private static bool HoldsUnderOtherIds(Trigger trigger) => trigger.Change is ChangeClass.Merge or ChangeClass.Split;

    /// <summary>Whether a fact is of an incident that was known then and may have had a part in it, be it listed as a cause or not; of an open episode, whatever may carry it by now.</summary>
    private bool Concerns(Trigger trigger, Episode past, bool open) => open
        || (watch.PositionsOf(trigger.Incident)?.First <= past.Raises.Select(r => r.Known).Append(past.Known).Max()
            && (IsCause(trigger, past) || trigger.MovesBy(past.At, watch.Method.Parameters.HalfLifeFastDays) > Immaterial));

    private static bool IsCause(Trigger trigger, Episode past) =>
        past.Causes.Contains(trigger.Incident) || past.Trigger == trigger.Incident || past.Raises.Any(r => r.Causes.Contains(trigger.Incident));

    private void Reconsider(Trigger trigger, long known, Episode past, bool open, WatchedRule version)
    {
        var episode = HoldsUnderOtherIds(trigger)
            ? past with { Known = KnownThen(past.Known), Raises = [.. past.Raises.Select(r => r with { Known = KnownThen(r.Known) })] }
            : past;
        var (stands, values) = Stands(version.When, 0, episode);
        if (!stands && open && IsCarried())
        {
            // What opened it is gone, but what others did since would have opened it as well: from here on it rests on that.
            var receipt = Receipts.Make(version, version.When, watch, null, null, State.Earlier, 0, known);
            (stands, episode) = (true, Episode.Of(episode.Alert, episode.Version, episode.Severity, receipt) with { Raises = episode.Raises });
        }

        if (!stands)
        {
            events.Add(new AlertRecalled(
                episode.Alert, Rule.Rule.Id, watch.Dyad, episode.Severity, Now, trigger.Position, trigger.Change, "", trigger.Incident, episode.Values, values, open));
            State = State with { Past = [.. State.Past.Where(e => e != past)] };
            if (open)
            {
                State = State with { Phase = Phase.Inactive, Since = null, CeasedAt = null, Held = [], Due = null };
            }

            return;
        }

        var raises = episode.Raises.Where(r => StandsRaise(r)).ToList();
        var severity = raises.Select(r => r.To).Append(Opening()).Max();
        if (severity < episode.Severity || (IsCause(trigger, past) && trigger.IsMaterialAt(past.At, watch.Method.Parameters.HalfLifeFastDays)))
        {
            events.Add(new AlertAmended(
                episode.Alert, Rule.Rule.Id, watch.Dyad, severity, Now, trigger.Position, trigger.Change, "", trigger.Incident, past.Values, values));
        }

        State = State with
        {
            Severity = open ? severity : State.Severity,
            Past = [.. State.Past.Select(e => e == past ? episode with { Severity = severity, Raises = raises } : e)],
        };

        // What was known then and is merged or split goes on under another id, which was not.
        long KnownThen(long then) => watch.PositionsOf(trigger.Incident)?.First <= then ? known : then;

        bool StandsRaise(RaisedTo raise)
        {
            var index = version.Rule.Raises.Index().First(r => r.Item.To == raise.To).Index;
            return Stands(version.Rule.Raises[index].When!, NumbersFrom(index), raise).Holds;
        }

        // The severity with which it would have opened; what was raised since has a receipt of its own.
        Severity Opening() => version.Rule.Raises.Index()
            .Where(r => r.Item.To <= episode.Severity && !episode.Raises.Any(later => later.To == r.Item.To))
            .Where(r => Stands(r.Item.When!, NumbersFrom(r.Index), episode with { Held = null }).Holds)
            .Select(r => r.Item.To).Append(version.Rule.Severity).Max();

        bool IsCarried()
        {
            Ask(version.When, null, null, out var holds);
            return holds;
        }

        (bool Holds, IReadOnlyDictionary<string, double> Values) Stands(Condition condition, int from, IGrounds grounds)
        {
            var (holds, then) = Receipts.Again(version, condition, from, grounds, watch);
            holds &= trigger.Incident != grounds.Trigger || trigger.After.IsEmpty || version.Admits(trigger, grounds.At);
            // By another method than it fired by, only what the fact itself did is its doing.
            var otherwise = !holds && episode.Method != watch.Method.Id && trigger.After.Length > 0;
            return (holds || (otherwise && !Receipts.Again(version, condition, from, grounds, watch, trigger).Holds), then);
        }
    }
}
