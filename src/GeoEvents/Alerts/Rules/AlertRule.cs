using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Incidents;

namespace GeoEvents.Alerts.Rules;

/// <summary>How much an alert demands of who gets it.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Severity>))]
public enum Severity { Info, Warning, Critical }

/// <summary>A rule for alerts, as data: on which relationships, at which facts, under which condition, and how it behaves in time.</summary>
/// <remarks>Property names and order are a stored and an exchanged format. A property that is left out has the default written here.</remarks>
public sealed record AlertRule
{
    /// <summary>Names the rule within its workspace: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public string Id { get; init; } = "";

    public string Title { get; init; } = "";

    public string? Description { get; init; }

    public RuleScope Scope { get; init; } = new();

    /// <summary>Which facts may open an episode; null: any.</summary>
    public RuleFilter? Filter { get; init; }

    public Condition? When { get; init; }

    public Severity Severity { get; init; } = Severity.Warning;

    /// <summary>Conditions that raise the severity of an open episode.</summary>
    public IReadOnlyList<SeverityRaise> Raises { get; init; } = [];

    /// <summary>How long the condition has to hold without a break before the alert fires; hours, 0 to 8,760.</summary>
    public double HoldHours { get; init; }

    /// <summary>How long the episode stays open after the condition ceased to hold; hours, 0 to 8,760. Null is 0, or 24 where the condition is of a moment.</summary>
    public double? KeepFiringHours { get; init; }

    /// <summary>After an episode, no other opens for this long; hours, 0 to 8,760.</summary>
    public double CooldownHours { get; init; }

    /// <summary>A fact opens an episode only if its incident happened within this time before it was recorded; hours, 0 to 720.</summary>
    public double MaxAgeHours { get; init; } = 72;

    public AlertBudget? Budget { get; init; }

    /// <summary><see cref="KeepFiringHours"/>, or what it is if it is not said.</summary>
    [JsonIgnore]
    public double KeepsFiringHours => KeepFiringHours ?? (When?.IsOfAMoment == true ? 24 : 0);
}

/// <summary>The relationships that a rule watches: those named, those of the actors named, or all.</summary>
public sealed record RuleScope
{
    public IReadOnlyList<Dyad> Dyads { get; init; } = [];

    /// <summary>Every relationship of one of these.</summary>
    public IReadOnlyList<ActorCode> Actors { get; init; } = [];

    public bool All { get; init; }

    public bool Covers(Dyad dyad) => All || Dyads.Contains(dyad) || Actors.Contains(dyad.First) || Actors.Contains(dyad.Second);
}

/// <summary>A fact passes if it is of one of the change classes, and has a link of one of the types, with c and ℓ of at least that much.</summary>
public sealed record RuleFilter
{
    /// <summary>Types of the ladder; empty: all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>c, 0 to 1.</summary>
    public double? MinCredibility { get; init; }

    /// <summary>ℓ, 0 to 1.</summary>
    public double? MinAttribution { get; init; }

    /// <summary>Empty: all that may fire. Backfill and method never do.</summary>
    public IReadOnlyList<ChangeClass> Changes { get; init; } = [];
}

/// <summary>While <paramref name="When"/> holds, or once it has held, an open episode is at least <paramref name="To"/>.</summary>
public sealed record SeverityRaise(Severity To, Condition? When = null);

/// <param name="AlertsPerWeek">The most that any seven days are meant to bring; more is more noise than news. 1 or more. Looked at when the rule is enabled; nothing is held back by it.</param>
public sealed record AlertBudget(double AlertsPerWeek);
