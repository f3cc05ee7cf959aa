using GeoEvents.Assessments;
using GeoEvents.Coding;
using GeoEvents.Coverage;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>A stake beside a relationship.</summary>
/// <param name="Contested">Whether both sides hold or seek it.</param>
public sealed record ContestedStake(StakeView Stake, bool Contested);

/// <summary>Everything around a relationship at one point, in one read. Nothing of it enters any number.</summary>
/// <param name="Actors">Both sides' profiles, as far as they were on record at K.</param>
/// <param name="Stakes">Those not retired that either side holds or seeks.</param>
/// <param name="Claims">Those not withdrawn about incidents of the dyad.</param>
/// <param name="Assessed">The assessment in force; null if none is.</param>
/// <param name="LastCheck">The check that searched furthest; null if nobody searched.</param>
public sealed record ContextView(
    Dyad Dyad,
    DateTimeOffset ValidAsOf,
    LogPosition KnownAsOf,
    string Shown,
    [property: KeepEmpty] IReadOnlyList<ProfileView> Actors,
    [property: KeepEmpty] IReadOnlyList<ContestedStake> Stakes,
    [property: KeepEmpty] IReadOnlyList<InfluenceClaimOnRecord> Claims,
    [property: KeepEmpty] IReadOnlyList<PathwayOnRecord> Pathways,
    AssessmentView? Assessed,
    CheckView? LastCheck);

/// <summary>Reads what stands around a relationship.</summary>
public sealed class ContextReader(
    ProfileReader profiles, StakeReader stakes, InfluenceClaimReader claims, PathwayReader pathways, AssessmentReader assessments, CoverageReader coverage)
{
    public async Task<ContextView> Read(string workspace, Dyad dyad, AsOf asOf, CancellationToken cancel)
    {
        var known = asOf.Known.Position;
        var last = (await coverage.ChecksOf(workspace, dyad, known, cancel)).LastAt(asOf.Valid);
        return new ContextView(
            dyad,
            asOf.Valid,
            asOf.Known,
            asOf.Shown,
            await profiles.Both(workspace, dyad, asOf, cancel),
            [.. from stake in await stakes.All(workspace, known, cancel)
                where !stake.Retired && stake.Involves(dyad.First, dyad.Second)
                select new ContestedStake(new StakeView(stake), stake.Involves(dyad.First) && stake.Involves(dyad.Second))],
            [.. (await claims.Find(workspace, dyad, null, null, asOf, cancel)).Where(c => !c.Withdrawn)],
            await pathways.Find(workspace, dyad, asOf, cancel),
            await assessments.InForce(workspace, dyad, asOf, cancel),
            last is null ? null : CheckView.Of(last));
    }
}
