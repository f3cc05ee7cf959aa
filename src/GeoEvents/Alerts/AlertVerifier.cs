using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Live;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Relationships;

namespace GeoEvents.Alerts;

/// <summary>One value of a receipt, as stored and as computed anew.</summary>
public sealed record VerifiedValue(string Name, double? Stored, double? Computed);

/// <summary>Whether a receipt can be computed again from the record.</summary>
/// <param name="Severity">That the alert had from it on.</param>
/// <param name="Position">K of the receipt.</param>
/// <param name="At">V of the receipt.</param>
/// <param name="Reproduced">Whether the rule's version holds again at that point, on the same values (to 1e-9) and the same revisions.</param>
/// <param name="Holds">Whether the condition holds at that point, on whatever values.</param>
/// <param name="Differences">What came out otherwise.</param>
/// <param name="MissingCauses">Revisions that it names and that did not count then.</param>
public sealed record VerifiedReceipt(
    Severity Severity,
    long Position,
    DateTimeOffset At,
    bool Reproduced,
    bool Holds,
    [property: KeepEmpty] IReadOnlyList<VerifiedValue> Differences,
    [property: KeepEmpty] IReadOnlyList<AlertCause> MissingCauses);

/// <summary>Whether all receipts of an alert can be computed again from the record.</summary>
/// <param name="Reproduced">Whether each can.</param>
/// <param name="Receipts">That of its firing, then that of each rise of its severity.</param>
public sealed record AlertVerification(string Alert, bool Reproduced, [property: KeepEmpty] IReadOnlyList<VerifiedReceipt> Receipts);

/// <summary>Computes an alert's receipts anew: from the log, by the rule's version, the method and the point that each names, and nothing that the engine kept.</summary>
public sealed class AlertVerifier(LogReader log, LedgerImage image, DyadTurns turns)
{
    private const double Tolerance = 1e-9;

    /// <exception cref="RefusedException">There is no such alert (404).</exception>
    public async Task<AlertVerification> Verify(string workspace, string alert, CancellationToken cancel)
    {
        var head = await log.Head(workspace, cancel);
        var facts = (await log.OfStream(workspace, StreamKey.Alert(alert), head.Position, cancel)).Select(e => e.Fact).ToList();
        if (facts is not [AlertFired fired, ..])
        {
            throw RefusedException.NotFound("alert", alert);
        }

        var rules = new WorkspaceRules();
        var enabledAt = DateTimeOffset.MinValue;
        foreach (var entry in await WorkspaceRules.Facts(log, workspace, 0, head.Position, cancel))
        {
            enabledAt = entry.Fact is AlertRuleEnabled enabled && enabled.Rule == fired.Rule && entry.Position <= fired.Receipt.Position ? entry.RecordedAt : enabledAt;
            rules.Take(entry);
        }

        var rule = new WatchedRule(fired.Receipt.RuleVersion, rules.VersionOf(fired.Rule, fired.Receipt.RuleVersion), enabledAt);
        List<VerifiedReceipt> verified = [await Verify(fired.Receipt, fired.Severity, rule.When, 0)];
        foreach (var raised in facts.OfType<AlertSeverityRaised>())
        {
            var (raise, index) = rule.Rule.Raises.Select((r, i) => (r, i)).Single(r => r.r.To == raised.To);
            verified.Add(await Verify(raised.Receipt, raised.To, raise.When!, Machine.NumbersFrom(index)));
        }

        return new AlertVerification(alert, verified.TrueForAll(r => r.Reproduced), verified);

        async Task<VerifiedReceipt> Verify(Receipt receipt, Severity severity, Condition condition, int from)
        {
            var method = rules.MethodNamed(receipt.Method);
            var record = await image.Of(workspace, fired.Dyad, head.Position, method, cancel);
            var own = receipt.Trigger is { } incident ? await Before(workspace, record, incident, receipt.Position, cancel) : receipt.Position;
            var watch = DyadWatch.Of(fired.Dyad, record, own, receipt.At, method);
            watch.Attended = Conditions.Has<SilenceCondition>(condition) ? await AttendedAt(workspace, fired.Dyad, record, receipt.Position, cancel) : null;
            Trigger? trigger = null;
            foreach (var turn in await turns.Of(workspace, fired.Dyad, record, [], own, receipt.Position, cancel))
            {
                // What follows up to K belongs to the same fact: a grade that was given with it, the other parts of a split.
                var taken = watch.Apply(turn.Turn!.Value, turn.Position, turn.Change);
                trigger = trigger?.Incident == taken.Incident ? trigger.Then(taken) : trigger ?? taken;
            }

            var (holds, evidence) = Receipts.Ask(rule, condition, watch, trigger, receipt.Held, receipt.Earlier ?? MachineState.Inactive.Earlier, from);
            var differences = receipt.Values.Keys.Union(evidence.Values.Keys)
                .Select(name => new VerifiedValue(name, Of(receipt.Values, name), Of(evidence.Values, name)))
                .Where(v => !(Math.Abs((v.Stored - v.Computed) ?? double.PositiveInfinity) <= Tolerance * Math.Max(1, Math.Abs(v.Stored!.Value))))
                .OrderBy(v => v.Name, StringComparer.Ordinal)
                .ToList();
            var missing = receipt.Causes.Where(c => c.Weight > 0 && watch.PositionsOf(StreamKey.Incident(c.Incident).In(workspace))?.Last != c.Position).ToList();
            return new VerifiedReceipt(severity, receipt.Position, receipt.At, holds && differences.Count == 0 && missing.Count == 0, holds, differences, missing);
        }
    }

    /// <summary>The position before the last fact of an incident, as known at a position, and before those of it that were recorded with that one.</summary>
    private async Task<long> Before(string workspace, DyadRecord record, Guid incident, long known, CancellationToken cancel)
    {
        var facts = record.Revisions
            .Where(r => StreamKey.AreOfOne(r.Impulse.Incident, incident))
            .SelectMany(r => new[] { r.Position, r.Until })
            .Where(p => p <= known).Distinct().OrderDescending().ToList();
        var first = facts.FirstOrDefault(known);
        foreach (var earlier in facts.Skip(1))
        {
            if (earlier != first - 1 || (await log.At(workspace, earlier, cancel))?.RecordedAt != (await log.At(workspace, first, cancel))?.RecordedAt)
            {
                break;
            }

            first = earlier;
        }

        return first - 1;
    }

    private static double? Of(IReadOnlyDictionary<string, double> values, string name) => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>When something was last recorded of a relationship, as known at a position.</summary>
    private async Task<DateTimeOffset?> AttendedAt(string workspace, Dyad dyad, DyadRecord record, long known, CancellationToken cancel)
    {
        var checks = (await log.OfTypes(workspace, [typeof(RelationshipChecked)], known, cancel)).Where(e => ((RelationshipChecked)e.Fact).Dyad == dyad).Select(e => e.Position);
        var last = (await turns.Of(workspace, dyad, record, checks, 0, known, cancel)).LastOrDefault(t => t.Attends);
        return last.Position == 0 ? null : (await log.At(workspace, last.Position, cancel))?.RecordedAt;
    }
}
