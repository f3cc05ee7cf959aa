using GeoEvents.Hosting;

namespace GeoEvents.Relationships.Robustness;

/// <summary>The address at which a relationship is asked on whom it depends.</summary>
public static class RobustnessEndpoints
{
    public static void MapRobustness(this RouteGroupBuilder workspace) =>
        workspace.MapGroup("/relationships").WithTags("relationships").MapGet("/{dyad}/robustness", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at,
                RobustnessReader reader, AsOfReader asOf, CancellationToken cancel) =>
                Results.Json(
                    await reader.Read(workspace, WholeLists.DyadNamed(dyad), await asOf.Read(workspace, at, cancel), cancel),
                    GeoJson.Options))
            .Says("On whom it depends", "Tension and posture if a source had never said anything: for each source, each independence group and each side's affiliated media, "
                + "the most depended on first.")
            .Produces<RobustnessView>();
}
