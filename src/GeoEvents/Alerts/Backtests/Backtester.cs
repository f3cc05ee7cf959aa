using System.Collections.Concurrent;
using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Incidents;
using GeoEvents.Recording;
using GeoEvents.Relationships;
using GeoEvents.Scoring;

namespace GeoEvents.Alerts.Backtests;

/// <summary>Runs a rule over a stretch of the log by the engine that runs it live; what differs is only when the facts come.</summary>
public sealed class Backtester(LogReader log, LedgerReader ledger, LedgerImage image, MethodReader methods)
{
    /// <summary>What is read once for all relationships.</summary>
    private sealed record Loaded(
        BacktestPlan Plan,
        LogPosition Begin,
        LogPosition Head,
        RecordedTimes Times,
        IReadOnlyList<(MethodBreak Break, Method Method, IReadOnlyDictionary<Dyad, DyadRecord> Records)> Breaks,
        Method Method,
        IReadOnlyDictionary<Dyad, DyadRecord> Records,
        ILookup<Dyad, RetractedRevision> Retracted,
        ILookup<Dyad, LogEntry> Checks);

    /// <param name="progress">Told how many facts were looked at, and of how many.</param>
    public async Task<BacktestResult> Run(string workspace, BacktestPlan plan, DateTimeOffset now, Action<long, long> progress, CancellationToken cancel)
    {
        var loaded = await Load(workspace, plan, now, cancel);
        var dyads = Covered(plan.Rule.Scope.Covers, plan.Rule, loaded);
        var done = 0L;
        var total = dyads.Sum(d => (long)(loaded.Records.GetValueOrDefault(d)?.Count ?? 0));
        var firings = await Firings(workspace, loaded, plan.Rule, plan.Version, dyads, count => progress(Interlocked.Add(ref done, count), total), cancel);
        BacktestDifference? difference = null;
        if (plan.Other is { } other)
        {
            var others = await Firings(workspace, loaded, other, plan.OtherVersion!.Value, Covered(other.Scope.Covers, other, loaded), _ => { }, cancel);
            difference = Difference(plan, firings, others);
        }

        return BacktestSummary.Of(plan, loaded.Head.Position, total, dyads.Count, firings, difference);
    }

    private async Task<Loaded> Load(string workspace, BacktestPlan plan, DateTimeOffset now, CancellationToken cancel)
    {
        var known = plan.Clock == BacktestClock.Known;
        var head = known ? await log.At(workspace, plan.To, recent: now - plan.To < TimeSpan.FromMinutes(1), cancel) : await log.Head(workspace, cancel);
        var begin = known ? await log.At(workspace, plan.From, recent: false, cancel) : head;
        var book = await methods.Book(workspace, known ? begin.Position : head.Position, cancel);
        var breaks = new List<(MethodBreak, Method, IReadOnlyDictionary<Dyad, DyadRecord>)>();
        foreach (var change in known ? (await methods.Breaks(workspace, head.Position, cancel)).Where(b => b.Position > begin.Position) : [])
        {
            var method = (await methods.Book(workspace, change.Position, cancel)).Current;
            breaks.Add((change, method, await image.OfAll(workspace, head.Position, method, cancel)));
        }

        return new Loaded(
            plan,
            begin,
            head,
            new RecordedTimes(begin.Position, known ? await log.Times(workspace, begin.Position, head.Position, cancel) : []),
            breaks,
            book.Current,
            await image.OfAll(workspace, head.Position, book.Current, cancel),
            known ? await ledger.RetractedOfAll(workspace, head.Position, cancel) : Array.Empty<RetractedRevision>().ToLookup(r => r.Dyad),
            (await log.OfTypes(workspace, [typeof(RelationshipChecked)], head.Position, cancel)).ToLookup(e => ((RelationshipChecked)e.Fact).Dyad));
    }

    private static List<Dyad> Covered(Func<Dyad, bool> covers, AlertRule rule, Loaded loaded) =>
        [.. loaded.Records.Keys.Concat(loaded.Checks.Select(c => c.Key)).Where(covers).Union(rule.Scope.Dyads).OrderBy(d => d.ToString(), StringComparer.Ordinal)];

