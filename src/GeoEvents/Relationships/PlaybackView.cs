using System.Text.Json;
using System.Text.Json.Serialization;
using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Incidents;

namespace GeoEvents.Relationships;

/// <summary>Which order a playback keeps: of recording, as its readers came to know it; or of happening, with hindsight.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<PlaybackClock>))]
public enum PlaybackClock { Known, Occurred }

/// <summary>The relationship beside a step of its playback. Units and ranges are those of <see cref="RelationshipView"/>.</summary>
public sealed record PlaybackState(
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
    int Incidents)
{
    public static PlaybackState Of(RelationshipNumbers n) => new(
        n.HostilityFast, n.HostilitySlow, n.CooperationFast, n.Tension, n.Warmth, n.Band, n.Asymmetry, n.Pressure, n.MaterialShare, n.Rung, n.Incidents);
}

/// <summary>One step of a playback: what came to be known or happened, and the relationship just before and after it.</summary>
/// <param name="Step">What <c>after</c> and <c>Last-Event-ID</c> name: the fact's log position, or with clock <c>occurred</c> which incident of the story it is, 1 and up.</param>
/// <param name="Position">Of the fact in the log; with clock <c>occurred</c>, of the one that put the incident on record.</param>
/// <param name="At">V of both states: when the fact was recorded, or τ of the incident.</param>
/// <param name="KnownAsOf">K of the state after: the log position it can be read at.</param>
/// <param name="Method">What both states are scored by; with clock <c>known</c> the one that was current then, unless the request names one.</param>
/// <param name="Kind">Stored name of the fact, such as <c>incident_corrected</c>.</param>
/// <param name="Incident">Id of the incident. Its title, date and codes are those known at <paramref name="KnownAsOf"/>.</param>
/// <param name="Version">How many facts of the incident are known there.</param>
/// <param name="ActedBy">The dyad's actors that acted in it; none if it is of another dyad and closes a measure of this one.</param>
/// <param name="User">Who recorded the fact, as the client said.</param>
/// <param name="Fact">What it says beyond that: fields with old and new value, reason, report. Null for the logging of an incident.</param>
/// <param name="Before">The relationship at the same instant without the fact or incident, so that the difference is its own; what decayed since the step before lies between that step's after and this.</param>
public sealed record PlaybackStep(
    long Step,
    long Position,
    DateTimeOffset RecordedAt,
    DateTimeOffset At,
    long KnownAsOf,
    string Method,
    string Kind,
    ChangeClass ChangeClass,
    string Incident,
    long Version,
    string Title,
    string Occurred,
    string? Type,
    string? Cameo,
    [property: KeepEmpty] IReadOnlyList<ActorCode> ActedBy,
    Measure? Measure,
    string? User,
    JsonElement? Fact,
    PlaybackState Before,
    PlaybackState After);

/// <summary>How a playback ends that was not broken off.</summary>
/// <param name="End">True.</param>
/// <param name="Steps">How many there were.</param>
/// <param name="Last">The last of them; null if there was none.</param>
public sealed record PlaybackEnd(bool End, long Steps, long? Last);
