using GeoEvents.Coding;
using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Context;

/// <summary>Reads influence claims with the incidents that they are about.</summary>
public sealed class InfluenceClaimReader(StateReader states, ReferenceReader references)
{
    /// <summary>Claims on record at K, the last made first.</summary>
    /// <param name="dyad">Those about an incident of this dyad, as known at K; null is any.</param>
    public async Task<IReadOnlyList<InfluenceClaimOnRecord>> Find(
        string workspace, Dyad? dyad, ActorCode? influencer, string? incident, AsOf asOf, CancellationToken cancel)
    {
        var chosen = (await states.All<InfluenceClaim, InfluenceClaimEvent>(workspace, asOf.Known.Position, cancel))
            .Where(c => influencer is null || c.Content.Influencer == influencer)
            .Where(c => incident is null || c.Content.Incident == incident)
            .Reverse()
            .ToList();
        var about = await references.Read(workspace, chosen.Select(c => c.Content.Incident), asOf, cancel);
        return [.. from claim in chosen
                   let reference = about[claim.Content.Incident]
                   where dyad is not { } pair || reference.Incident?.Dyads.Contains(pair) == true
                   select new InfluenceClaimOnRecord(claim, reference)];
    }

    /// <exception cref="RefusedException">It was not on record then (404).</exception>
    public async Task<InfluenceClaimOnRecord> Read(string workspace, string id, AsOf asOf, CancellationToken cancel)
    {
        var claim = await states.Find<InfluenceClaim>(workspace, StreamKey.InfluenceClaim(id), asOf.Known.Position, cancel)
            ?? throw RefusedException.NotFound("claim", id);
        var about = await references.Read(workspace, [claim.Content.Incident], asOf, cancel);
        return new InfluenceClaimOnRecord(claim, about[claim.Content.Incident]);
    }
}
