using System.Globalization;
using System.Xml;
using GeoEvents.Hosting;

namespace GeoEvents.Relationships;

/// <summary>The addresses of relationships.</summary>
public static class RelationshipEndpoints
{
    private const int MostPoints = 10_000;

    public static void MapRelationships(this RouteGroupBuilder workspace)
    {
        var relationships = workspace.MapGroup("/relationships").WithTags("relationships");

        relationships.MapGet("", async (
                string workspace, string? sort, string? actor, [AsParameters] AsOfQuery at, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var size = PageSize.Read(limit);
                var order = sort switch
                {
                    null or "tension" => BoardOrder.Tension,
                    "rise" => BoardOrder.Rise,
                    "last" => BoardOrder.Last,
                    _ => throw new InvalidRequestException(FieldProblem.In("sort", "malformed", "Not one of: tension, rise, last.")),
                };
                var lines = await reader.Board(workspace, WholeLists.ActorOf(actor), asOf, order, cancel);
                return WholeLists.Of(lines, asOf, skip, size).Answer(http);
            })
            .Says("The board", "Every relationship with a record, by tension, rise over seven days, or last incident.")
            .Produces<Page<BoardLine>>();

        relationships.MapGet("/{dyad}", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at,
                RelationshipReader reader, AsOfReader asOf, CancellationToken cancel) =>
                Results.Json(
                    await reader.Read(workspace, WholeLists.DyadNamed(dyad), await asOf.Read(workspace, at, cancel), cancel), GeoJson.Options))
            .Says("Read a relationship", "All its numbers at one point of three axes: when it happened, when it was known, how it is scored.")
            .Produces<RelationshipView>();

        relationships.MapGet("/{dyad}/timeline", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                return (await reader.Timeline(workspace, WholeLists.DyadNamed(dyad), asOf, PageSize.Read(limit), skip, cancel)).Answer(http);
            })
            .Says("A relationship's incidents", "Latest first, each with what it weighs.")
            .Produces<Page<TimelineEntry>>();

        relationships.MapGet("/{dyad}/series", async (
                string workspace, string dyad, string? from, string? to, string? step, [AsParameters] AsOfQuery at,
                RelationshipReader reader, AsOfReader asOfReader, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                asOf = AsOfReader.Instant(to, "to") is { } end ? asOf with { Valid = end } : asOf;
                step ??= "P1D";
                var instants = Instants(AsOfReader.Instant(from, "from") ?? Default(asOf.Valid), asOf.Valid, step);
                return Results.Json(await reader.Series(workspace, WholeLists.DyadNamed(dyad), asOf, instants, step, step == "P1M", cancel), GeoJson.Options);
            })
            .Says("A relationship over time", "Points from `from` to `to` (now, and 90 days before it, unless said), `step` apart: an ISO 8601 duration such as PT6H, P1D or P1M.")
            .Produces<SeriesView>();

        relationships.MapGet("/{dyad}/contributions", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var view = await reader.Contributions(workspace, WholeLists.DyadNamed(dyad), asOf, PageSize.Read(limit), skip, cancel);
                Links.Next(http, view.Next);
                return Results.Json(view, GeoJson.Options);
            })
            .Says("Why tension is what it is", "Each incident's share, which add up to tension, and the tension without it; rolled up by direction, quad, type, issue and source.")
            .Produces<ContributionsView>();

        relationships.MapGet("/{dyad}/measures", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var measures = await reader.Measures(workspace, WholeLists.DyadNamed(dyad), asOf, cancel);
                return new Page<MeasureView>(measures, asOf.Known.Position, null, asOf.Shown).Answer(http);
            })
            .Says("Standing measures", "Every measure opened by V, oldest first, and when it was closed.")
            .Produces<Page<MeasureView>>();
    }

    internal static DateTimeOffset Default(DateTimeOffset to) => to - DateTimeOffset.MinValue > TimeSpan.FromDays(90) ? to.AddDays(-90) : DateTimeOffset.MinValue;

    /// <summary>From, from + step, … up to and including <paramref name="to"/>.</summary>
    internal static List<DateTimeOffset> Instants(DateTimeOffset from, DateTimeOffset to, string step)
    {
        var (months, time) = Step(step);
        var instants = new List<DateTimeOffset>();
        for (var i = 0; ; i++)
        {
            DateTimeOffset at;
            try
            {
                at = months > 0 ? from.AddMonths(months * i) : from + (time * i);
            }
            catch (ArgumentOutOfRangeException)
            {
                return instants;
            }

            if (at > to)
            {
                return instants;
            }

            if (instants.Count == MostPoints)
            {
                throw new InvalidRequestException(FieldProblem.In("step", "too-many", $"More than {MostPoints:N0} points; ask for a longer step or a shorter time."));
            }

            instants.Add(at);
        }
    }

    private static (int Months, TimeSpan Time) Step(string step)
    {
        try
        {
            // XmlConvert counts a year as 365 days and a month as 30, so steps of calendar months are read here.
            if (step is ['P', .. var number, 'M' or 'Y'] && !step.Contains('T') && int.TryParse(number, NumberStyles.None, null, out var count) && count is > 0 and <= 1200)
            {
                return (step[^1] == 'Y' ? 12 * count : count, default);
            }

            var time = step is ['P', .. var weeks, 'W'] && int.TryParse(weeks, NumberStyles.None, null, out var w)
                ? TimeSpan.FromDays(7 * w)
                : XmlConvert.ToTimeSpan(step);
            if (time >= TimeSpan.FromMinutes(1) && !(step.Contains('Y') || step.Split('T')[0].Contains('M')))
            {
                return (0, time);
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            // Said below.
        }

        throw new InvalidRequestException(FieldProblem.In("step", "malformed", "Not an ISO 8601 duration of a minute or more, such as PT6H, P1D, P1W, P1M or P1Y."));
    }
}
