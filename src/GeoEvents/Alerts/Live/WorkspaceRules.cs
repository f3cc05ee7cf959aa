using GeoEvents.Alerts.Engine;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Alerts.Live;

/// <summary>The rules, silences and methods of a workspace at a position of its log, which goes forward.</summary>
public sealed class WorkspaceRules
{
    private static readonly Type[] Kinds = [.. FactTypes.ByName.Values.Where(t => t.IsAssignableTo(typeof(RuleEvent)) || t.IsAssignableTo(typeof(SilenceEvent)) || t.IsAssignableTo(typeof(MethodEvent)))];

    private readonly Dictionary<Guid, Rule> rules = [];
    private readonly Dictionary<Guid, SilenceState> silences = [];

    private MethodBook methods = MethodBook.Beginning;

    public Method Method => methods.Current;

    /// <inheritdoc cref="MethodBook.Named"/>
    public Method MethodNamed(string id) => methods.Named(id);

    /// <summary>The rules that watch.</summary>
    public IReadOnlyList<WatchedRule> Watching { get; private set; } = [];

    public AlertRule VersionOf(string rule, int version) => rules.Values.First(r => r.Id == rule).Versions[version - 1].Rule;

    /// <summary>The silence that keeps an alert from going out at an instant; null if none does.</summary>
    public string? SilenceOf(string rule, Dyad dyad, DateTimeOffset at) => silences.Values.FirstOrDefault(s => s.Covers(rule, dyad, at))?.Silence.Id;

    /// <summary>The facts about rules, silences and methods after one position, up to another.</summary>
    public static Task<IReadOnlyList<LogEntry>> Facts(LogReader log, string workspace, long after, long upTo, CancellationToken cancel) =>
        log.OfTypes(workspace, Kinds, after, upTo, cancel);

    /// <summary>Takes over one of them.</summary>
    public void Take(LogEntry entry)
    {
        switch (entry.Fact)
        {
            case RuleEvent e:
                rules[entry.Stream] = Rule.After(rules.GetValueOrDefault(entry.Stream), e, entry.RecordedAt);
                Watching = e is AlertRuleEnabled or AlertRuleDisabled
                    ? [.. rules.Values.Where(r => r.Enabled is not null).Select(Watched).OrderBy(r => r.Rule.Id, StringComparer.Ordinal)]
                    : Watching;
                break;
            case SilenceEvent e:
                silences[entry.Stream] = SilenceState.After(silences.GetValueOrDefault(entry.Stream), e, entry.RecordedAt);
                break;
            case MethodEvent e:
                methods = methods.After(e);
                break;
        }
    }

    /// <summary>The version that a rule watches by; null if none does.</summary>
    public WatchedRule? Find(string rule) => Watching.FirstOrDefault(r => r.Rule.Id == rule);

    /// <summary>The version that a rule watches by, or its last.</summary>
    public WatchedRule Last(string rule) => Watched(rules.Values.First(r => r.Id == rule));

    private static WatchedRule Watched(Rule rule) =>
        rule.Watching is { } version ? new(version.Number, version.Rule, rule.EnabledAt!.Value) : new(rule.Latest.Number, rule.Latest.Rule, rule.Latest.WrittenAt);
}
