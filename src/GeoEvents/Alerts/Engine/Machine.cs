using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts.Engine;

/// <summary>One rule on one relationship: inactive → pending → firing → resolved, or recalled.</summary>
/// <remarks>
/// It is looked at when a fact of the relationship is recorded and when it said that something may change by then (<see cref="MachineState.Due"/>), and at no other
/// time; so the same facts and instants give the same episodes, live, after a restart and in a backtest. Pure; for one thread at a time.
/// </remarks>
/// <param name="rule">The version that watches, or that did last.</param>
/// <param name="watches">Whether it does. One that does not opens nothing; its alerts can still be recalled.</param>
public sealed partial class Machine(WatchedRule rule, bool watches, DyadWatch watch, MachineState state)
{
    /// <summary>How long after it fired an alert may be recalled or amended, while it is not open.</summary>
    private static readonly TimeSpan Recallable = TimeSpan.FromDays(365);

    /// <summary>Of a rule that fires more often, only the last episodes can be recalled.</summary>
    public const int MostPast = 100;

    /// <summary>Raises count their conditions from here on, each from another thousand.</summary>
    private const int NumbersOfRaises = 1000;

    /// <summary>The number of the first condition of a raise.</summary>
    /// <param name="raise">Which of the rule's, 0 and up.</param>
    public static int NumbersFrom(int raise) => NumbersOfRaises * (raise + 1);

    private readonly List<AlertEvent> events = [];

    public WatchedRule Rule { get; private set; } = rule;

    public bool Watches { get; private set; } = watches;

    public MachineState State { get; private set; } = state;

    private DateTimeOffset Now => watch.Now;

    /// <summary>A fact was taken over by the watch.</summary>
    /// <param name="known">The last position that the watch knows: that of the fact, or of one that belongs to it.</param>
    /// <param name="versionOf">Any version of the rule, by its number.</param>
    public IReadOnlyList<AlertEvent> OnFact(Trigger trigger, long known, Func<int, AlertRule> versionOf)
    {
        events.Clear();
        if (trigger.Change is ChangeClass.Correction or ChangeClass.Retraction or ChangeClass.Merge or ChangeClass.Split or ChangeClass.Reinstatement)
        {
            LookBack(trigger, known, versionOf);
        }

        Look(trigger, Rule.MayFire(trigger, Now), known);
        return [.. events];
    }

    /// <summary>Time has come to <see cref="MachineState.Due"/>.</summary>
    /// <param name="known">The last position recorded before.</param>
    public IReadOnlyList<AlertEvent> OnTime(long known)
    {
        events.Clear();
        Look(null, Rule.BeginsByTime, known);
        return [.. events];
    }

    /// <summary>Something changed that opens no episode: a check, another method, the rule itself.</summary>
    public IReadOnlyList<AlertEvent> OnOther(long known)
    {
        events.Clear();
        Look(null, opens: false, known);
        return [.. events];
    }

    /// <summary>Another version watches from here on, or none. The open episode ends.</summary>
    /// <param name="next">Null: none.</param>
    public IReadOnlyList<AlertEvent> Change(WatchedRule? next, long known)
    {
        events.Clear();
        if (State.Phase == Phase.Firing)
        {
            Resolve(Now, next is null ? Ending.RuleDisabled : Ending.RuleChanged);
        }

        State = State with { Phase = Phase.Inactive, Since = null, CeasedAt = null, QuietUntil = null, Held = [], Earlier = MachineState.Inactive.Earlier, EarlierBy = null, Due = null };
        Watches = next is not null;
        if (next is not null)
        {
            Rule = next;
            Look(null, opens: false, known);
        }

        return [.. events];
    }

