using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Recording;
using GeoEvents.Scoring;

namespace GeoEvents.Relationships;

/// <summary>The posture, and what holds it.</summary>
/// <param name="Name">Of the rung: normal, friction, … war.</param>
/// <param name="HeldBy">Id of the incident that holds it; of several the last. Null on rung 0.</param>
public sealed record PostureView(int Rung, string Name, string? HeldBy);

/// <summary>A standing measure in force.</summary>
/// <param name="Id">Id of the incident that opened it.</param>
/// <param name="Actor">Who took it.</param>
/// <param name="Since">τ of that incident.</param>
public sealed record MeasureView(string Id, string Title, string? Type, ActorCode Actor, DateTimeOffset Since, DateTimeOffset? Closed);

/// <summary>One side of a relationship, as known at K.</summary>
/// <param name="Name">Null if nobody of that code was known.</param>
/// <param name="Affiliation">The actor it acts for or belongs to; null if none.</param>
public sealed record PartyView(ActorCode Code, string? Name, ActorCode? Affiliation);

/// <summary>A relationship at one point of all three axes.</summary>
/// <param name="ValidAsOf">V: what had happened by then.</param>
/// <param name="KnownAsOf">K: the log position it was computed at, which answers the same for ever, and when that was recorded.</param>
/// <param name="Method">M.</param>
/// <param name="Shown">The point, in words.</param>
/// <param name="Actors">Both sides, in the order of the dyad.</param>
/// <param name="Assessed">What an analyst judged the posture to be, in force at V, beside the computed one; null if none is.</param>
/// <param name="Observation">Observed with an incident up to V, or a check of a time that had begun at V.</param>
public sealed record RelationshipView(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Method,
    string Shown,
    IReadOnlyList<PartyView> Actors,
    double HostilityFast,
    double HostilitySlow,
    double CooperationFast,
    double CooperationSlow,
    double Tension,
    double Warmth,
    string Band,
    double Asymmetry,
    double Pressure,
    Baseline Baseline,
    double MaterialShare,
    int Rung,
    PostureView Posture,
    AssessmentView? Assessed,
    double Rise,
    Arrow Arrow,
    RelativeLevel RelativeLevel,
    [property: KeepEmpty] IReadOnlyList<MeasureView> Measures,
    Observation Observation,
    int Incidents,
    DateTimeOffset? FirstIncident,
    DateTimeOffset? LastIncident);

/// <summary>An assessed posture in a word.</summary>
/// <param name="Posture">Name of the rung.</param>
public sealed record AssessedRung(int Rung, string Posture);

/// <summary>One line of the board.</summary>
/// <param name="Assessed">What an analyst judged the posture to be, in force at V; null if none is.</param>
public sealed record BoardLine(
    Dyad Dyad,
    double Tension,
    double Rise,
    double Warmth,
    string Band,
    int Rung,
    string Posture,
    AssessedRung? Assessed,
    double Asymmetry,
    double Pressure,
    Baseline Baseline,
    Observation Observation,
    int Incidents,
    DateTimeOffset? LastIncident);

/// <summary>One point of a series.</summary>
/// <param name="Arrow">Only where the step is a month: that month, up to the point, beside the one before.</param>
public sealed record SeriesPoint(
    DateTimeOffset At,
    double HostilityFast,
    double HostilitySlow,
    double CooperationFast,
    double Tension,
    double Warmth,
    string Band,
    double Asymmetry,
    double Pressure,
    double MaterialShare,
    int Rung,
    int Incidents,
    Arrow? Arrow);

/// <summary>A relationship over time, all of it by one method.</summary>
/// <param name="MethodBreaks">Where, between its first and last point, another version of the method became current: what the service said before was by another.</param>
public sealed record SeriesView(
    Dyad Dyad,
    LogPosition KnownAsOf,
    string Method,
    string Shown,
    string Step,
    [property: KeepEmpty] IReadOnlyList<SeriesPoint> Points,
    IReadOnlyList<MethodBreak> MethodBreaks);

/// <summary>One incident on a relationship's timeline, with what it weighs there.</summary>
/// <param name="Hostile">h of all its links in the dyad.</param>
/// <param name="Cooperative">k of all its links in the dyad.</param>
/// <param name="Remaining">φ: what is left of h at V.</param>
public sealed record TimelineEntry(
    string Id,
    string Title,
    string Occurred,
    DateTimeOffset Tau,
    string? Type,
    string? Cameo,
    QuadClass Quad,
    int Rung,
    [property: KeepEmpty] IReadOnlyList<ActorCode> ActedBy,
    double Credibility,
    double Hostile,
    double Cooperative,
    double Remaining,
    bool OpensMeasure,
    DateTimeOffset? MeasureClosed);

/// <summary>One incident's part of tension.</summary>
/// <param name="Phi">φ, its part of fast hostility.</param>
/// <param name="Share">Points of tension; all shares add up to tension.</param>
/// <param name="TensionWithout">Tension if it were not on record.</param>
/// <param name="Marginal">Tension less <paramref name="TensionWithout"/>.</param>
public sealed record ContributionView(
    string Id, string Title, string Occurred, DateTimeOffset Tau, string? Type, string? Cameo, double Phi, double Share, double TensionWithout, double Marginal);

/// <summary>Tension explained.</summary>
/// <param name="Rest">Share of the incidents that are not on this page.</param>
/// <param name="RollUps">Points of tension by direction, quad, type, issue and source. An incident with several issues or sources is split evenly among them.</param>
public sealed record ContributionsView(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Method,
    string Shown,
    double Tension,
    int Incidents,
    [property: KeepEmpty] IReadOnlyList<ContributionView> Items,
    double Rest,
    RollUps RollUps,
    string? Next);
