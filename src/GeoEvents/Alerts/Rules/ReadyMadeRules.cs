using System.Text.Json;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>The rules that ship with the service, for the sample case and as examples of every kind of condition.</summary>
public static class ReadyMadeRules
{
    public static IReadOnlyList<AlertRule> All { get; } = Load();

    private static IReadOnlyList<AlertRule> Load()
    {
        using var json = EmbeddedData.Open("ready-made-rules.json");
        return JsonSerializer.Deserialize<IReadOnlyList<AlertRule>>(json, GeoJson.Options)!;
    }
}

/// <summary>Puts a ready-made rule on record and lets it watch, unless there is a rule of its id: what somebody did to that stands.</summary>
public sealed class TakeReadyMadeRule(Call call, AlertRule rule) : StreamDecision<Rule>(call, StreamKey.AlertRule(rule.Id), RuleRules.Named(rule.Scope))
{
    protected override IEnumerable<object> Change(Rule? before, RecordView record, DateTimeOffset recordedAt)
    {
        if (before is not null)
        {
            return [];
        }

        InvalidRequestException.ThrowIfAny(RuleRules.Unknown(rule.Scope, record));
        return [new AlertRuleDrafted(rule), new AlertRuleEnabled(rule.Id, 1)];
    }

    protected override Answer Answer(Rule state, Outcomes outcome) => RuleView.Answer(Call.Workspace, state, outcome);
}
