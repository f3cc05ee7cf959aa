using GeoEvents.Alerts.Rules;
using GeoEvents.Incidents;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts.Engine;

/// <summary>All rules on one relationship, run over the facts of its log and the time between them.</summary>
/// <remarks>Pure: the same facts, rules and instants give the same alerts, whether they come live, after a restart, or in a backtest. For one thread at a time.</remarks>
/// <param name="versionOf">Any version of any rule, by id and number.</param>
/// <param name="knownBefore">The last log position recorded before an instant.</param>
public sealed class DyadEngine(DyadWatch watch, Func<string, int, AlertRule> versionOf, Func<DateTimeOffset, long> knownBefore)
{
    private readonly SortedList<string, Machine> machines = new(StringComparer.Ordinal);

    /// <summary>What was taken and not looked at yet.</summary>
    private readonly List<Trigger> incomplete = [];

    public DyadWatch Watch { get; private set; } = watch;

    /// <summary>Where each rule stands.</summary>
    public IEnumerable<(string Rule, MachineState State)> States => machines.Select(m => (m.Key, m.Value.State));

    /// <summary>When a rule has to be looked at next, if nothing is recorded before.</summary>
    public DateTimeOffset? Due => machines.Count == 0 ? null : machines.Values.Min(m => m.State.Due);

    /// <summary>Puts a rule where it stood.</summary>
    /// <param name="watches">Whether it still watches.</param>
    public void Resume(WatchedRule rule, bool watches, MachineState state) => machines[rule.Rule.Id] = new Machine(rule, watches, Watch, state);

    /// <summary>From here on, a rule watches; or another version of it.</summary>
    public IReadOnlyList<AlertEvent> Enable(WatchedRule rule, DateTimeOffset at, long position)
    {
        var events = AdvanceTo(at).ToList();
        Watch.Advance(at);
        if (!machines.TryGetValue(rule.Rule.Id, out var machine))
        {
            machine = machines[rule.Rule.Id] = new Machine(rule, true, Watch, MachineState.Inactive);
        }

        events.AddRange(machine.Change(rule, position));
        return events;
    }

    /// <summary>From here on, a rule watches no more.</summary>
    public IReadOnlyList<AlertEvent> Disable(string rule, DateTimeOffset at, long position)
    {
        var events = AdvanceTo(at).ToList();
        Watch.Advance(at);
        if (machines.TryGetValue(rule, out var machine))
        {
            events.AddRange(machine.Change(null, position));
        }

        return events;
    }

    /// <summary>Lets time pass, and looks at each rule when it is due.</summary>
    /// <param name="t">Nothing is recorded any more before it but what was taken.</param>
    public IReadOnlyList<AlertEvent> AdvanceTo(DateTimeOffset t)
    {
        List<AlertEvent> events = [];
        while (Due is { } due && due <= t)
        {
            Watch.Advance(due > Watch.Now ? due : Watch.Now);
            foreach (var machine in machines.Values.Where(m => m.State.Due <= due).ToList())
            {
                events.AddRange(machine.OnTime(knownBefore(due)));
            }
        }

        return events;
    }

    /// <summary>Takes a fact of an incident.</summary>
    /// <param name="at">When it counts: live, when it was recorded.</param>
    /// <param name="isComplete">Whether rules look at it now; if not, they do when the next is known as well.</param>
    public IReadOnlyList<AlertEvent> Take(in PlaybackTurn turn, long position, ChangeClass change, DateTimeOffset at, bool isComplete = true)
    {
        var events = AdvanceTo(at).ToList();
        Watch.Advance(at);
        var taken = Watch.Apply(turn, position, change);
        if (incomplete is [.., { } last] && last.Incident == taken.Incident)
        {
            incomplete[^1] = last.Then(taken);
        }
        else
        {
            incomplete.Add(taken);
        }

        if (turn.Touches && change != ChangeClass.Backfill)
        {
            Watch.Attended = at;
        }

        if (isComplete)
        {
            foreach (var (id, machine) in machines)
            {
                foreach (var trigger in incomplete)
                {
                    events.AddRange(machine.OnFact(trigger, position, version => versionOf(id, version)));
                }
            }

            incomplete.Clear();
        }

        return events;
    }

    /// <summary>Takes a check: somebody looked.</summary>
    public IReadOnlyList<AlertEvent> TakeCheck(DateTimeOffset at, long position)
    {
        var events = AdvanceTo(at).ToList();
        Watch.Advance(at);
        Watch.Attended = at;
        foreach (var machine in machines.Values)
        {
            events.AddRange(machine.OnOther(position));
        }

        return events;
    }

    /// <summary>From here on, all is scored by another method. That fires nothing.</summary>
    /// <param name="scored">The same record by that method, at the same position and instant.</param>
    public IReadOnlyList<AlertEvent> Adopt(DyadWatch scored, long position)
    {
        scored.Attended = Watch.Attended;
        Watch = scored;
        List<AlertEvent> events = [];
        foreach (var (id, machine) in machines.ToList())
        {
            machines[id] = new Machine(machine.Rule, machine.Watches, scored, machine.State);
            events.AddRange(machines[id].OnOther(position));
        }

        return events;
    }
}
