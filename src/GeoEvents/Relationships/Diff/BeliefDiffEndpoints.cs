using GeoEvents.Hosting;

namespace GeoEvents.Relationships.Diff;

/// <summary>The address of belief diffs.</summary>
public static class BeliefDiffEndpoints
{
    /// <summary>What begins the names of the three parameters of the earlier point.</summary>
    private const string From = "from";

    public static void MapBeliefDiff(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/relationships/{dyad}/diff", async (
                string workspace, string dyad, string? fromValidAsOf, string? fromKnownAsOf, string? fromMethod, [AsParameters] AsOfQuery at,
                string? limit, string? after, BeliefDiffReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var pair = WholeLists.DyadNamed(dyad);
                var (from, to, skip) = Cursor.Read(after, BeliefDiffReader.CursorParts) is { } parts
                    ? await Pinned(asOfReader, workspace, (fromValidAsOf, fromKnownAsOf, fromMethod), at, parts, cancel)
                    : await Given(asOfReader, workspace, (fromValidAsOf, fromKnownAsOf, fromMethod), at, cancel);
                var view = await reader.Read(workspace, pair, from, to, PageSize.Read(limit), skip, cancel);
                Links.Next(http, view.Next);
                return Results.Json(view, GeoJson.Options);
            })
            .WithTags("relationships")
            .Says(
                "What changed between two points",
                "Why the relationship reads otherwise at (`validAsOf`, `knownAsOf`, `method`) than at (`fromValidAsOf`, `fromKnownAsOf`, `fromMethod`), which are those of the first "
                + "unless said (the method: that which was current at its K): what was learned late, corrected or retracted, what happened, what decayed, what the method does. The lines add up to the difference.")
            .Produces<BeliefDiffView>();

    private static async Task<(AsOf From, AsOf To, int Skip)> Given(
        AsOfReader reader,
        string workspace,
        (string? Valid, string? Known, string? Method) from,
        AsOfQuery to,
        CancellationToken cancel)
    {
        if (from == default)
        {
            throw new InvalidRequestException(FieldProblem.In(
                "fromKnownAsOf", "required", "Say what to compare with: one or more of fromKnownAsOf, fromValidAsOf and fromMethod."));
        }

        var later = await reader.Read(workspace, to, cancel);
        try
        {
            var earlier = new AsOfQuery
            {
                ValidAsOf = from.Valid ?? InstantConverter.Text(later.Valid),
                KnownAsOf = from.Known ?? $"{later.Known.Position}",
                Method = from.Method ?? to.Method,
                Request = to.Request,
            };
            return (await reader.Read(workspace, earlier, cancel), later, 0);
        }
        catch (InvalidRequestException e)
        {
            throw new InvalidRequestException([.. e.Problems.Select(p => p with { Parameter = $"{From}{char.ToUpperInvariant(p.Parameter![0])}{p.Parameter[1..]}" })]);
        }
    }

    /// <summary>The points that a cursor carries.</summary>
    private static async Task<(AsOf From, AsOf To, int Skip)> Pinned(
        AsOfReader reader, string workspace, (string? Valid, string? Known, string? Method) from, AsOfQuery to, string[] parts, CancellationToken cancel) => (
        await reader.Pinned(
            workspace,
            new AsOfQuery { ValidAsOf = from.Valid, KnownAsOf = from.Known, Method = from.Method, Request = to.Request },
            parts[AsOf.PartsOfCursor..^1],
            cancel),
        await reader.Pinned(workspace, to, parts[..AsOf.PartsOfCursor], cancel),
        Cursor.Skip(parts[^1]));
}