    private void Look(Trigger? trigger, bool opens, long known)
    {
        if (!Watches || (State.Phase == Phase.Inactive && !opens && !Rule.BeginsByTime))
        {
            return;
        }

        var moment = Ask(Rule.When, trigger, State.Phase == Phase.Inactive ? null : State.Held, out var holds);
        switch (State.Phase)
        {
            case Phase.Inactive when holds && opens && !(Now < State.QuietUntil) && (trigger is not null || IsBegunByTime(moment)):
                State = State with { Phase = Phase.Pending, Since = Now, Held = [] };
                Proceed(trigger, moment, held: null, known);
                break;
            case Phase.Inactive:
                Wait(moment, begun: holds && (trigger is null && opens ? IsBegunByTime(moment) : State.Since is not null));
                break;
            case Phase.Pending when holds:
                Proceed(trigger, moment, State.Held, known);
                break;
            case Phase.Pending:
                State = State with { Phase = Phase.Inactive, Since = null, Held = [], Due = null };
                Look(null, opens: false, known);
                break;
            case Phase.Firing:
                Continue(trigger, moment, holds, opens, known);
                break;
        }

        if (Rule.Remembers && opens)
        {
            Remember(trigger, moment);
        }
    }

    /// <summary>Inactive: remembers what holds, so that what begins by time is told from what a fact began that may open nothing.</summary>
    /// <param name="begun">Whether its condition holds because of the former; it opens once it may.</param>
    private void Wait(Moment moment, bool begun) => State = !Rule.BeginsByTime ? State with { Due = null } : State with
    {
        Since = begun ? State.Since ?? Now : null,
        Held = [.. moment.Holding.Order()],
        Due = Earliest(moment.MayChange, State.QuietUntil > Now ? State.QuietUntil : null),
    };

    private bool IsBegunByTime(Moment moment) => State.Since is not null || Conditions.IsBegunByTime(Rule.When, moment.Holding, State.Held, 0);

    /// <summary>Pending: fires if the condition has held for long enough.</summary>
    private void Proceed(Trigger? trigger, Moment moment, IReadOnlyList<int>? held, long known)
    {
        var due = State.Since!.Value + TimeSpan.FromHours(Rule.Rule.HoldHours);
        if (Now >= due)
        {
            Fire(trigger, held, known);
            Continue(trigger, moment, holds: true, opens: false, known);
        }
        else
        {
            // What holds goes on by its milder bound from here on, and may end by that.
            var latched = Ask(Rule.When, null, [.. moment.Holding], out _);
            State = State with { Held = [.. latched.Holding.Order()], Due = Earliest(due, latched.MayChange) };
        }
    }

    /// <summary>Firing: goes on, rises, or ends.</summary>
    private void Continue(Trigger? trigger, Moment moment, bool holds, bool opens, long known)
    {
        Raise(trigger, opens, known);

        // What a fact does holds at its instant; what is left of it holds on.
        var after = trigger is null && moment.Latches ? moment : Ask(Rule.When, null, [.. moment.Holding], out holds);
        DateTimeOffset? ceased = holds ? null : trigger is not null && moment.Holding.Contains(0) ? Now : State.CeasedAt ?? Now;
        State = State with { CeasedAt = ceased, Held = [.. after.Holding.Order()] };
        var end = ceased + TimeSpan.FromHours(Rule.Rule.KeepsFiringHours);
        if (Now >= end)
        {
            Resolve(end!.Value, Ending.ConditionCeased);
            State = State with
            {
                Phase = Phase.Inactive,
                Since = null,
                CeasedAt = null,
                QuietUntil = Rule.Rule.CooldownHours > 0 ? end + TimeSpan.FromHours(Rule.Rule.CooldownHours) : null,
                Held = [],
                Due = null,
            };
            Look(null, opens: false, known);
        }
        else
        {
            State = State with { Due = Earliest(Earliest(end, after.MayChange), RaisesMayChange()) };
        }
    }