    private async Task<List<BacktestFiring>> Firings(
        string workspace, Loaded loaded, AlertRule rule, int version, List<Dyad> dyads, Action<long> counted, CancellationToken cancel)
    {
        var found = new ConcurrentBag<AlertEvent>();
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var largestFirst = dyads.OrderByDescending(d => loaded.Records.GetValueOrDefault(d)?.Count ?? 0).ToList();
        await Parallel.ForEachAsync(Partitioner.Create(largestFirst, EnumerablePartitionerOptions.NoBuffering).GetDynamicPartitions(), options, async (dyad, stopping) =>
        {
            foreach (var e in await Events(workspace, loaded, rule, version, dyad, counted, stopping))
            {
                found.Add(e);
            }
        });
        var firings = Pair(found);
        var ids = await log.IdsOf(workspace, [.. firings.Take(BacktestResult.MostFirings).SelectMany(f => f.Receipt.Causes).Select(c => c.Stream).Distinct()], cancel);
        return [.. firings.Select(f => f with { Receipt = Live.AlertNaming.Named(f.Receipt, ids) })];
    }

    private async Task<IReadOnlyList<AlertEvent>> Events(
        string workspace, Loaded loaded, AlertRule rule, int version, Dyad dyad, Action<long> counted, CancellationToken cancel)
    {
        var plan = loaded.Plan;
        var record = loaded.Records.GetValueOrDefault(dyad) ?? DyadRecord.Empty;
        var watched = new WatchedRule(version, rule, plan.From);
        var run = new OneDyad(watched, plan.To, counted, cancel);
        if (plan.Clock != BacktestClock.Known)
        {
            var checks = loaded.Checks[dyad].Select(c => (c.RecordedAt, new DyadTurn(c.Position, ChangeClass.Live, null))).ToList();
            var story = BacktestStory.With(BacktestStory.Of(record, loaded.Head.Position, plan.Clock, loaded.Method), checks);
            return run.Over(new DyadWatch(dyad, loaded.Method), false, _ => loaded.Head.Position, loaded.Head.Position, plan.From, story, []);
        }

        var retracted = loaded.Retracted[dyad].ToList();
        var turns = new List<DyadTurn>();
        var (scored, after) = (record, loaded.Begin.Position);
        foreach (var (upTo, next) in loaded.Breaks.Select(b => (b.Break.Position, b.Records.GetValueOrDefault(dyad) ?? DyadRecord.Empty)).Append((loaded.Head.Position, record)))
        {
            // Every fact by the method that was current then.
            turns.AddRange(await DyadTurns.Of(scored, retracted, loaded.Checks[dyad].Select(c => c.Position), after, upTo, positions => ledger.Changes(workspace, positions, cancel)));
            (scored, after) = (next, upTo);
        }

        var watch = DyadWatch.Of(dyad, record, loaded.Begin.Position, plan.From, loaded.Method);
        if (Conditions.Has<SilenceCondition>(rule.When!))
        {
            // Before the rule was enabled nothing counts; see the condition.
            watch.Attended = null;
        }

        return run.Over(
            watch,
            record.IsKnownAt(loaded.Begin.Position),
            loaded.Times.Before,
            loaded.Begin.Position,
            plan.From,
            DyadTurn.Timed(turns, loaded.Times.Of),
            [.. loaded.Breaks.Select(b => (b.Break, (Func<DyadWatch>)(() =>
                DyadWatch.Of(dyad, b.Records.GetValueOrDefault(dyad) ?? DyadRecord.Empty, b.Break.Position, b.Break.At, b.Method))))]);
    }

