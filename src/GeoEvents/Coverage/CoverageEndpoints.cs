using System.Globalization;
using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Coverage;

/// <summary>The addresses of checks and coverage.</summary>
public static class CoverageEndpoints
{
    private const int MostMonths = 600;

    /// <summary>Of a relationship, unless said otherwise.</summary>
    private const int MonthsShown = 12;

    private static readonly DateOnly LastMonth = new(9998, 12, 1);

    public static void MapCoverage(this RouteGroupBuilder workspace)
    {
        var relationship = workspace.MapGroup("/relationships/{dyad}").WithTags("relationships");

        relationship.MapGet("/checks", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at, string? limit, string? after,
                CoverageReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                var checks = await reader.ChecksOf(workspace, WholeLists.DyadNamed(dyad), asOf.Known.Position, cancel);
                http.Response.Headers.ETag = $"\"{checks.Version}\"";
                return WholeLists.Of([.. checks.All.Where(c => c.Fact.From <= asOf.Valid).Reverse().Select(CheckView.Of)], asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("List a relationship's checks", "Searches that found nothing new, the last made first: those whose time had begun at V, as known at K. One that was withdrawn says when.")
            .Produces<Page<CheckView>>();

        relationship.MapPost("/checks", async (string dyad, HttpContext http, Recorder recorder, TimeProvider clock, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<CheckDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check(clock.GetUtcNow()));
                return await recorder.RecordAndAnswer(new MakeCheck(Call.Of(http, bytes), WholeLists.DyadNamed(dyad), draft), http);
            })
            .Takes<CheckDraft>("Record a check", "That somebody searched a time and found nothing, or only incidents on record. A relationship that was searched is observed: calm, not blind.")
            .Produces<CheckView>(201);

        relationship.MapPost("/checks/{id}/withdrawal", async (string dyad, string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new WithdrawCheck(call, WholeLists.DyadNamed(dyad), id, draft), http);
            })
            .Takes<ReasonDraft>("Withdraw a check", "Made in error. It stays readable, and shows no more that anybody looked. If-Match takes the ETag of the list.")
            .NeedsIfMatch()
            .Produces<CheckView>();

        relationship.MapGet("/coverage", async (
                string workspace, string dyad, string? from, string? to, [AsParameters] AsOfQuery at,
                CoverageReader reader, AsOfReader asOfReader, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var last = MonthOf(to, "to") ?? MonthOf(asOf.Valid);
                var first = MonthOf(from, "from") ?? (last > DateOnly.MinValue.AddMonths(MonthsShown) ? last.AddMonths(1 - MonthsShown) : DateOnly.MinValue);
                return Results.Json(await reader.Of(workspace, WholeLists.DyadNamed(dyad), first, Bounded(first, last), asOf, cancel), GeoJson.Options);
            })
            .Says("A relationship's coverage", "Per calendar month (UTC): incidents, distinct sources, checks, whole days that checks searched, when anybody looked last, and whether it is observed. "
                + "`from` and `to` are months (2025-07) or dates within them; the last twelve months up to V unless said.")
            .Produces<CoverageView>();

        workspace.MapGet("/coverage", async (
                string workspace, string? month, string? year, [AsParameters] AsOfQuery at, string? limit, string? after,
                CoverageReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                if (month is not null && year is not null)
                {
                    throw new InvalidRequestException(FieldProblem.In("year", "contradiction", "Ask for a month or for a year."));
                }

                var one = MonthOf(month, "month") ?? MonthOf(asOf.Valid);
                var (first, last) = year is null ? (one, Bounded(one, one)) : Year(year);
                return WholeLists.Of(await reader.OfAll(workspace, first, last, asOf, cancel), asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .WithTags("relationships")
            .Says("Where a workspace is blind", "Every relationship with an incident or a check by then, month by month: one `month` (2025-07; that of V unless said) or all of a `year`. The blindest first.")
            .Produces<Page<CoverageLine>>();
    }

    private static DateOnly MonthOf(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1);

    /// <exception cref="InvalidRequestException">Neither a month nor a date.</exception>
    private static DateOnly? MonthOf(string? text, string parameter) => text is null
        ? null
        : DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month
            : MonthOf(AsOfReader.Instant(text, parameter)!.Value);

    private static (DateOnly First, DateOnly Last) Year(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1 and <= 9998
            ? (new DateOnly(year, 1, 1), new DateOnly(year, 12, 1))
            : throw new InvalidRequestException(FieldProblem.In("year", "malformed", "Not a year such as 2025."));

    private static DateOnly Bounded(DateOnly first, DateOnly last) =>
        first > last
            ? throw new InvalidRequestException(FieldProblem.In("from", "out-of-range", "The first month comes after the last."))
            : last > LastMonth || ((last.Year - first.Year) * 12) + last.Month - first.Month >= MostMonths
                ? throw new InvalidRequestException(FieldProblem.In("from", "too-many", $"At most {MostMonths} months, none after {LastMonth:yyyy-MM}."))
                : last;
}
