using GeoEvents.Alerts;
using GeoEvents.Alerts.Rules;
using GeoEvents.Coding;
using GeoEvents.Recording;

namespace GeoEvents.Cli.Service;

/// <summary>An alert as the service answers with it.</summary>
public sealed record AlertAnswer(
    string Id,
    string Rule,
    int RuleVersion,
    Dyad Dyad,
    AlertState State,
    Severity Severity,
    DateTimeOffset FiredAt,
    DateTimeOffset? EndedAt,
    string? Silence,
    string? AcknowledgedBy,
    DateTimeOffset? AcknowledgedAt,
    string? Assignee,
    IReadOnlyList<AlertNote>? Notes,
    string? Title,
    string? Headline,
    long Version);

/// <summary>An episode as the service answers with it.</summary>
public sealed record EpisodeAnswer(
    AlertAnswer Alert,
    string Sentence,
    Ending? Because,
    IReadOnlyList<CauseView> Causes,
    AlertRecalled? RecalledBy,
    IReadOnlyList<EpisodeFact> Facts,
    IReadOnlyList<StreamFact> History,
    string Shown);
