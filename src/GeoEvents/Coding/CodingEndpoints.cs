using GeoEvents.Hosting;

namespace GeoEvents.Coding;

/// <summary>A version of the method as the service shows it.</summary>
public sealed record MethodView(
    string Id, bool Current, MethodParameters Parameters, IReadOnlyList<Band> Bands, double BandHysteresis, IReadOnlyList<Rung> Rungs);

/// <summary>The addresses of the method: types, rungs, bands.</summary>
public static class CodingEndpoints
{
    public static void MapCoding(this RouteGroupBuilder workspace)
    {
        workspace.MapGet("/types", (string workspace, string? method) =>
                Results.Json(new ItemList<IncidentType>(AsOfReader.MethodNamed(method).Types), GeoJson.Options))
            .WithTags("data")
            .Says("List types", "The ladder: each type with rung, quad, weight, CAMEO prefixes and PLOVER category.");

        workspace.MapGet("/methods", (string workspace) => Results.Json(new ItemList<MethodView>([.. Methods.All.Select(View)]), GeoJson.Options))
            .WithTags("data")
            .Says("List methods", "The versions of the method that reads can ask for.");

        workspace.MapGet("/methods/{id}", (string workspace, string id) =>
                Results.Json(View(Methods.Find(id) ?? throw RefusedException.NotFound("method", id)), GeoJson.Options))
            .WithTags("data")
            .Says("Read a method", "Half-lives, bands, rungs and the other parameters.")
            .Produces<MethodView>();
    }

    private static MethodView View(Method m) => new(m.Id, m == Methods.Current, m.Parameters, m.Bands, m.BandHysteresis, m.Rungs);
}
