using GeoEvents.Coding;
using GeoEvents.Hosting;
using Marten;

namespace GeoEvents.Imports.Mappings;

/// <summary>A mapping that a workspace keeps under a name.</summary>
/// <param name="Id">The name.</param>
public sealed record StoredMapping(string Id, CsvMapping Mapping);

/// <summary>A mapping that can be asked for by name.</summary>
/// <param name="Shipped">It comes with the service; otherwise the workspace keeps it.</param>
public sealed record NamedMapping(string Name, bool Shipped, string Origin, string? Note);

/// <summary>The mappings of a workspace and those that ship with the service. A workspace's own comes before a shipped one of that name.</summary>
public static class MappingEndpoints
{
    private static readonly string[] Shipped = ["acled", "ucdp-ged"];

    public static void MapMappings(this RouteGroupBuilder workspace)
    {
        var mappings = workspace.MapGroup("/mappings").WithTags("data");

        mappings.MapGet("", async (string workspace, IDocumentStore store, CancellationToken cancel) =>
            {
                await using var session = store.QuerySession(workspace);
                var own = await session.Query<StoredMapping>().OrderBy(m => m.Id).ToListAsync(cancel);
                return Results.Json(
                    new ItemList<NamedMapping>(
                    [
                        .. own.Select(m => new NamedMapping(m.Id, false, m.Mapping.Origin, m.Mapping.Note)),
                        .. Shipped.Except(own.Select(m => m.Id)).Select(name => (Name: name, Mapping: Load(name)))
                            .Select(m => new NamedMapping(m.Name, true, m.Mapping.Origin, m.Mapping.Note)),
                    ]),
                    GeoJson.Options);
            })
            .Says("List mappings", "How the columns of CSV files are read: the workspace's own, then those that ship with the service.")
            .Produces<ItemList<NamedMapping>>();

        mappings.MapGet("/{name}", async (string workspace, string name, IDocumentStore store, CancellationToken cancel) =>
            {
                await using var session = store.QuerySession(workspace);
                return Results.Json(await Find(session, name, cancel) ?? throw RefusedException.NotFound("mapping", name), GeoJson.Options);
            })
            .Says("Read a mapping", "As it was put, or as it ships.")
            .Produces<CsvMapping>();

        mappings.MapPut("/{name}", async (string workspace, string name, HttpContext http, IDocumentStore store, CancellationToken cancel) =>
            {
                var (mapping, _) = await Body.Read<CsvMapping>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(MappingRules.Check(mapping));
                if (!MappingRules.IsName(name))
                {
                    throw new InvalidRequestException(FieldProblem.In("name", "malformed", MappingRules.NameRule));
                }

                await using var session = store.LightweightSession(workspace);
                session.Store(new StoredMapping(name, mapping));
                await session.SaveChangesAsync(cancel);
                return Results.Json(mapping, GeoJson.Options);
            })
            .Takes<CsvMapping>("Keep a mapping", "Puts it in the place of one of that name. Imports that began keep the one they began with.")
            .Produces<CsvMapping>();
    }

    /// <returns>Null if neither the workspace nor the service has one of that name.</returns>
    public static async Task<CsvMapping?> Find(IQuerySession session, string name, CancellationToken cancel) =>
        (await session.LoadAsync<StoredMapping>(name, cancel))?.Mapping ?? (Shipped.Contains(name) ? Load(name) : null);

    /// <summary>A mapping that ships with the service.</summary>
    public static CsvMapping Load(string name)
    {
        using var json = EmbeddedData.Open($"mappings.{name}.json");
        using var bytes = new MemoryStream();
        json.CopyTo(bytes);
        return Body.Parse<CsvMapping>(bytes.ToArray());
    }
}
