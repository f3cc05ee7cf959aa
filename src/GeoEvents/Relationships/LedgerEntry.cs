namespace GeoEvents.Relationships;

/// <summary>One ledger row as the fold takes it: what was coded, not yet scored.</summary>
/// <param name="Forward">Whether the dyad's first actor acted.</param>
/// <param name="Attribution">ℓ, 0 to 1.</param>
/// <param name="Credibility">c, 0 to 1; null leaves it to the method.</param>
/// <param name="Harmed">Injured and detained together.</param>
/// <param name="CountedSources">How many sources a feed counted; null if it did not.</param>
/// <param name="Labels">What it is explained by; null if nobody asks.</param>
/// <param name="ClosedAt">Earliest τ of an incident on record that closes its measure; null if none does.</param>
public sealed record LedgerEntry(
    Guid Incident,
    short Link,
    bool Forward,
    double Attribution,
    DateTimeOffset Tau,
    string? Type,
    string? Cameo,
    double? Credibility,
    long Deaths,
    long Harmed,
    bool Deliberate,
    bool Opens,
    DateTimeOffset? ClosedAt,
    int? CountedSources = null,
    Labels? Labels = null)
{
    /// <summary>Stream of the incident that it says it answers.</summary>
    public Guid? RespondsTo { get; init; }

    /// <summary>When a source first told of it; null if none says.</summary>
    public DateTimeOffset? ReportedAt { get; init; }
}
