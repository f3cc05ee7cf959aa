using GeoEvents.Hosting;
using GeoEvents.Recording;
using Npgsql;

namespace GeoEvents.Incidents;

/// <summary>The addresses of incidents.</summary>
public static class IncidentEndpoints
{
    public static void MapIncidents(this RouteGroupBuilder workspace)
    {
        var incidents = workspace.MapGroup("/incidents").WithTags("incidents");

        incidents.MapPost("", async (string workspace, HttpContext http, Recorder recorder, LikelyDuplicates duplicates, TimeProvider clock, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<IncidentDraft>(http.Request, cancel);
                var now = clock.GetUtcNow();
                InvalidRequestException.ThrowIfAny(draft.Check(now));
                var call = Call.Of(http, bytes);
                var id = draft.Id.Length > 0 ? draft.Id : Guid.CreateVersion7(now).ToString();
                var suggestions = duplicates.Of(workspace, draft.Named(id), now, cancel);
                if (call.Idempotency is not null)
                {
                    await suggestions;
                }

                return await recorder.RecordAndAnswer(new LogIncident(call, draft, id, suggestions), http);
            })
            .Takes<IncidentDraft>("Log an incident", "Puts one incident on record, with what sources say of it and any actor or source not yet known. "
                + "The same id with the same content is answered as before (200); with other content it is refused (409).")
            .Produces<IncidentView>(201).Produces<IncidentView>();

        incidents.MapGet("", async (string workspace, [AsParameters] IncidentQuery query, FindIncidents find, HttpContext http, CancellationToken cancel) =>
                (await find.Find(workspace, query, cancel)).Answer(http))
            .Says("Find incidents", "Latest first. All given parameters have to hold.")
            .Produces<Page<IncidentView>>();

        incidents.MapGet("/{id}", async (string workspace, string id, [AsParameters] AsOfQuery at, IncidentReader reader, AsOfReader asOf, HttpContext http, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var incident = await reader.Find(workspace, id, point.Known.Position, cancel);
                if (incident is null || incident.Interval.Tau > point.Valid)
                {
                    throw RefusedException.NotFound("incident", id);
                }

                http.Response.Headers.ETag = $"\"{incident.Version}\"";
                return Results.Json(new IncidentView(incident, point.Method, point.Shown), GeoJson.Options);
            })
            .Says("Read an incident", "As it is now, or as it was known at a position or time; not found at an instant before it happened.")
            .Produces<IncidentView>();

        incidents.MapGet("/{id}/history", async (string workspace, string id, [AsParameters] AsOfQuery at, LogReader log, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                var entries = await log.OfIncidents(workspace, [StreamKey.Incident(id).In(workspace)], point.Known.Position, cancel);
                return Results.Json(IncidentHistory.Of(id, entries, point) ?? throw RefusedException.NotFound("incident", id), GeoJson.Options);
            })
            .Says("Read an incident's history", "Every fact recorded of it: what, when, by whom and why; not found at an instant before it happened.")
            .Produces<IncidentHistory>();

        Change<CorrectionDraft>("/{id}/corrections", CorrectIncident.Check, (call, id, draft) => new CorrectIncident(call, id, draft))
            .Says("Correct an incident", "Names fields with the value they should have had.")
            .NeedsIfMatch();
        Change<ReasonDraft>("/{id}/retraction", d => Reasons.Check(d.Reason), (call, id, draft) => new RetractIncident(call, id, draft))
            .Says("Retract an incident", "It stays readable and counts no more.")
            .NeedsIfMatch();
        Change<ReasonDraft>("/{id}/reinstatement", d => Reasons.Check(d.Reason), (call, id, draft) => new ReinstateIncident(call, id, draft))
            .Says("Reinstate an incident", "Undoes a retraction.")
            .NeedsIfMatch();
        Change<GradeDraft>("/{id}/grade", d => GradeIncident.Check(d), (call, id, draft) => new GradeIncident(call, id, draft))
            .Says("Set the credibility", "An analyst's own c, kept beside the computed one; null gives it back to the reports.")
            .NeedsIfMatch();
        Change<ReportAttachment>("/{id}/reports", AttachReport.Check, (call, id, draft) => new AttachReport(call, id, draft))
            .Says("Attach a report", "What one more source says. The same report again changes nothing.");

        incidents.MapPost("/{id}/reports/{reportId}/withdrawal", async (string id, string reportId, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new WithdrawReport(call, id, reportId, draft), http);
            })
            .Takes<ReasonDraft>("Withdraw a report", "It was attached by mistake, or its source took it back.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        incidents.MapPost("/{id}/regrading", async (string workspace, string id, HttpContext http, Recorder recorder, IncidentReader reader, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                var incident = await reader.Find(workspace, id, long.MaxValue, cancel) ?? throw RefusedException.NotFound("incident", id);
                return await recorder.RecordAndAnswer(
                    new RegradeReports(call, id, [.. incident.Reports.Select(r => r.Source).Distinct()], draft), http);
            })
            .Takes<ReasonDraft>("Take over new grades of sources", "Its reports take the reliability and group that their sources have now.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        incidents.MapPost("/{id}/merge", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<MergeDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(MergeIncident.Check(draft, id));
                return await recorder.RecordAndAnswer(new MergeIncident(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<MergeDraft>("Merge into another", "It is the same incident as another, which keeps its content and takes over the reports. This one counts no more, until the merge is undone.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        incidents.MapPost("/{id}/unmerge", async (string workspace, string id, HttpContext http, Recorder recorder, IncidentReader reader, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                var incident = await reader.Find(workspace, id, long.MaxValue, cancel) ?? throw RefusedException.NotFound("incident", id);
                return await recorder.RecordAndAnswer(new UnmergeIncident(call, id, incident.MergedInto, draft), http);
            })
            .Takes<ReasonDraft>("Undo a merge", "Both incidents are again what they would be without it. Later merges come first.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        incidents.MapPost("/{id}/split", async (string id, HttpContext http, Recorder recorder, TimeProvider clock, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<SplitDraft>(http.Request, cancel);
                var now = clock.GetUtcNow();
                InvalidRequestException.ThrowIfAny(SplitIncident.Check(draft, id, now));
                var ids = draft.Parts!.Select(p => p.Id.Length > 0 ? p.Id : Guid.CreateVersion7(now).ToString()).ToList();
                return await recorder.RecordAndAnswer(new SplitIncident(Call.Of(http, bytes), id, draft, ids), http);
            })
            .Takes<SplitDraft>("Split into several", "It was several incidents, which are put on record; those without reports of their own take over its. It counts no more, until the split is undone.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        incidents.MapPost("/{id}/unsplit", async (string workspace, string id, HttpContext http, Recorder recorder, IncidentReader reader, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                var incident = await reader.Find(workspace, id, long.MaxValue, cancel) ?? throw RefusedException.NotFound("incident", id);
                return await recorder.RecordAndAnswer(new UnsplitIncident(call, id, incident.SplitInto, draft), http);
            })
            .Takes<ReasonDraft>("Undo a split", "It counts again as it did, and its parts no more. Merges and splits of the parts come first.")
            .NeedsIfMatch()
            .Produces<IncidentView>();

        workspace.MapGet("/facets", async (string workspace, [AsParameters] FacetQuery query, FindFacets find, CancellationToken cancel) =>
                Results.Json(await find.Find(workspace, query, cancel), GeoJson.Options))
            .WithTags("incidents")
            .Says("Count incidents", "How many of those that a search would find have which dyad, type, actor, issue, source and country, the most frequent first. "
                + "Takes the parameters of the search; the values and their names are those known then, so they serve as suggestions too.")
            .Produces<FacetsView>();

        workspace.MapGet("/issues", async (string workspace, [AsParameters] AsOfQuery at, NpgsqlDataSource database, AsOfReader asOf, CancellationToken cancel) =>
            {
                var point = await asOf.Read(workspace, at, cancel);
                return Results.Json(new ItemList<TagCount>(await Tags.Read(database, workspace, point, cancel), Shown: point.Shown), GeoJson.Options);
            })
            .WithTags("incidents")
            .Says("List issues", "Every tag in use with how many incidents carry it. A tag is made by its first use.")
            .Produces<ItemList<TagCount>>();

        RouteHandlerBuilder Change<T>(string route, Func<T, IEnumerable<FieldProblem>> check, Func<Call, string, T, Decision> decide)
            where T : notnull =>
            incidents.MapPost(route, async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
                {
                    var (draft, bytes) = await Body.Read<T>(http.Request, cancel);
                    InvalidRequestException.ThrowIfAny(check(draft));
                    return await recorder.RecordAndAnswer(decide(Call.Of(http, bytes), id, draft), http);
                })
                .Takes<T>()
                .Produces<IncidentView>();
    }
}