    /// <summary>Each firing with its end.</summary>
    private static List<BacktestFiring> Pair(IEnumerable<AlertEvent> events)
    {
        var firings = new List<BacktestFiring>();
        foreach (var alert in events.GroupBy(e => e.Alert))
        {
            var fired = alert.OfType<AlertFired>().Single();
            var recalled = alert.OfType<AlertRecalled>().FirstOrDefault();
            var ended = alert.OfType<AlertResolved>().FirstOrDefault()?.At ?? recalled?.At;
            var severity = alert.OfType<AlertSeverityRaised>().Select(r => r.To).Append(fired.Severity).Max();
            firings.Add(new BacktestFiring(
                fired.Alert, fired.Dyad, fired.At, ended, recalled is not null ? FiringEnd.Recalled : ended is null ? FiringEnd.Open : FiringEnd.Resolved, severity, fired.Receipt));
        }

        return [.. firings.OrderBy(f => f.FiredAt).ThenBy(f => f.Alert, StringComparer.Ordinal)];
    }

    private static BacktestDifference Difference(BacktestPlan plan, List<BacktestFiring> firings, List<BacktestFiring> others)
    {
        const int Most = 1_000;
        var (these, those) = (firings.ToLookup(f => f.Dyad), others.ToLookup(f => f.Dyad));
        var onlyThis = firings.Where(f => !those[f.Dyad].Any(o => Overlap(f, o))).ToList();
        var onlyOther = others.Where(o => !these[o.Dyad].Any(f => Overlap(f, o))).ToList();
        return new BacktestDifference(plan.OtherVersion!.Value, firings.Count - onlyThis.Count, [.. onlyThis.Take(Most)], [.. onlyOther.Take(Most)]);

        static bool Overlap(BacktestFiring one, BacktestFiring other) => !(one.EndedAt < other.FiredAt) && !(other.EndedAt < one.FiredAt);
    }

    /// <summary>One rule over one relationship.</summary>
    private sealed class OneDyad(WatchedRule rule, DateTimeOffset to, Action<long> counted, CancellationToken cancel)
    {
        private const int BetweenCounts = 4_096;

        /// <param name="isKnown">Whether the relationship is on record before the first turn. One that is not, nor named by the rule, is watched from its first fact on.</param>
        /// <param name="turns">In order; those before <paramref name="from"/> are taken before the rule watches.</param>
        /// <param name="adoptions">Where another method became current, and the relationship by it.</param>
        public List<AlertEvent> Over(
            DyadWatch watch,
            bool isKnown,
            Func<DateTimeOffset, long> knownBefore,
            long known,
            DateTimeOffset from,
            IEnumerable<(DateTimeOffset At, DyadTurn Turn)> turns,
            IReadOnlyList<(MethodBreak At, Func<DyadWatch> Watch)> adoptions)
        {
            var engine = new DyadEngine(watch, (_, _) => rule.Rule, knownBefore);
            List<AlertEvent> events = [];
            var (enabled, adopted, count) = (false, 0, 0);
            foreach (var (at, turn) in turns)
            {
                if (at > to)
                {
                    break;
                }

                if (!enabled && at > from)
                {
                    Enable();
                }

                for (; adopted < adoptions.Count && adoptions[adopted].At.Position < turn.Position; adopted++)
                {
                    Adopt(adoptions[adopted]);
                }

                isKnown |= turn.Turn is not null;
                events.AddRange(turn.Give(engine, at));
                if (++count % BetweenCounts == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    counted(BetweenCounts);
                }
            }

            if (!enabled)
            {
                Enable();
            }

            for (; adopted < adoptions.Count; adopted++)
            {
                Adopt(adoptions[adopted]);
            }

            events.AddRange(engine.AdvanceTo(to));
            counted(count % BetweenCounts);
            return events;

            void Enable()
            {
                enabled = true;
                if (isKnown || rule.Rule.Scope.Dyads.Contains(watch.Dyad))
                {
                    events.AddRange(engine.Enable(rule, from, known));
                }
                else
                {
                    engine.Resume(rule, watches: true, MachineState.Inactive);
                }
            }

            void Adopt((MethodBreak At, Func<DyadWatch> Watch) adoption)
            {
                events.AddRange(engine.AdvanceTo(adoption.At.At));
                engine.Watch.Advance(adoption.At.At);
                events.AddRange(engine.Adopt(adoption.Watch(), adoption.At.Position));
            }
        }
    }
}
