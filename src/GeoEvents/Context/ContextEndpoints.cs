using GeoEvents.Hosting;

namespace GeoEvents.Context;

/// <summary>The address of what stands around a relationship, and those of its parts.</summary>
public static class ContextEndpoints
{
    public static void MapContext(this RouteGroupBuilder workspace)
    {
        workspace.MapProfiles();
        workspace.MapStakes();
        workspace.MapInfluenceClaims();
        workspace.MapPathways();
        workspace.MapGet("/relationships/{dyad}/context", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at, ContextReader reader, AsOfReader asOf, CancellationToken cancel) =>
                Results.Json(
                    await reader.Read(workspace, WholeLists.DyadNamed(dyad), await asOf.Read(workspace, at, cancel), cancel), GeoJson.Options))
            .WithTags("context")
            .Says("Read the context of a relationship", "Both actors' profiles and memberships, stakes, influence claims on its incidents, pathways, the assessment in force and the last check. Nothing of it enters any number.")
            .Produces<ContextView>();
    }
}
