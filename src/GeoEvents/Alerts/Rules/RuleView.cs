using GeoEvents.Recording;

namespace GeoEvents.Alerts.Rules;

/// <summary>One version of a rule, with what it says in words.</summary>
/// <param name="Reason">Why it was written; null of the first.</param>
public sealed record RuleVersionView(int Number, string Sentence, AlertRule Rule, string? Reason, DateTimeOffset WrittenAt)
{
    public static RuleVersionView Of(RuleVersion version) => new(version.Number, RuleSentence.Of(version.Rule), version.Rule, version.Reason, version.WrittenAt);
}

/// <summary>A rule with all its versions.</summary>
/// <param name="Title">Of the latest version.</param>
/// <param name="Sentence">What the version that watches says in words, or else the latest.</param>
/// <param name="Enabled">Number of the version that watches; null if none does.</param>
/// <param name="EnabledAt">Since when.</param>
/// <param name="Latest">Number of the latest version.</param>
/// <param name="Rule">The latest version as it was written.</param>
/// <param name="Versions">Oldest first.</param>
/// <param name="Version">How many facts there are on it; the ETag.</param>
public sealed record RuleView(
    string Id, string Title, string Sentence, int? Enabled, DateTimeOffset? EnabledAt, int Latest, AlertRule Rule, IReadOnlyList<RuleVersionView> Versions, long Version)
{
    public static RuleView Of(Rule rule) => new(
        rule.Id,
        rule.Latest.Rule.Title,
        RuleSentence.Of((rule.Watching ?? rule.Latest).Rule),
        rule.Enabled,
        rule.EnabledAt,
        rule.Latest.Number,
        rule.Latest.Rule,
        [.. rule.Versions.Select(RuleVersionView.Of)],
        rule.Version);

    public static Answer Answer(string workspace, Rule rule, Outcomes outcome) => Answers.Of(
        outcome == Outcomes.Begun ? StatusCodes.Status201Created : StatusCodes.Status200OK, $"/api/v1/{workspace}/rules/{rule.Id}", rule.Version, Of(rule));
}

/// <summary>A rule in a line: the version that watches, or else the latest.</summary>
/// <param name="Enabled">Number of the version that watches; null if none does.</param>
/// <param name="Latest">Number of the latest version.</param>
public sealed record RuleLine(
    string Id, string Title, string Sentence, Severity Severity, RuleScope Scope, int? Enabled, DateTimeOffset? EnabledAt, int Latest, long Version)
{
    public static RuleLine Of(Rule rule)
    {
        var shown = (rule.Watching ?? rule.Latest).Rule;
        return new(rule.Id, shown.Title, RuleSentence.Of(shown), shown.Severity, shown.Scope, rule.Enabled, rule.EnabledAt, rule.Latest.Number, rule.Version);
    }
}

/// <summary>A rule that ships with the service, to be taken as it is or changed first.</summary>
public sealed record ReadyMadeRule(string Id, string Title, string Sentence, AlertRule Rule)
{
    public static ReadyMadeRule Of(AlertRule rule) => new(rule.Id, rule.Title, RuleSentence.Of(rule), rule);
}
