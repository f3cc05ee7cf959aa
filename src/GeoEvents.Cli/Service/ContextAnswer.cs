using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Context;
using GeoEvents.Coverage;
using GeoEvents.Recording;

namespace GeoEvents.Cli.Service;

/// <summary>What stands around a relationship, as the service answers with it.</summary>
public sealed record ContextAnswer(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    IReadOnlyList<ProfileView> Actors,
    IReadOnlyList<StakeAnswer> Stakes,
    IReadOnlyList<ClaimAnswer> Claims,
    IReadOnlyList<PathwayOnRecord> Pathways,
    AssessmentView? Assessed,
    CheckView? LastCheck);

/// <summary>A stake beside a relationship.</summary>
public sealed record StakeAnswer(StakeContent Stake, bool Contested);

/// <summary>An influence claim with the incident that it is about.</summary>
public sealed record ClaimAnswer : InfluenceClaimContent
{
    public string? LikelihoodWords { get; init; }

    public Reference? About { get; init; }
}