    private void Fire(Trigger? trigger, IReadOnlyList<int>? held, long known)
    {
        var receipt = Receipts.Make(Rule, Rule.When, watch, trigger, held, State.Earlier, 0, known);
        var severity = Rule.Rule.Raises.Select((r, i) => (r.To, Holds: Raised(r.When!, i, trigger))).Where(r => r.Holds).Select(r => r.To).Append(Rule.Rule.Severity).Max();
        var alert = $"{Rule.Rule.Id}.{watch.Dyad}.{State.Episodes + 1}";
        events.Add(new AlertFired(alert, Rule.Rule.Id, watch.Dyad, severity, Now, receipt));
        State = State with
        {
            Phase = Phase.Firing,
            Episodes = State.Episodes + 1,
            Since = null,
            CeasedAt = null,
            Severity = severity,
            Past = [.. State.Past.Where(e => Now - e.At <= Recallable).TakeLast(MostPast - 1), Episode.Of(alert, Rule.Version, severity, receipt)],
        };
    }

    /// <param name="opens">Whether it is a fact that may open an episode. One that may not raises none either; when time passes, only what begins by time does.</param>
    private void Raise(Trigger? trigger, bool opens, long known)
    {
        foreach (var (raise, i) in HigherRaises.OrderByDescending(r => r.Raise.To))
        {
            var moment = Ask(raise.When!, trigger, null, out var holds, null, NumbersFrom(i));
            if (holds && (trigger is null ? Conditions.IsBegunByTime(raise.When!, moment.Holding, [], NumbersFrom(i)) : opens))
            {
                var receipt = Receipts.Make(Rule, raise.When!, watch, trigger, null, State.Earlier, NumbersFrom(i), known);
                events.Add(new AlertSeverityRaised(State.Past[^1].Alert, Rule.Rule.Id, watch.Dyad, State.Severity, raise.To, Now, receipt));
                State = State with
                {
                    Severity = raise.To,
                    Past = [.. State.Past.SkipLast(1), State.Past[^1] with { Severity = raise.To, Raises = [.. State.Past[^1].Raises, RaisedTo.Of(raise.To, receipt)] }],
                };
                return;
            }
        }
    }

    private IEnumerable<(SeverityRaise Raise, int Index)> HigherRaises => Rule.Rule.Raises.Select((r, i) => (r, i)).Where(r => r.r.To > State.Severity);

    /// <summary>When the severity may rise because time passes.</summary>
    private DateTimeOffset? RaisesMayChange() => HigherRaises
        .Where(r => Conditions.BeginsByTime(r.Raise.When!))
        .Min(r => Ask(r.Raise.When!, null, null, out _, null, NumbersFrom(r.Index)).MayChange);

    private void Resolve(DateTimeOffset at, Ending because)
    {
        var evidence = new Evidence();
        Ask(Rule.When, null, State.Held, out _, evidence);
        Receipts.AddNumbers(evidence, watch);
        events.Add(new AlertResolved(State.Past[^1].Alert, Rule.Rule.Id, watch.Dyad, State.Severity, because, at, evidence.Values));
    }

    private void Remember(Trigger? trigger, Moment moment)
    {
        var begun = new List<int>(moment.Begun);
        for (var i = 0; i < Rule.Rule.Raises.Count; i++)
        {
            begun.AddRange(Ask(Rule.Rule.Raises[i].When!, trigger, null, out _, null, NumbersFrom(i)).Begun);
        }

        if (begun.Count > 0)
        {
            var (earlier, by) = (State.Earlier.ToDictionary(), State.EarlierBy?.ToDictionary() ?? []);
            foreach (var number in begun)
            {
                (earlier[number], by[number]) = (Now, trigger?.Incident ?? Guid.Empty);
            }

            State = State with { Earlier = earlier, EarlierBy = by };
        }
    }

    private bool Raised(Condition condition, int index, Trigger? trigger)
    {
        Ask(condition, trigger, null, out var holds, null, NumbersFrom(index));
        return holds;
    }

    private Moment Ask(Condition condition, Trigger? trigger, IReadOnlyList<int>? held, out bool holds, Evidence? evidence = null, int from = 0)
    {
        var moment = new Moment(watch, trigger, Rule.Rule.Filter, Rule.EnabledAt, held?.ToHashSet(), State.Earlier, evidence, from, State.EarlierBy);
        holds = Conditions.Hold(condition, moment);
        return moment;
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
