using System.Globalization;
using System.Xml;
using GeoEvents.Coding;
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
                string workspace, string? sort, string? actor, string? validAsOf, string? knownAsOf, string? method, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await Paged(asOfReader, workspace, validAsOf, knownAsOf, method, after, cancel);
                var size = PageSize.Read(limit);
                var order = sort switch
                {
                    null or "tension" => BoardOrder.Tension,
                    "rise" => BoardOrder.Rise,
                    "last" => BoardOrder.Last,
                    _ => throw new InvalidRequestException(FieldProblem.In("sort", "malformed", "Not one of: tension, rise, last.")),
                };
                ActorCode? of = actor is null
                    ? null
                    : ActorCode.TryParse(actor, out var code) ? code : throw new InvalidRequestException(FieldProblem.In("actor", "malformed", "Not an actor code such as RUS."));
                var lines = await reader.Board(workspace, of, asOf, order, cancel);
                return new Page<BoardLine>([.. lines.Skip(skip).Take(size)], asOf.Known.Position, RelationshipReader.Next(lines.Count, skip + size, asOf)).Answer(http);
            })
            .Says("The board", "Every relationship with a record, by tension, rise over seven days, or last incident.")
            .Produces<Page<BoardLine>>();

        relationships.MapGet("/{dyad}", async (
                string workspace, string dyad, string? validAsOf, string? knownAsOf, string? method,
                RelationshipReader reader, AsOfReader asOf, CancellationToken cancel) =>
                Results.Json(
                    await reader.Read(workspace, DyadOf(dyad), await asOf.Read(workspace, validAsOf, knownAsOf, method, cancel), cancel), GeoJson.Options))
            .Says("Read a relationship", "All its numbers at one point of three axes: when it happened, when it was known, how it is scored.")
            .Produces<RelationshipView>();

        relationships.MapGet("/{dyad}/timeline", async (
                string workspace, string dyad, string? validAsOf, string? knownAsOf, string? method, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await Paged(asOfReader, workspace, validAsOf, knownAsOf, method, after, cancel);
                return (await reader.Timeline(workspace, DyadOf(dyad), asOf, PageSize.Read(limit), skip, cancel)).Answer(http);
            })
            .Says("A relationship's incidents", "Latest first, each with what it weighs.")
            .Produces<Page<TimelineEntry>>();

        relationships.MapGet("/{dyad}/series", async (
                string workspace, string dyad, string? from, string? to, string? step, string? knownAsOf, string? method,
                RelationshipReader reader, AsOfReader asOfReader, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, to, knownAsOf, method, cancel);
                step ??= "P1D";
                var instants = Instants(AsOfReader.Instant(from, "from") ?? Default(asOf.Valid), asOf.Valid, step);
                return Results.Json(await reader.Series(workspace, DyadOf(dyad), asOf, instants, step, step == "P1M", cancel), GeoJson.Options);
            })
            .Says("A relationship over time", "Points from `from` to `to` (now, and 90 days before it, unless said), `step` apart: an ISO 8601 duration such as PT6H, P1D or P1M.")
            .Produces<SeriesView>();

        relationships.MapGet("/{dyad}/contributions", async (
                string workspace, string dyad, string? validAsOf, string? knownAsOf, string? method, string? limit, string? after,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await Paged(asOfReader, workspace, validAsOf, knownAsOf, method, after, cancel);
                var view = await reader.Contributions(workspace, DyadOf(dyad), asOf, PageSize.Read(limit), skip, cancel);
                Links.Next(http, view.Next);
                return Results.Json(view, GeoJson.Options);
            })
            .Says("Why tension is what it is", "Each incident's share, which add up to tension, and the tension without it; rolled up by direction, quad, type, issue and source.")
            .Produces<ContributionsView>();

        relationships.MapGet("/{dyad}/measures", async (
                string workspace, string dyad, string? validAsOf, string? knownAsOf, string? method,
                RelationshipReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, validAsOf, knownAsOf, method, cancel);
                var measures = await reader.Measures(workspace, DyadOf(dyad), asOf, cancel);
                return new Page<MeasureView>(measures, asOf.Known.Position, null).Answer(http);
            })
            .Says("Standing measures", "Every measure opened by V, oldest first, and when it was closed.")
            .Produces<Page<MeasureView>>();
    }

    internal static Dyad DyadOf(string text) => Dyad.TryParse(text, out var dyad)
        ? dyad
        : throw new InvalidRequestException(FieldProblem.In("dyad", "malformed", "Not two different actor codes joined by a hyphen, such as AZE-RUS."));

    /// <summary>The point a page shows: what is asked for, or what its cursor pinned.</summary>
    private static async Task<(AsOf AsOf, int Skip)> Paged(
        AsOfReader reader, string workspace, string? validAsOf, string? knownAsOf, string? method, string? after, CancellationToken cancel)
    {
        if (Cursor.Read(after, parts: 3) is not [var position, var ticks, var from])
        {
            return (await reader.Read(workspace, validAsOf, knownAsOf, method, cancel), 0);
        }

        return long.TryParse(ticks, NumberStyles.None, null, out var valid) && valid <= DateTime.MaxValue.Ticks
            && int.TryParse(from, NumberStyles.None, null, out var skip) && skip <= int.MaxValue - PageSize.Most
            ? (new AsOf(new DateTimeOffset(valid, TimeSpan.Zero), await reader.Pinned(workspace, position, cancel), AsOfReader.MethodNamed(method)), skip)
            : throw Cursor.Malformed();
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
