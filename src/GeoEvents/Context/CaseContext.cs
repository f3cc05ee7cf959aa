using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>A profile in a file.</summary>
/// <param name="At">Pointer of the actor in the file.</param>
public sealed record CaseProfile(string At, ActorCode Actor, ProfileDraft Draft);

/// <summary>The context that a file brings along.</summary>
/// <param name="Pathways">With their ids made, as those of <paramref name="Claims"/>.</param>
/// <param name="Coming">Ids of the file's incidents, which are not on record yet when the context is.</param>
public sealed record CaseContext(
    IReadOnlyList<CaseProfile> Profiles,
    IReadOnlyList<StakeContent> Stakes,
    IReadOnlyList<PathwayContent> Pathways,
    IReadOnlyList<InfluenceClaimContent> Claims,
    IReadOnlySet<string> Coming)
{
    /// <summary>Why a profile is stated that a file brings.</summary>
    public const string Reason = "as the file states it";

    public static CaseContext None { get; } = new([], [], [], [], new HashSet<string>());

    /// <summary>What its parts depend on; nothing if there are none.</summary>
    public IEnumerable<StreamKey> Streams =>
    [
        .. Profiles.SelectMany(p => (StreamKey[])[StreamKey.Profile(p.Actor), StreamKey.Actor(p.Actor)]),
        .. Stakes.SelectMany(s => StakeRules.Named(s).Prepend(StreamKey.Stake(s.Id))),
        .. Pathways.SelectMany(p => PathwayRules.Named(p).Prepend(StreamKey.Pathway(p.Id))),
        .. Claims.SelectMany(c => InfluenceClaimRules.Named(c).Prepend(StreamKey.InfluenceClaim(c.Id))),
    ];

    /// <summary>What is wrong with it by itself, whatever is on record.</summary>
    public IEnumerable<FieldProblem> Check() =>
        Profiles.SelectMany(p => p.Draft.Check(p.At))
            .Concat(Stakes.SelectMany((s, i) => StakeRules.Check(s, $"/stakes/{i}")))
            .Concat(Pathways.SelectMany((p, i) => PathwayRules.Check(p, $"/pathways/{i}")))
            .Concat(Claims.SelectMany((c, i) => InfluenceClaimRules.Check(c, $"/influenceClaims/{i}")));
}
