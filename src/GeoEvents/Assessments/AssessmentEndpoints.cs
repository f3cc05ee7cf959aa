using GeoEvents.Hosting;
using GeoEvents.Incidents;
using GeoEvents.Recording;

namespace GeoEvents.Assessments;

/// <summary>The addresses of assessments.</summary>
public static class AssessmentEndpoints
{
    public static void MapAssessments(this RouteGroupBuilder workspace)
    {
        var assessments = workspace.MapGroup("/relationships/{dyad}/assessments").WithTags("relationships");

        assessments.MapGet("", async (
                string workspace, string dyad, [AsParameters] AsOfQuery at, AssessmentReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var all = await reader.Of(workspace, WholeLists.DyadNamed(dyad), asOf.Known.Position, cancel);
                http.Response.Headers.ETag = $"\"{all.Version}\"";
                return Results.Json(
                    new AssessmentsView(
                        all.Dyad,
                        asOf.Valid,
                        asOf.Known,
                        asOf.Shown,
                        all.InForceAt(asOf.Valid)?.Fact.Id,
                        [.. all.All.Where(a => a.MadeAt <= asOf.Valid).Reverse().Select(a => AssessmentView.Of(a, asOf.Method))]),
                    GeoJson.Options);
            })
            .Says("List a relationship's assessments", "What analysts judged its posture to be, the last first, and which is in force: the last made by V that has not expired at V and is not withdrawn as known at K.")
            .Produces<AssessmentsView>();

        assessments.MapPost("", async (string dyad, HttpContext http, Recorder recorder, TimeProvider clock, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<AssessmentDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check(clock.GetUtcNow()));
                return await recorder.RecordAndAnswer(new AssessPosture(Call.Of(http, bytes), WholeLists.DyadNamed(dyad), draft), http);
            })
            .Takes<AssessmentDraft>("Assess a posture", "An analyst's rung with reason and perhaps expiry, shown beside the computed one; it never replaces it and enters no number. The same again while it is in force is answered 200.")
            .Produces<AssessmentView>(201).Produces<AssessmentView>();

        assessments.MapPost("/{id}/withdrawal", async (string dyad, string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (call, draft) = await Reasons.Read(http, cancel);
                return await recorder.RecordAndAnswer(new WithdrawAssessment(call, WholeLists.DyadNamed(dyad), id, draft), http);
            })
            .Takes<ReasonDraft>("Withdraw an assessment", "It stays readable, and the one before it is in force again unless that has expired. If-Match takes the ETag of the list.")
            .NeedsIfMatch()
            .Produces<AssessmentView>();
    }
}
