using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using GeoEvents.Scoring;

namespace GeoEvents.Alerts.Live;

/// <summary>Runs the rules of one workspace over its log: reads what was recorded, lets time pass, and records the alerts.</summary>
/// <remarks>
/// Every fact counts at the time it was recorded and every other instant is computed, so what comes out does not depend on when the engine comes to look:
/// it may be late, restarted, or moved to another node. See adr/0023.
/// </remarks>
public sealed class WorkspaceEngine(
    string workspace, LogReader log, LedgerReader ledger, LedgerImage image, DyadTurns turns, EngineStore store, Recorder recorder, TimeProvider clock)
{
    /// <summary>Positions that are taken together.</summary>
    private const long Stretch = 2_000;

    /// <summary>Relationships kept in memory while nothing happens to them.</summary>
    private const int MostKept = 2_000;

    private readonly WorkspaceRules rules = new();
    private readonly Dictionary<Dyad, DyadEngine> engines = [];
    private Dictionary<Dyad, DyadState> states = [];
    private EngineCursor? saved;
    private EngineCursor cursor = new(0, DateTimeOffset.MinValue);
    private RecordedTimes times = new(0, []);

    /// <summary>What is on record already of a log that was restored from an archive: there is no cursor then, and what is decided again is not recorded again.</summary>
    private HashSet<(string Kind, string Alert, DateTimeOffset At)> onRecord = [];

    /// <summary>When a rule has to be looked at next, if nothing is recorded before.</summary>
    public DateTimeOffset? Due => states.Values.Min(s => s.Due);

    /// <summary>Whether any rule watches.</summary>
    public bool Watches => rules.Watching.Count > 0;

    /// <summary>Whether any rule fired, so that its alerts may lose their reason though no rule watches any more.</summary>
    private bool Remembers => states.Values.Any(s => s.Machines.Values.Any(m => m.Past.Count > 0));

    /// <summary>Takes up where it was left.</summary>
    public async Task Begin(CancellationToken cancel)
    {
        saved = await store.Cursor(workspace, cancel);
        if (saved is not null)
        {
            cursor = saved;
            states = await store.States(workspace, cancel);
            foreach (var entry in await WorkspaceRules.Facts(log, workspace, 0, cursor.Position, cancel))
            {
                rules.Take(entry);
            }
        }
        else
        {
            var head = await log.Head(workspace, cancel);
            onRecord = [.. (await log.OfTypes(workspace, AlertNaming.Decided, head.Position, cancel)).Select(e => AlertNaming.KeyOf((AlertEvent)e.Fact))];
        }
    }

    /// <summary>Takes what is there, up to now.</summary>
    /// <returns>Whether there may be more at once.</returns>
    public async Task<bool> Step(CancellationToken cancel)
    {
        var ticks = clock.GetUtcNow().UtcTicks;
        var now = new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var due = Due <= now;
        var head = due ? await log.At(workspace, now, recent: true, cancel) : await log.Head(workspace, cancel);
        if (head.Position <= cursor.Position && !due)
        {
            return false;
        }

        if (!Watches && !Remembers && await SkipTo(head, cancel))
        {
            return false;
        }

        var commits = await log.Times(workspace, cursor.Position, head.Position, cancel);
        var stretch = commits.TakeWhile(c => c.Position <= cursor.Position + Stretch).ToList();
        stretch = stretch.Count > 0 || commits.Count == 0 ? stretch : [commits[0]];
        var whole = stretch.Count == commits.Count;
        var upTo = stretch.Count > 0 ? stretch[^1].Position : cursor.Position;
        var until = whole && due ? now : stretch.Count > 0 ? stretch[^1].RecordedAt : cursor.At;
        await Take(new EngineCursor(upTo, until > cursor.At ? until : cursor.At), new RecordedTimes(cursor.Position, stretch), cancel);
        return !whole;
    }

    /// <summary>Where no rule watches, goes on to the head, or to where the next is enabled.</summary>
    /// <returns>Whether it came to the head.</returns>
    private async Task<bool> SkipTo(LogPosition head, CancellationToken cancel)
    {
        foreach (var entry in await WorkspaceRules.Facts(log, workspace, cursor.Position, head.Position, cancel))
        {
            if (entry.Fact is AlertRuleEnabled)
            {
                cursor = new EngineCursor(entry.Position - 1, (await log.At(workspace, entry.Position - 1, cancel))?.RecordedAt ?? cursor.At);
                return false;
            }

            rules.Take(entry);
        }

        cursor = new EngineCursor(head.Position, head.RecordedAt is { } at && at > cursor.At ? at : cursor.At);
        return true;
    }

    private async Task Take(EngineCursor to, RecordedTimes recorded, CancellationToken cancel)
    {
        times = recorded;
        var events = new List<AlertEvent>();
        var changed = new HashSet<Dyad>();
        var checks = (await log.OfTypes(workspace, [typeof(RelationshipChecked)], cursor.Position, to.Position, cancel))
            .ToLookup(e => ((RelationshipChecked)e.Fact).Dyad, e => e.Position);
        var (position, at) = (cursor.Position, cursor.At);
        foreach (var entry in await WorkspaceRules.Facts(log, workspace, cursor.Position, to.Position, cancel))
        {
            if (entry.Fact is AlertRuleEnabled or AlertRuleDisabled or MethodAdopted)
            {
                await Run(position, entry.Position - 1, entry.RecordedAt, to.Position);
                (position, at) = (entry.Position, entry.RecordedAt);
                await Change(entry, to.Position, events, changed, cancel);
            }
            else
            {
                rules.Take(entry);
            }
        }

        await Run(position, to.Position, to.At, to.Position);
        await Save(to, events, changed, cancel);

        async Task Run(long after, long upTo, DateTimeOffset until, long complete)
        {
            var touched = (!Watches && !Remembers) || after == upTo ? [] : await ledger.Touched(workspace, after, upTo, cancel);
            var looked = touched.Concat(checks.Where(c => c.Any(p => after < p && p <= upTo)).Select(c => c.Key)).Distinct().Where(IsWatched).ToList();
            foreach (var dyad in looked)
            {
                var engine = await EngineOf(dyad, after, at, complete, cancel);
                var record = await image.Of(workspace, dyad, complete, rules.Method, cancel);
                foreach (var (recordedAt, turn) in DyadTurn.Timed(await turns.Of(workspace, dyad, record, checks[dyad], after, upTo, cancel), times.Of))
                {
                    events.AddRange(turn.Give(engine, recordedAt));
                }

                Note(dyad, engine, changed);
            }

            foreach (var dyad in states.Where(s => s.Value.Due <= until).Select(s => s.Key).ToList())
            {
                var engine = await EngineOf(dyad, upTo, at, complete, cancel);
                events.AddRange(engine.AdvanceTo(until));
                Note(dyad, engine, changed);
            }
        }
    }

    /// <summary>A rule was enabled or disabled, or another method adopted: for every relationship that it may concern.</summary>
    private async Task Change(LogEntry entry, long complete, List<AlertEvent> events, HashSet<Dyad> changed, CancellationToken cancel)
    {
        var (position, at, before) = (entry.Position, entry.RecordedAt, entry.Position - 1);
        var loaded = new List<(Dyad Dyad, DyadEngine Engine)>();
        if (entry.Fact is MethodAdopted)
        {
            // By the new numbers, what begins by time may be due where nothing had been.
            var concerned = states.Where(s => s.Value.Machines.Count > 0).Select(s => s.Key).ToHashSet();
            foreach (var watching in rules.Watching.Where(r => r.BeginsByTime))
            {
                concerned.UnionWith(await Covered(watching, position, complete, cancel));
            }

            foreach (var dyad in concerned)
            {
                loaded.Add((dyad, await EngineOf(dyad, before, at, complete, cancel)));
            }

            rules.Take(entry);
            engines.Clear();
            foreach (var (dyad, engine) in loaded)
            {
                engine.Watch.Advance(at);
                var record = await image.Of(workspace, dyad, complete, rules.Method, cancel);
                events.AddRange(engine.Adopt(DyadWatch.Of(dyad, record, position, at, rules.Method), position));
                engines[dyad] = engine;
                Note(dyad, engine, changed);
            }

            return;
        }

        var id = entry.Fact is AlertRuleEnabled e ? e.Rule : ((AlertRuleDisabled)entry.Fact).Rule;
        var dyads = states.Where(s => s.Value.Machines.ContainsKey(id)).Select(s => s.Key).ToHashSet();
        foreach (var dyad in dyads)
        {
            await EngineOf(dyad, before, at, complete, cancel);
        }

        rules.Take(entry);
        var rule = rules.Find(id);
        if (rule is { BeginsByTime: true })
        {
            dyads.UnionWith(await Covered(rule, position, complete, cancel));
        }

        // Where a relationship has nothing to remember, its engine takes up the rule when it is needed.
        foreach (var dyad in engines.Keys.Where(d => !dyads.Contains(d)).ToList())
        {
            engines.Remove(dyad);
        }

        foreach (var dyad in dyads)
        {
            var engine = await EngineOf(dyad, before, at, complete, cancel);
            events.AddRange(rule?.Covers(dyad) == true ? engine.Enable(rule, at, position) : engine.Disable(id, at, position));
            Note(dyad, engine, changed);
        }
    }

    /// <summary>The relationships on record that a rule watches, and those that it names.</summary>
    private async Task<IEnumerable<Dyad>> Covered(WatchedRule rule, long position, long complete, CancellationToken cancel) =>
        !rule.Rule.Scope.All && rule.Rule.Scope.Actors.Count == 0
            ? rule.Rule.Scope.Dyads
            : (await image.OfAll(workspace, complete, rules.Method, cancel)).Where(r => rule.Covers(r.Key) && r.Value.IsKnownAt(position)).Select(r => r.Key).Union(rule.Rule.Scope.Dyads);

    private bool IsWatched(Dyad dyad) => rules.Watching.Any(r => r.Covers(dyad)) || states.ContainsKey(dyad);

    /// <summary>The engine of a relationship as it stood at a position.</summary>
    /// <param name="at">Not after the next instant that it will be asked for, nor before the last that it was.</param>
    private async Task<DyadEngine> EngineOf(Dyad dyad, long known, DateTimeOffset at, long complete, CancellationToken cancel)
    {
        if (engines.TryGetValue(dyad, out var engine))
        {
            return engine;
        }

        var record = await image.Of(workspace, dyad, complete, rules.Method, cancel);
        var watch = DyadWatch.Of(dyad, record, known, at, rules.Method);
        var state = states.GetValueOrDefault(dyad);
        watch.Attended = state?.Attended;
        engine = new DyadEngine(watch, rules.VersionOf, instant => times.Before(instant));
        foreach (var (rule, machine) in state?.Machines ?? DyadState.Initial.Machines)
        {
            engine.Resume(rules.Last(rule), rules.Find(rule)?.Covers(dyad) == true, machine);
        }

        foreach (var rule in rules.Watching.Where(r => r.Covers(dyad) && state?.Machines.ContainsKey(r.Rule.Id) != true))
        {
            engine.Resume(rule, watches: true, MachineState.Inactive);
        }

        return engines[dyad] = engine;
    }

    private void Note(Dyad dyad, DyadEngine engine, HashSet<Dyad> changed)
    {
        var machines = engine.States.Where(s => !s.State.IsInitial).ToDictionary(s => s.Rule, s => s.State);
        if (machines.Count > 0 || states.ContainsKey(dyad))
        {
            states[dyad] = new DyadState(engine.Watch.Attended, machines);
            changed.Add(dyad);
        }
    }

    private async Task Save(EngineCursor to, List<AlertEvent> events, HashSet<Dyad> changed, CancellationToken cancel)
    {
        var kept = changed.ToDictionary(d => d, d => states[d]);
        events.RemoveAll(e => onRecord.Contains(AlertNaming.KeyOf(e)));
        if (events.Count > 0)
        {
            var ids = await log.IdsOf(workspace, [.. events.SelectMany(AlertNaming.Streams).Distinct()], cancel);
            var named = events.OrderBy(AlertNaming.At).Select(e => AlertNaming.Named(e, ids, rules)).ToList();
            await recorder.Record(new RecordAlerts(workspace, named, saved, to, kept), CancellationToken.None);
        }
        else if (kept.Count > 0 || saved is null || to.Position - saved.Position > Stretch)
        {
            await store.Move(workspace, saved, to, kept, cancel);
        }
        else
        {
            // Nothing came of these facts, and nothing would if they were taken again.
            cursor = to;
            return;
        }

        if (engines.Count > MostKept)
        {
            engines.Clear();
        }

        (saved, cursor) = (to, to);
    }
}
