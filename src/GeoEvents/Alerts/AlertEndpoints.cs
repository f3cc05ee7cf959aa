using GeoEvents.Hosting;
using GeoEvents.Recording;

namespace GeoEvents.Alerts;

/// <summary>The addresses of alerts.</summary>
public static class AlertEndpoints
{
    public static void MapAlerts(this RouteGroupBuilder workspace)
    {
        var alerts = workspace.MapGroup("/alerts").WithTags("alerts");

        alerts.MapGet("", async (
                string workspace, [AsParameters] AlertQuery query, [AsParameters] AsOfQuery at, string? limit, string? after,
                AlertReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, before) = await AlertReader.Start(asOfReader, workspace, at, after, cancel);
                return (await reader.Find(workspace, query, asOf, before, PageSize.Read(limit), cancel)).Answer(http);
            })
            .Says("List alerts", "The last fired first: those that had fired by V, as they were at V, as known at K. `severity` is that or worse; `actor` is one side of the dyad; `from` and `to` are of the firing.")
            .Produces<Page<AlertLine>>();

        alerts.MapGet("/groups", async (
                string workspace, string? by, [AsParameters] AlertQuery query, [AsParameters] AsOfQuery at, string? limit, string? after,
                AlertReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, skip) = await WholeLists.Start(asOfReader, workspace, at, after, cancel);
                return WholeLists.Of(await reader.Groups(workspace, by, query, asOf, cancel), asOf, skip, PageSize.Read(limit)).Answer(http);
            })
            .Says("Group alerts", "How many there are `by` dyad, rule, severity or day (UTC), how many are open, the worst of them and the last. Takes the filters of the list.")
            .Produces<Page<AlertGroup>>();

        alerts.MapGet("/{id}", async (
                string workspace, string id, [AsParameters] AsOfQuery at, AlertReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var episode = await reader.Episode(workspace, id, await asOfReader.Read(workspace, at, cancel), cancel);
                http.Response.Headers.ETag = $"\"{episode.Alert.Version}\"";
                return Results.Json(episode, GeoJson.Options);
            })
            .Says("Read an alert", "The episode: what it fired on, the incidents it rests on with their titles as of K, what was recorded of the relationship while it was open, and its whole history; as it was at V.")
            .Produces<EpisodeView>();

        alerts.MapGet("/{id}/facts", async (
                string workspace, string id, [AsParameters] AsOfQuery at, string? limit, string? after, AlertReader reader, AsOfReader asOfReader, HttpContext http, CancellationToken cancel) =>
            {
                var (asOf, before) = await AlertReader.Start(asOfReader, workspace, at, after, cancel);
                return (await reader.Facts(workspace, id, asOf, before, PageSize.Read(limit), cancel)).Answer(http);
            })
            .Says("List the facts of an episode", "What was recorded of its relationship after it opened, until it ended or K, of incidents that had happened by V; the last first.")
            .Produces<Page<EpisodeFact>>();

        alerts.MapGet("/{id}/receipt", async (string workspace, string id, [AsParameters] AsOfQuery at, AlertReader reader, AsOfReader asOfReader, CancellationToken cancel) =>
            {
                var asOf = await asOfReader.Read(workspace, at, cancel);
                var alert = await reader.Read(workspace, id, asOf, cancel);
                return Results.Json(
                    new ReceiptView(alert.Id, alert.Rule, alert.Dyad, alert.State, alert.Receipts, alert.RecalledBy, alert.Amendments, asOf.Known, asOf.Shown), GeoJson.Options);
            })
            .Says("Read an alert's receipt", "Rule version, method, log position, values and incident revisions that it fired on, as they were stored, and what recalled or amended it since.")
            .Produces<ReceiptView>();

        alerts.MapPost("/{id}/receipt/verify", async (string workspace, string id, AlertVerifier verifier, CancellationToken cancel) =>
                Results.Json(await verifier.Verify(workspace, id, cancel), GeoJson.Options))
            .Says("Verify an alert's receipt", "Computes it anew from the log, by the rule's version, method and point that it names, and says whether the same values come out (to 1e-9).")
            .RecordsNothing()
            .Produces<AlertVerification>();

        alerts.MapPost("/{id}/acknowledgement", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<AcknowledgementDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new AcknowledgeAlert(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<AcknowledgementDraft>("Acknowledge an alert", "Whoever asks has seen it (X-User), and perhaps says something. The same again changes nothing.")
            .Produces<AlertView>();

        alerts.MapPost("/{id}/assignment", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<AssignmentDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new AssignAlert(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<AssignmentDraft>("Assign an alert", "Who is to see to it; without a name nobody is any more. The same again changes nothing.")
            .Produces<AlertView>();

        alerts.MapPost("/{id}/annotations", async (string id, HttpContext http, Recorder recorder, CancellationToken cancel) =>
            {
                var (draft, bytes) = await Body.Read<AnnotationDraft>(http.Request, cancel);
                InvalidRequestException.ThrowIfAny(draft.Check());
                return await recorder.RecordAndAnswer(new AnnotateAlert(Call.Of(http, bytes), id, draft), http);
            })
            .Takes<AnnotationDraft>("Annotate an alert", "A note of whoever asks (X-User), kept for good. What they said last, said again, changes nothing.")
            .Produces<AlertView>();
    }
}
